/** A Hono worker that answers a small object: what the framework and workerd cost before anything is done. */
import { Hono } from 'hono'

const health = { status: 'healthy', version: '7.0.0', module: 'shub', uptime_seconds: 1234.5 }

export default new Hono().get('*', (c) => c.json(health))
