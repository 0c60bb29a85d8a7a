/** A Hono route that answers a small object: what the framework costs before anything is done with it. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const health = { status: 'healthy', version: '7.0.0', module: 'shub', uptime_seconds: 1234.5 }
const app = new Hono().get('*', (c) => c.json(health))

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' })
