/** Serves shub's health, readiness and schema from the cache for their time, or longer where allowed (contract S3). */
import type { StaleRule, StaleView } from '../../config/stale.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { isObject } from '../../lib/json-object.ts'
import { readJsonText } from '../../lib/read-body.ts'
import type { Deps } from '../../ports/index.ts'
import { askUpstream } from '../../upstream/connect.ts'
import { dormantUpstream } from '../../upstream/target.ts'

type CachedReadDeps = Pick<Deps, 'background' | 'config' | 'cache' | 'clock' | 'upstreams' | 'metrics'>

export interface CachedRead {
  key: string
  view: StaleView
  /** The path at shub. */
  target: string
  ttlMs: number
  firstByteMs: number
}

export const cachedReads = (config: Deps['config']) =>
  ({
    health: {
      key: 'shub:health',
      view: 'shub/health',
      target: '/health',
      ttlMs: config.cache.healthTtlMs,
      firstByteMs: 2000,
    },
    ready: { key: 'shub:ready', view: 'shub/ready', target: '/ready', ttlMs: 60_000, firstByteMs: 3000 },
    openapi: {
      key: 'shub:openapi',
      view: 'shub/openapi.json',
      target: '/openapi.json',
      ttlMs: 300_000,
      firstByteMs: 5000,
    },
  }) as const satisfies Record<string, CachedRead>

/** Shub's answer as JSON text, which concurrent callers share and which is served without parsing. */
export interface FreshRead {
  status: number
  text: string
  isObject: boolean
}

interface ReadResult extends FreshRead {
  cache: 'HIT' | 'MISS' | 'STALE'
  ageS: number
}

const maxAnswerLength = 4_194_304

/** Rejects with GatewayError: shub is dormant or down, or its answer is no JSON. */
export async function readCached(
  deps: CachedReadDeps,
  share: (key: string, work: () => Promise<FreshRead>) => Promise<FreshRead>,
  read: CachedRead,
  correlationId: string,
): Promise<ReadResult> {
  const { background, config, metrics } = deps
  const stale = config.cache.stale[read.view]
  const kept = await readKept(deps, read)
  metrics.cacheLookup(kept && kept.overdueMs < 0 ? 'hit' : 'miss')
  if (kept && kept.overdueMs < 0) return { ...kept.answer, cache: 'HIT' }
  const refresh = () => share(read.key, () => readThrough(deps, read, correlationId))
  if (kept && kept.overdueMs < stale.whileRevalidateMs) {
    metrics.staleServed('revalidating')
    background(refresh().catch(() => undefined))
    return { ...kept.answer, cache: 'STALE' }
  }
  // Without its address shub is not in trouble, but gone.
  const spare = kept && kept.overdueMs < stale.ifErrorMs && deps.upstreams.shub ? kept.answer : null
  if (!spare) return missed(await refresh())
  const answer = await refresh().catch(() => null)
  if (answer && answer.status < 500) return missed(answer)
  metrics.staleServed('error')
  return { ...spare, cache: 'STALE' }
}

const missed = (answer: FreshRead): ReadResult => ({ ...answer, cache: 'MISS', ageS: 0 })

interface Kept {
  answer: FreshRead & { ageS: number }
  /** Negative before the end of its time. */
  overdueMs: number
}

async function readKept({ cache, clock, config }: CachedReadDeps, { key, ttlMs }: CachedRead): Promise<Kept | null> {
  const entry = config.cache.enabled ? await cache.read<string>(key) : null
  if (typeof entry?.value !== 'string') return null
  const ageMs = Math.max(0, clock.now() - entry.storedAt)
  const answer = { status: 200, text: entry.value, isObject: true, ageS: Math.floor(ageMs / 1000) }
  return { answer, overdueMs: ageMs - ttlMs }
}

/** Only a 200 with a JSON object is worth keeping. */
async function readThrough(deps: CachedReadDeps, read: CachedRead, correlationId: string): Promise<FreshRead> {
  const { config, cache } = deps
  const limits = { firstByteMs: read.firstByteMs }
  const answer = await askUpstream(deps, 'shub', { target: read.target, correlationId, limits })
  if (!answer) throw dormantUpstream('shub')
  const answered = await readJsonText(answer.body, maxAnswerLength)
  if (!answered) throw new GatewayError('gateway_error')
  const fresh = { status: answer.status, text: answered.text.trim(), isObject: isObject(answered.json) }
  if (fresh.status === 200 && fresh.isObject && config.cache.enabled)
    await cache.write(read.key, fresh.text, read.ttlMs + staleMs(config.cache.stale[read.view]))
  return fresh
}

const staleMs = ({ whileRevalidateMs, ifErrorMs }: StaleRule) => Math.max(whileRevalidateMs, ifErrorMs)

/** Adds a member to the object's text; the id needs no escaping (lib/ids.ts). */
export const withCorrelationId = (objectText: string, correlationId: string): string =>
  `${objectText.slice(0, -1)}${/^\{\s*\}$/.test(objectText) ? '' : ','}"correlation_id":"${correlationId}"}`
