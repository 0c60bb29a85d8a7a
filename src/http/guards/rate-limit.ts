/** Refuses a caller that has spent its allowance, with Retry-After (contract shared/limits). */
import type { Context } from 'hono'
import { stormEvent } from '../../announcements.ts'
import type { Principal } from '../../config/principal.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { addressKey } from '../../lib/ip-address.ts'
import { type LimitStorm, limitStorm } from '../../lib/limit-storm.ts'
import type { AppEnv, Deps, LimitRule, LimitVerdict } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import { proxiedRowOf } from '../proxy/prefixes.ts'
import { type Access, accessFor } from './access.ts'
import type { Guard } from './guards.ts'

export type RateLimitDeps = Pick<
  Deps,
  'announce' | 'clock' | 'config' | 'limiter' | 'clientAddress' | 'log' | 'metrics'
>
type Limited = RateLimitDeps & { storm: LimitStorm }
type RuleName = keyof Deps['config']['rateLimit']['perMinute']

/** Polled by orchestrators and VX11's modules; never limited. */
const unlimited = new Set(['/health', '/livez', '/readyz'])

/** A key's own limit goes before the configured one. */
export const limitRule = (config: Deps['config'], name: RuleName, principal?: Principal): LimitRule => ({
  name,
  limit: ownLimit(principal, name) ?? config.rateLimit.perMinute[name],
  windowMs: 60_000,
})

const ownLimit = (principal: Principal | undefined, name: RuleName): number | undefined =>
  principal?.key && name !== 'ip' && name !== 'public' ? principal.key.limits[name] : undefined

/** Refusals within a minute that raise an event. */
const stormThreshold = 100

/** Limits the requests of an address; callers with a valid token are limited as principals instead. */
export const addressLimit = (deps: RateLimitDeps): Guard => {
  const { config } = deps
  let [rule, limits] = [limitRule(config, 'ip'), config.rateLimit]
  const limited = { ...deps, storm: limitStorm(stormThreshold) }
  return function addressLimit(c) {
    if (!isLimited(deps, c) || c.get('principal')) return
    if (limits !== config.rateLimit) [rule, limits] = [limitRule(config, 'ip'), config.rateLimit]
    return spend(limited, c, rule, addressLimitKey(deps, c), () => {})
  }
}

/** The limit of the route's class: by address on public routes, by principal elsewhere. */
export const principalLimit = (deps: RateLimitDeps): Guard => {
  const limited = { ...deps, storm: limitStorm(stormThreshold) }
  return function principalLimit(c) {
    if (!isLimited(deps, c)) return
    const rule = limitRule(deps.config, ruleFor(c), c.get('principal'))
    return spend(limited, c, rule, callerLimitKey(deps, c), (verdict) => {
      addLimitHeaders(c, rule, verdict)
      c.set('limit', { rule: rule.name, remaining: verdict.remaining })
    })
  }
}

/** The class that a request of a route spends; null for those that are never limited. */
export const allowanceOf = (access: Access, path: string): RuleName | null =>
  unlimited.has(path) ? null : ruleOf(access.kind === 'scope', path)

const isLimited = ({ config }: RateLimitDeps, c: Context) => config.rateLimit.enabled && !unlimited.has(c.req.path)

/** The limits of a chat message: its session's, if it names one, and its principal's over all sessions. */
export const chatLimit = (deps: RateLimitDeps) => {
  const limited = { ...deps, storm: limitStorm(stormThreshold) }
  return async function chatLimit(c: Context<AppEnv>, sessionId: string | null): Promise<void> {
    if (!deps.config.rateLimit.enabled) return
    const owner = callerLimitKey(deps, c)
    const perSession = limitRule(deps.config, 'chat', c.get('principal'))
    const perPrincipal = limitRule(deps.config, 'chat_principal', c.get('principal'))
    const onVerdict = (rule: LimitRule) => (verdict: LimitVerdict) => addLimitHeaders(c, rule, verdict)
    if (sessionId === null) return spend(limited, c, perPrincipal, owner, onVerdict(perPrincipal))
    await spend(limited, c, perSession, `session:${owner}:${sessionId}`, onVerdict(perSession))
    await spend(limited, c, perPrincipal, owner, () => {})
  }
}

