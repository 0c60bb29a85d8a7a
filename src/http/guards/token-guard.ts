/** Refuses a call whose token or ticket does not open its route, and limits wrong tokens per address. */
import type { Context } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { addressKey } from '../../lib/ip-address.ts'
import type { Deps, LimitRule, LimitVerdict } from '../../ports/index.ts'
import { accessFor, isShubPath } from './access.ts'
import { readCredential } from './credential.ts'
import type { Guard } from './guards.ts'

type TokenGuardDeps = Pick<Deps, 'config' | 'limiter' | 'clientAddress' | 'log' | 'metrics'>

/** Wrong tokens per address and minute; further ones are answered 429. A right token always passes. */
export const authFailureRule: LimitRule = { name: 'auth', limit: 60, windowMs: 60_000 }

/** Comes after identify.ts. */
export const tokenGuard = (deps: TokenGuardDeps): Guard => {
  const refuseGuess = guessLimit(deps)
  return function tokenGuard(c) {
    const access = accessFor(deps.config, c.req.method, c.req.path)
    if (access.kind === 'public') return
    const principal = c.get('principal')
    if (principal?.scopes.includes(access.scope)) return
    if (principal) throw new GatewayError('forbidden')
    // A missing token is no guess: any page can make a browser send such a request.
    if (readCredential(c).kind === 'none') throw missing(c)
    return refuseGuess(c)
  }
}

const missing = (c: Context) =>
  isShubPath(c.req.path)
    ? new GatewayError('forbidden', { detail: 'Send a token as X-VX11-GW-TOKEN or X-VX11-Token.' })
    : new GatewayError('auth_required')

/** While the limit store is down nothing is counted. */
function guessLimit({ config, limiter, clientAddress, log, metrics }: TokenGuardDeps) {
  const storeDown = (error: unknown) => {
    log.warn('limiter_unavailable', { reason: error instanceof Error ? error.message : 'unknown' })
  }
  const spend = async (c: Context): Promise<LimitVerdict> =>
    limiter.take(`address:${addressKey(clientAddress(c))}`, authFailureRule)
  return async function refuseGuess(c: Context): Promise<never> {
    const verdict = config.rateLimit.enabled ? await spend(c).catch(storeDown) : undefined
    if (!verdict || verdict.allowed) throw new GatewayError('forbidden')
    metrics.requestLimited(authFailureRule.name)
    throw new GatewayError('too_many_requests', { retryAfterMs: verdict.retryAfterMs })
  }
}
