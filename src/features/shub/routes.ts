/** The way to the audio engine: three cached public reads, two routes of the gateway's own, and the proxy. */
import { type Context, Hono } from 'hono'
import type { GenericSchema } from 'valibot'
import { answerWith } from '../../http/answer/answer.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { Revalidation, revalidated } from '../../http/answer/revalidation.ts'
import { noteAct } from '../../http/audit/note-act.ts'
import { callerLimitKey, limitRule } from '../../http/guards/rate-limit.ts'
import { type ProxiedRouteDeps, proxiedRoute } from '../../http/proxy/proxied-route.ts'
import { describe } from '../../http/routing/describe.ts'
import { takesHeaders } from '../../http/routing/parameters.ts'
import { singleFlight } from '../../lib/single-flight.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { type CachedRead, cachedReads, type FreshRead, readCached, withCorrelationId } from './cached-read.ts'
import { readDashboard, ShubDashboard } from './dashboard.ts'
import {
  CacheCleared,
  type RateLimitStatus,
  RateLimitStatus as RateLimitStatusSchema,
  ShubHealth,
  ShubObject,
} from './schema.ts'

type ShubDeps = ProxiedRouteDeps & Pick<Deps, 'background' | 'cache' | 'limiter'>

const describeRead = (id: string, summary: string, answer: GenericSchema, revalidates = false) =>
  describe({
    ...{ id, tag: 'Shub', summary, answers: { 200: answer }, revalidates },
    errors: ['gateway_error', 'shub_unavailable'],
  })

/** Longer than the slowest cached read may take to its first byte. */
const timeoutMs = 6000

export const shubRoutes = (deps: ShubDeps) => {
  const reads = cachedReads(deps.config)
  const share = singleFlight<FreshRead>(deps.clock, timeoutMs)
  const answer = async (c: Context<AppEnv>, read: CachedRead) => {
    const correlationId = c.get('correlationId')
    const { status, text, isObject, cache, ageS } = await readCached(deps, share, read, correlationId)
    const fields = { 'content-type': 'application/json', 'x-cache': cache, age: String(ageS) }
    const named = read === reads.health && isObject
    return answerWith(c, status, fields, named ? withCorrelationId(text, correlationId) : text)
  }
  return new Hono<AppEnv>()
    .get(
      '/health',
      describeRead('getShubHealth', 'Shub’s health, at most 60 s old; X-Cache and Age say how old', ShubHealth),
      (c) => answer(c, reads.health),
    )
    .get(
      '/ready',
      describeRead('getShubReadiness', 'Shub’s readiness as it reports it, at most 60 s old', ShubObject),
      (c) => answer(c, reads.ready),
    )
    .get(
      '/openapi.json',
      describeRead('getShubOpenApi', 'Shub’s own interface, at most 300 s old', ShubObject, true),
      takesHeaders(Revalidation),
      revalidated,
      (c) => answer(c, reads.openapi),
    )
    .get(
      '/dashboard',
      describe({
        id: 'getShubDashboard',
        tag: 'Shub',
        summary: 'Shub’s health, readiness and status in one, each with the reason why it is missing',
        answers: { 200: ShubDashboard },
        errors: ['forbidden', 'too_many_requests'],
      }),
      noStore,
      async (c) => c.json(await readDashboard(deps, c.get('correlationId'))),
    )
    .post(
      '/cache/clear',
      describe({
        id: 'clearShubCache',
        tag: 'Shub',
        summary: 'Forgets what is cached of shub',
        answers: { 200: CacheCleared },
        errors: ['forbidden', 'too_many_requests'],
      }),
      async (c) => {
        const keys = Object.values(reads).map((read) => read.key)
        const deleted = await deps.cache.remove(keys)
        noteAct(c, { target: 'shub', after: { keys_deleted: deleted } })
        return c.json({ status: 'cleared', keys_deleted: deleted, timestamp: deps.clock.now() / 1000 } as const)
      },
    )
    .get(
      '/rate-limit/status',
      describe({
        id: 'getShubRateLimit',
        tag: 'Shub',
        summary: 'What is left of the caller’s allowance',
        answers: { 200: RateLimitStatusSchema },
        errors: ['forbidden', 'too_many_requests'],
      }),
      async (c) => c.json(await readRateLimit(deps, c)),
    )
    .all('/*', proxiedRoute(deps, 'shub'))
}

async function readRateLimit(deps: ShubDeps, c: Context<AppEnv>): Promise<RateLimitStatus> {
  const common = { status: 'ok', timestamp: deps.clock.now() / 1000, correlation_id: c.get('correlationId') } as const
  if (!deps.config.rateLimit.enabled) return { ...common, rate_limit: { enabled: false } }
  const rule = limitRule(deps.config, 'protected', c.get('principal'))
  const { remaining, resetMs } = await deps.limiter.peek(callerLimitKey(deps, c), rule)
  return {
    ...common,
    rate_limit: {
      enabled: true,
      identifier: c.get('principal')?.name ?? 'unknown',
      limit: rule.limit,
      requests_in_window: rule.limit - remaining,
      remaining,
      ttl_seconds: Math.ceil(resetMs / 1000),
    },
  }
}
