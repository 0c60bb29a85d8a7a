/** Lets the configured origins read the gateway's answers, errors included, from a browser. */
import { cors as honoCors } from 'hono/cors'
import type { Deps } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import type { Guard } from './guards.ts'

const exposed = ['X-Correlation-ID', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Cache', 'Age']

export const cors = ({ config }: Pick<Deps, 'config'>): Guard => {
  const allowed = new Set(config.allowedOrigins)
  const answer = honoCors({
    origin: (origin) => (allowed.has(origin) ? origin : null),
    credentials: true,
    exposeHeaders: exposed,
    maxAge: 600,
  })
  return function cors(c) {
    if (allowed.size > 0) addHeader(c, 'vary', 'Origin')
    // Without an allowed origin there is nothing to say, and the answer keeps its fast path.
    if (!allowed.has(c.req.header('origin') ?? '')) return
    return answer(c, goOn)
  }
}

const goOn = async () => {}
