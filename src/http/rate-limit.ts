/** Refuses a caller that has spent its allowance, and says when to come back (product limits; contract §3.4). */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { GatewayError } from '../errors.ts'
import { stormEvent } from '../events/gateway-events.ts'
import { type LimitStorm, limitStorm } from '../lib/limit-storm.ts'
import type { AppEnv, Deps, LimitRule, LimitVerdict } from '../ports.ts'
import { accessFor } from './access.ts'
import { addHeader } from './answer.ts'

type RateLimitDeps = Pick<Deps, 'announce' | 'clock' | 'config' | 'limiter' | 'clientAddress' | 'log' | 'metrics'>
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
export const addressLimit = (deps: RateLimitDeps) => {
  const rule = limitRule(deps.config, 'ip')
  const watched = { ...deps, storm: limitStorm(stormThreshold) }
  return createMiddleware<AppEnv>(async function addressLimit(c, next) {
    if (deps.config.rateLimit.enabled && !unlimited.has(c.req.path)) {
      await spend(watched, c, rule, `address:${deps.clientAddress(c)}`)
    }
    await next()
  })
}

/** The allowance of the route's class: by address where anybody may call, by principal elsewhere. */
export const principalLimit = (deps: RateLimitDeps) => {
  const watched = { ...deps, storm: limitStorm(stormThreshold) }
  return createMiddleware<AppEnv>(async function principalLimit(c, next) {
    if (deps.config.rateLimit.enabled && !unlimited.has(c.req.path)) {
      const name = ruleFor(c)
      const rule = limitRule(deps.config, name)
      const verdict = await spend(watched, c, rule, limitKey(deps, c))
      if (verdict) {
        tell(c, rule, verdict)
        c.set('limit', { rule: rule.name, remaining: verdict.remaining })
      }
    }
    await next()
  })
}

function ruleFor(c: Context<AppEnv>): RuleName {
  if (!c.get('principal')) return 'public'
  return /^\/(shub|madre|switch)(\/|$)/.test(c.req.path) ? 'protected' : 'user'
}

/** Whose allowance a request spends; rules never share a key. */
export const limitKey = ({ clientAddress }: Pick<Deps, 'clientAddress'>, c: Context<AppEnv>) => {
  const principal = c.get('principal')
  return principal ? `principal:${principal.name}` : `address:${clientAddress(c)}`
}

/** Null when the store is down and the request may pass nevertheless. */
async function spend(deps: RateLimitDeps & { storm: LimitStorm }, c: Context<AppEnv>, rule: LimitRule, key: string) {
  const verdict = await deps.limiter.take(key, rule).catch((error: unknown) => storeDown(deps, c, error))
  if (!verdict || verdict.allowed) return verdict
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
function storeDown({ config, log }: RateLimitDeps, c: Context, error: unknown): null {
  log.warn('limiter_unavailable', { reason: error instanceof Error ? error.message : 'unknown' })
  const access = accessFor(config, c.req.method, c.req.path)
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)
  if (changes && access.kind === 'scope' && access.scope === 'admin') throw new GatewayError('limiter_unavailable')
  return null
}

/** draft-ietf-httpapi-ratelimit-headers-10: q = quota, w = window, r = remaining, t = seconds to the full quota. */
function tell(c: Context<AppEnv>, rule: LimitRule, verdict: LimitVerdict) {
  addHeader(c, 'ratelimit-policy', `"${rule.name}";q=${rule.limit};w=${rule.windowMs / 1000}`)
  addHeader(c, 'ratelimit', `"${rule.name}";r=${verdict.remaining};t=${Math.ceil(verdict.resetMs / 1000)}`)
}
