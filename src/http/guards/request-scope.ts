/**
 * The one middleware of every request: trace, access log, guards, metrics, audit and gathered headers. In one, because
 * each of its own would cost two promises (docs/performance.md).
 */
import type { ErrorHandler, MiddlewareHandler } from 'hono'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { type AccessLogDeps, accessLog } from '../answer/access-log.ts'
import { giveGathered, startGathering } from '../answer/answer.ts'
import { compressOwn } from '../answer/compress.ts'
import { type TracedRequestDeps, tracedRequest } from '../answer/traced-request.ts'
import { type AuditRequestDeps, auditRequest } from '../audit/audit-request.ts'
import type { RouteHandler } from '../router/one-handler.ts'
import type { Guard } from './guards.ts'

type RequestScopeDeps = AccessLogDeps & AuditRequestDeps & TracedRequestDeps & Pick<Deps, 'compress'>

/** What a guard or the route throws is answered by `onError`, so that a failure is logged and counted like any answer. */
export const requestScope = (
  deps: RequestScopeDeps,
  guard: Guard,
  onError: ErrorHandler<AppEnv>,
): MiddlewareHandler<AppEnv> => {
  const log = accessLog(deps)
  return tracedRequest(deps, async function outermost(c, next: RouteHandler) {
    startGathering(c)
    log.requestCame(c)
    try {
      const verdict = guard(c)
      const answer = (verdict instanceof Promise ? await verdict : verdict) ?? (await next())
      // Hono's own next gives the context, which has the answer by then.
      if (answer && answer !== c) c.res = answer as Response
    } catch (error) {
      if (!(error instanceof Error)) throw error
      c.error = error
      c.res = await onError(error, c)
    }
    const audit = auditRequest(deps, c)
    if (audit) await audit
    log.requestFinished(c)
    giveGathered(c)
    if (deps.compress && c.get('own')) await compressOwn(c, deps.compress)
    return c.res
  })
}
