/** @fastify/http-proxy as its readme starts it: undici behind, no logger. */
import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'

const app = Fastify()
await app.register(httpProxy, { upstream: process.env.UPSTREAM_URL ?? '' })
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
