/** Says once per request what was asked and how it was answered, in the log and in the metrics. */
import type { Context } from 'hono'
import type { AppEnv, Deps, LogFields } from '../../ports/index.ts'
import { knownMethod, routeTemplate } from '../routing/route-template.ts'

export type AccessLogDeps = Pick<Deps, 'log' | 'metrics' | 'clock'>

export const accessLog = ({ log, metrics, clock }: AccessLogDeps) => ({
  requestCame(c: Context<AppEnv>): void {
    c.set('startedAt', clock.monotonic())
  },

  requestFinished(c: Context<AppEnv>): void {
    const method = knownMethod(c)
    const route = routeTemplate(c)
    // A Response cannot be 101 on Node, where the socket is taken out of HTTP's hands.
    const status = c.get('upgraded') ? 101 : c.res.status
    const durationMs = clock.monotonic() - c.get('startedAt')
    const principal = c.get('principal')
    metrics.requestFinished({ method, route, status, durationMs })
    const fields: LogFields = {
      correlation_id: c.get('correlationId'),
      method,
      route,
      status,
      duration_ms: Math.round(durationMs * 100) / 100,
    }
    if (principal) fields.principal = principal.name
    log.info('request', fields)
  },
})
