/** Refuses a path that two parsers could read in two ways, before anything else looks at it. */
import { createMiddleware } from 'hono/factory'
import { GatewayError } from '../errors.ts'
import type { AppEnv, Deps } from '../ports.ts'
import { isSafeTarget } from '../upstream/path.ts'

export const requestTarget = (deps: Pick<Deps, 'requestTarget'>) =>
  createMiddleware<AppEnv>(async function requestTarget(c, next) {
    if (!isSafeTarget(deps.requestTarget(c))) throw new GatewayError('bad_request_target')
    await next()
  })
