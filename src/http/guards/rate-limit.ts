/** Refuses a caller that has spent its allowance, and says when to come back (contract shared/limits). */
import type { Context } from 'hono'
import { stormEvent } from '../../announcements.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { type LimitStorm, limitStorm } from '../../lib/limit-storm.ts'
import type { AppEnv, Deps, LimitRule, LimitVerdict } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import { proxiedRowOf } from '../proxy/prefixes.ts'
import { accessFor } from './access.ts'
import type { Guard } from './guards.ts'

export type RateLimitDeps = Pick<
  Deps,
  'announce' | 'clock' | 'config' | 'limiter' | 'clientAddress' | 'log' | 'metrics'
>
type Limited = RateLimitDeps & { storm: LimitStorm }
type RuleName = keyof Deps['config']['rateLimit']['perMinute']

/** What orchestrators and VX11's modules poll; it must answer whatever else happens. */
const unlimited = new Set(['/health', '/livez', '/readyz'])

export const limitRule = (config: Deps['config'], name: RuleName): LimitRule => ({
  name,
  limit: config.rateLimit.perMinute[name],
  windowMs: 60_000,
})

/** Refusals within a minute that somebody should know of. */
const stormThreshold = 100

/** Every request of an address, before anything is known about its sender. */
export const addressLimit = (deps: RateLimitDeps): Guard => {
  const rule = limitRule(deps.config, 'ip')
  const limited = { ...deps, storm: limitStorm(stormThreshold) }
  return function addressLimit(c) {
    if (isLimited(deps, c)) return spend(limited, c, rule, `address:${deps.clientAddress(c)}`, () => {})
  }
}

/** The allowance of the route's class: by address where anybody may call, by principal elsewhere. */
export const principalLimit = (deps: RateLimitDeps): Guard => {
  const limited = { ...deps, storm: limitStorm(stormThreshold) }
  return function principalLimit(c) {
    if (!isLimited(deps, c)) return
    const rule = limitRule(deps.config, ruleFor(c))
    return spend(limited, c, rule, callerLimitKey(deps, c), (verdict) => {
      tell(c, rule, verdict)
      c.set('limit', { rule: rule.name, remaining: verdict.remaining })
    })
  }
}

const isLimited = ({ config }: RateLimitDeps, c: Context) => config.rateLimit.enabled && !unlimited.has(c.req.path)

/** The allowance of a chat message: its session's, where it names one, and its principal's. */
export const chatLimit = (deps: RateLimitDeps) => {
  const rule = limitRule(deps.config, 'chat')
  const limited = { ...deps, storm: limitStorm(stormThreshold) }
  return async function chatLimit(c: Context<AppEnv>, sessionId: string | null): Promise<void> {
    if (!deps.config.rateLimit.enabled) return
    const owner = callerLimitKey(deps, c)
    if (sessionId !== null) await spend(limited, c, rule, `session:${owner}:${sessionId}`, () => {})
    await spend(limited, c, rule, owner, (verdict) => tell(c, rule, verdict))
  }
}

function ruleFor(c: Context<AppEnv>): RuleName {
  if (!c.get('principal')) return 'public'
  return proxiedRowOf(c.req.path)?.limit ?? 'user'
}

/** Whose allowance a request spends; rules never share a key. */
export const callerLimitKey = ({ clientAddress }: Pick<Deps, 'clientAddress'>, c: Context<AppEnv>) => {
  const principal = c.get('principal')
  return principal ? `principal:${principal.name}` : `address:${clientAddress(c)}`
}

/** `passed` is not told when the store is down and the request may pass nevertheless. */
function spend(
  deps: Limited,
  c: Context<AppEnv>,
  rule: LimitRule,
  key: string,
  passed: (verdict: LimitVerdict) => void,
): void | Promise<void> {
  const judge = (verdict: LimitVerdict) => (verdict.allowed ? passed(verdict) : refuse(deps, c, rule, verdict))
  const verdict = deps.limiter.take(key, rule)
  return verdict instanceof Promise ? verdict.then(judge, (error) => storeDown(deps, c, error)) : judge(verdict)
}

function refuse(deps: Limited, c: Context<AppEnv>, rule: LimitRule, verdict: LimitVerdict): never {
  deps.metrics.requestLimited(rule.name)
  const refused = deps.storm.refused(rule.name, deps.clock.now())
  if (refused !== undefined) deps.announce(stormEvent(rule.name, refused))
  tell(c, rule, verdict)
  const seconds = Math.max(1, Math.ceil(verdict.retryAfterMs / 1000))
  throw new GatewayError('too_many_requests', {
    retryAfterMs: verdict.retryAfterMs,
    detail: `Rate limit exceeded. Retry after ${seconds}s`,
  })
}

/** Reads go on without a limit; a change with administrative power waits until it can be counted. */
function storeDown({ config, log }: RateLimitDeps, c: Context, error: unknown): void {
  log.warn('limiter_unavailable', { reason: error instanceof Error ? error.message : 'unknown' })
  const access = accessFor(config, c.req.method, c.req.path)
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)
  if (changes && access.kind === 'scope' && access.scope === 'admin') throw new GatewayError('limiter_unavailable')
}

/** draft-ietf-httpapi-ratelimit-headers-10: q = quota, w = window, r = remaining, t = seconds to the full quota. */
function tell(c: Context<AppEnv>, rule: LimitRule, verdict: LimitVerdict) {
  addHeader(c, 'ratelimit-policy', `"${rule.name}";q=${rule.limit};w=${rule.windowMs / 1000}`)
  addHeader(c, 'ratelimit', `"${rule.name}";r=${verdict.remaining};t=${Math.ceil(verdict.resetMs / 1000)}`)
}
