/** The outermost middleware: trace, access log, metrics, audit and gathered headers, in one for the reason in guards.ts. */
import type { MiddlewareHandler } from 'hono'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { type AccessLogDeps, accessLog } from '../answer/access-log.ts'
import { giveGathered, startGathering } from '../answer/answer.ts'
import { compressOwn } from '../answer/compress.ts'
import { type TracedRequestDeps, tracedRequest } from '../answer/traced-request.ts'
import { type AuditRequestDeps, auditRequest } from '../audit/audit-request.ts'

export const requestScope = (
  deps: AccessLogDeps & AuditRequestDeps & TracedRequestDeps & Pick<Deps, 'compress'>,
): MiddlewareHandler<AppEnv> => {
  const log = accessLog(deps)
  return tracedRequest(deps, async function outermost(c, next) {
    startGathering(c)
    log.requestCame(c)
    await next()
    const audit = auditRequest(deps, c)
    if (audit) await audit
    log.requestFinished(c)
    giveGathered(c)
    if (deps.compress && c.get('own')) await compressOwn(c, deps.compress)
  })
}
