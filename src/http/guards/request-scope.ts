/** The outermost middleware: access log, metrics and gathered answer headers, in one for the reason in guards.ts. */
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../../ports/index.ts'
import { type AccessLogDeps, accessLog } from '../answer/access-log.ts'
import { giveGathered, startGathering } from '../answer/answer.ts'

export const requestScope = (deps: AccessLogDeps): MiddlewareHandler<AppEnv> => {
  const log = accessLog(deps)
  return async function outermost(c, next) {
    startGathering(c)
    log.requestCame(c)
    await next()
    log.requestFinished(c)
    giveGathered(c)
  }
}
