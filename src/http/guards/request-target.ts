/** Refuses a path that two parsers could read differently, before anything else uses it. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Deps } from '../../ports/index.ts'
import { isSafeTarget } from '../../upstream/path.ts'
import type { Guard } from './guards.ts'

export const requestTarget = (deps: Pick<Deps, 'requestTarget'>): Guard =>
  function requestTarget(c) {
    if (!isSafeTarget(deps.requestTarget(c))) throw new GatewayError('bad_request_target')
  }