const ruleFor = (c: Context<AppEnv>) => ruleOf(c.get('principal') !== undefined, c.req.path)

const ruleOf = (hasPrincipal: boolean, path: string): RuleName =>
  hasPrincipal ? (proxiedRowOf(path)?.limit ?? 'user') : 'public'

/** Whose allowance a request spends. */
export const callerLimitKey = ({ clientAddress }: Pick<Deps, 'clientAddress'>, c: Context<AppEnv>) => {
  const principal = c.get('principal')
  return principal ? `principal:${principal.name}` : addressLimitKey({ clientAddress }, c)
}

const addressLimitKey = ({ clientAddress }: Pick<Deps, 'clientAddress'>, c: Context) =>
  `address:${addressKey(clientAddress(c))}`

/** `passed` is not called when the store is down and the request may pass anyway. */
function spend(
  deps: Limited,
  c: Context<AppEnv>,
  rule: LimitRule,
  key: string,
  passed: (verdict: LimitVerdict) => void,
): void | Promise<void> {
  const judge = (verdict: LimitVerdict) => {
    if (!verdict.allowed) overLimit(deps, c, rule, verdict)
    if (verdict.fallback) refuseUncounted(deps, c)
    passed(verdict)
  }
  const verdict = deps.limiter.take(key, rule)
  return verdict instanceof Promise ? verdict.then(judge, (error) => storeDown(deps, c, error)) : judge(verdict)
}

/** Refuses, unless limits are only watched: so an operator sees what new numbers would do before they do it. */
function overLimit(deps: Limited, c: Context<AppEnv>, rule: LimitRule, verdict: LimitVerdict): void {
  const { isShadow } = deps.config.rateLimit
  const refused = deps.storm.refused(rule.name, deps.clock.monotonic())
  if (refused !== undefined) deps.announce(stormEvent(rule.name, refused, isShadow))
  if (isShadow) {
    deps.metrics.limitShadowed(rule.name)
    return
  }
  deps.metrics.requestLimited(rule.name)
  addLimitHeaders(c, rule, verdict)
  const seconds = Math.max(1, Math.ceil(verdict.retryAfterMs / 1000))
  throw new GatewayError('too_many_requests', {
    retryAfterMs: verdict.retryAfterMs,
    detail: `Rate limit exceeded. Retry after ${seconds}s`,
  })
}

/** Reads pass without a limit; changes that need scope `admin` are refused. */
function storeDown(deps: RateLimitDeps, c: Context, error: unknown): void {
  deps.log.warn('limiter_unavailable', { reason: error instanceof Error ? error.message : 'unknown' })
  refuseUncounted(deps, c)
}

/** Changes that need scope `admin` wait until they are counted for all instances. */
function refuseUncounted({ config }: RateLimitDeps, c: Context): void {
  const access = accessFor(config, c.req.method, c.req.path)
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)
  if (changes && access.kind === 'scope' && access.scope === 'admin') throw new GatewayError('limiter_unavailable')
}

/** draft-ietf-httpapi-ratelimit-headers-10: q = quota, w = window, r = remaining, t = seconds to the full quota. */
function addLimitHeaders(c: Context<AppEnv>, rule: LimitRule, verdict: LimitVerdict) {
  addHeader(c, 'ratelimit-policy', `"${rule.name}";q=${rule.limit};w=${rule.windowMs / 1000}`)
  addHeader(c, 'ratelimit', `"${rule.name}";r=${verdict.remaining};t=${Math.ceil(verdict.resetMs / 1000)}`)
}
