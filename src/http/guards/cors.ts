/** CORS for the configured origins; errors carry the headers too. */
import type { Context } from 'hono'
import { cors as honoCors } from 'hono/cors'
import type { Deps } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import type { Guard } from './guards.ts'

const exposed = [
  'X-Correlation-ID',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'X-Cache',
  'Age',
  'Content-Disposition',
  'Server-Timing',
  'Link',
  'Location',
  'ETag',
  'Allow',
  'X-VX11-Decision',
  'X-VX11-Ignored-Parameters',
  'X-VX11-Woken',
].join(',')

/** Hono answers preflights. Other answers get their fields with those of the gateway, which joins what both may say. */
export const cors = ({ config }: Pick<Deps, 'config'>): Guard => {
  const allowed = new Set(config.allowedOrigins)
  const preflight = honoCors({
    origin: (origin) => (allowed.has(origin) ? origin : null),
    credentials: true,
    maxAge: 600,
  })
  return function cors(c) {
    if (allowed.size > 0) addHeader(c, 'vary', 'Origin')
    const origin = c.req.header('origin')
    // Without an allowed origin no header is needed, and the answer keeps its fast path.
    if (origin === undefined) return
    if (isPreflight(c)) return allowed.has(origin) ? preflight(c, goOn) : c.body(null, 204)
    if (!allowed.has(origin)) return
    addHeader(c, 'access-control-allow-origin', origin)
    addHeader(c, 'access-control-allow-credentials', 'true')
    addHeader(c, 'access-control-expose-headers', exposed)
  }
}

/** A browser's question, not a call (WHATWG Fetch): it carries no token, and spends no allowance. */
const isPreflight = (c: Context): boolean =>
  c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined

const goOn = async () => {}
