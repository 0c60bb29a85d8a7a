/** Relays a login to the operator backend, at most ten tries a minute per address (contract Q-58). */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Deps, LimitRule } from '../../ports/index.ts'
import { type RelayDeps, type Relayed, relay } from '../../upstream/relay.ts'
import { dormantUpstream } from '../../upstream/target.ts'
import type { Login } from './schema.ts'

export type LoginDeps = RelayDeps & Pick<Deps, 'limiter'>

export const loginRule: LimitRule = { name: 'login', limit: 10, windowMs: 60_000 }

const upstream = 'operator'

export async function login(deps: LoginDeps, json: Login, correlationId: string): Promise<Relayed> {
  const answer = await relay(deps, { upstream, target: '/auth/login', json, correlationId }).catch(refusedLogin)
  if (answer.status === 403) throw new GatewayError('login_failed')
  return offered(answer)
}

/** At login an upstream 401 is about the caller's password, not about the gateway's token. */
function refusedLogin(error: unknown): never {
  const isRefused = error instanceof GatewayError && error.code === 'upstream_auth_failed'
  throw isRefused ? new GatewayError('login_failed') : error
}

/** Before the body is read: refuses a dormant backend, and spends a try of the caller's address key. */
export async function admitLogin({ limiter, upstreams }: LoginDeps, address: string): Promise<void> {
  if (!upstreams[upstream]) throw dormantUpstream(upstream)
  const verdict = await Promise.resolve(limiter.take(`login:${address}`, loginRule)).catch(() => {
    throw new GatewayError('limiter_unavailable')
  })
  if (!verdict.allowed) throw new GatewayError('too_many_requests', { retryAfterMs: verdict.retryAfterMs })
}

export const logout = async (deps: LoginDeps, correlationId: string): Promise<Relayed> =>
  offered(await relay(deps, { upstream, target: '/auth/logout', json: {}, correlationId }))

function offered(answer: Relayed): Relayed {
  if (answer.status !== 404 && answer.status !== 405) return answer
  throw new GatewayError('not_implemented', { detail: 'The operator backend offers no login. Send a token instead.' })
}
