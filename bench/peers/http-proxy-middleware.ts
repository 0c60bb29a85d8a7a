/** http-proxy-middleware in an express application, with connections to the upstream kept open. */
import { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { createProxyMiddleware } from 'http-proxy-middleware'

/** What the bench needs of express, whose types are a package of their own. */
type Express = () => {
  use(handler: (request: IncomingMessage, response: ServerResponse) => unknown): void
  listen(port: number, host: string): void
}
const express: Express = createRequire(import.meta.url)('express')

const agent = new Agent({ keepAlive: true, maxSockets: 1024 })
const app = express()
app.use(createProxyMiddleware({ target: process.env.UPSTREAM_URL ?? '', agent }))
app.listen(Number(process.env.PORT), '127.0.0.1')
