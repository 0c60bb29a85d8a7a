/** Asks one upstream for its health within two seconds, without breaker or retries. */
import * as v from 'valibot'
import type { Config, UpstreamName } from '../../config/config.ts'
import { isObject } from '../../lib/json-object.ts'
import type { Clock, HealthReading, Random, Upstreams } from '../../ports/index.ts'
import type { AddressProbe } from '../addresses/pool.ts'
import { askJson } from '../ask.ts'

export interface HealthProbeDeps {
  config: Pick<Config, 'upstreams' | 'upstreamToken' | 'upstreamHeaders'>
  probes: Upstreams
  /** Null where the upstream has one address. */
  addressProbes?: (name: UpstreamName) => readonly AddressProbe[] | null
  clock: Clock
  random: Random
}

export const probeLimits = { connectMs: 2000, firstByteMs: 2000, idleMs: 2000 }

/** Modules answer ok, healthy or up; shub answers initializing during its start (contract upstreams/services). */
const HealthAnswer = v.object({
  status: v.string(),
  version: v.fallback(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
})
const upWords = new Set(['ok', 'healthy', 'up'])

/** Null when the upstream is dormant. Never rejects. With several addresses it is up if one of them is. */
export async function probeHealth(deps: HealthProbeDeps, name: UpstreamName): Promise<HealthReading | null> {
  const addresses = deps.addressProbes?.(name)
  if (!addresses) return probeOne(deps, name)
  const readings = await Promise.all(
    addresses.map(async ({ ask, checked }) => {
      const startedAt = deps.clock.monotonic()
      const reading = await probeOne({ ...deps, probes: { [name]: ask } }, name)
      if (reading) checked(reading, startedAt)
      return reading
    }),
  )
  return readings.find((reading) => reading?.up) ?? readings[0] ?? null
}

async function probeOne(
  { config, probes, clock, random }: HealthProbeDeps,
  name: UpstreamName,
): Promise<HealthReading | null> {
  const startedAt = clock.monotonic()
  const question = { target: '/health', correlationId: random.uuid(), limits: probeLimits }
  const answer = await askJson({ config, upstreams: probes }, name, question)
  if (answer === null) return null
  const checked = { latencyMs: Math.round(clock.monotonic() - startedAt), checkedAt: clock.now(), reported: null }
  if (typeof answer === 'string') {
    return { up: false, version: null, reason: answer, ...checked, ...(isSilence(answer) && { latencyMs: null }) }
  }
  const health = v.safeParse(HealthAnswer, answer.json)
  if (!health.success) return { up: false, version: null, reason: 'malformed_answer', ...checked }
  const up = upWords.has(health.output.status.toLowerCase())
  const reported = reportedFields(answer.json)
  return { up, version: health.output.version, reason: up ? null : 'not_ready', ...checked, reported }
}

/** No answer arrived, so there is no latency either. */
const isSilence = (reason: string): boolean => !reason.startsWith('status_') && reason !== 'malformed_answer'

const maxReportedLength = 4096

function reportedFields(json: unknown): HealthReading['reported'] {
  if (!isObject(json)) return null
  const { status: _status, version: _version, ...fields } = json
  return Object.keys(fields).length === 0 || JSON.stringify(fields).length > maxReportedLength ? null : fields
}
