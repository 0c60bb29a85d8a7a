/** Serves shub's health, readiness and schema from the cache until they expire (contract S3, shared/cache). */
import { GatewayError } from '../../errors/gateway-error.ts'
import { isObject } from '../../lib/json-object.ts'
import { readJsonText } from '../../lib/read-body.ts'
import type { Deps } from '../../ports/index.ts'
import { askUpstream } from '../../upstream/connect.ts'
import { dormantUpstream } from '../../upstream/target.ts'

type CachedReadDeps = Pick<Deps, 'config' | 'cache' | 'clock' | 'upstreams' | 'metrics'>

export interface CachedRead {
  key: string
  /** The path at shub. */
  target: string
  ttlMs: number
  firstByteMs: number
}

export const cachedReads = (config: Deps['config']) =>
  ({
    health: { key: 'shub:health', target: '/health', ttlMs: config.cache.healthTtlMs, firstByteMs: 2000 },
    ready: { key: 'shub:ready', target: '/ready', ttlMs: 60_000, firstByteMs: 3000 },
    openapi: { key: 'shub:openapi', target: '/openapi.json', ttlMs: 300_000, firstByteMs: 5000 },
  }) as const satisfies Record<string, CachedRead>

/** Shub's answer as JSON text, which concurrent callers share and which is served without parsing. */
export interface FreshRead {
  status: number
  text: string
  isObject: boolean
}

interface ReadResult extends FreshRead {
  cache: 'HIT' | 'MISS'
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
  const entry = deps.config.cache.enabled ? await deps.cache.read<string>(read.key) : null
  deps.metrics.cacheLookup(entry ? 'hit' : 'miss')
  if (typeof entry?.value === 'string') {
    const ageS = Math.max(0, Math.floor((deps.clock.now() - entry.storedAt) / 1000))
    return { status: 200, text: entry.value, isObject: true, cache: 'HIT', ageS }
  }
  const answer = await share(read.key, () => readThrough(deps, read, correlationId))
  return { ...answer, cache: 'MISS', ageS: 0 }
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
    await cache.write(read.key, fresh.text, read.ttlMs)
  return fresh
}

/** Adds a member to the object's text; the id needs no escaping (lib/ids.ts). */
export const withCorrelationId = (objectText: string, correlationId: string): string =>
  `${objectText.slice(0, -1)}${/^\{\s*\}$/.test(objectText) ? '' : ','}"correlation_id":"${correlationId}"}`
