/** A Hono route that answers with what the global fetch brings: the proxy that one writes first. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const upstream = process.env.UPSTREAM_URL ?? ''
const app = new Hono().all('*', (c) => {
  const { method } = c.req
  const init = method === 'GET' ? {} : { body: c.req.raw.body, duplex: 'half' as const }
  return fetch(upstream + c.req.path, { method, ...init })
})

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' })
