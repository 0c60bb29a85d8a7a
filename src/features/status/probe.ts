/** Asks one upstream one question within two seconds, past every breaker: what it says decides nothing but a report. */
import * as v from 'valibot'
import type { UpstreamName } from '../../config.ts'
import { GatewayError } from '../../errors.ts'
import { readJson } from '../../lib/read-body.ts'
import type { Deps, UpstreamAnswer } from '../../ports.ts'
import { askUpstream } from '../../upstream/connect.ts'

type ProbeDeps = Pick<Deps, 'config' | 'upstreams' | 'clock' | 'random'>

export interface HealthProbe {
  up: boolean
  version: string | null
  latencyMs: number
  checkedAt: number
  reason: string | null
}

const limits = { connectMs: 2000, firstByteMs: 2000, idleMs: 2000 }
const longestAnswer = 65_536

/** VX11's modules say ok, healthy or up; shub says initializing while it starts (upstream-contracts §1). */
const HealthAnswer = v.object({
  status: v.string(),
  version: v.fallback(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
})
const upWords = new Set(['ok', 'healthy', 'up'])

/** Null when the upstream is dormant. */
export async function probeHealth(deps: ProbeDeps, name: UpstreamName): Promise<HealthProbe | null> {
  const startedAt = deps.clock.now()
  const answer = await ask(deps, name, '/health')
  if (answer === null) return null
  const checked = { latencyMs: deps.clock.now() - startedAt, checkedAt: deps.clock.now() }
  if (typeof answer === 'string') return { up: false, version: null, reason: answer, ...checked }
  const health = v.safeParse(HealthAnswer, answer.json)
  if (!health.success) return { up: false, version: null, reason: 'malformed_answer', ...checked }
  const up = upWords.has(health.output.status.toLowerCase())
  return { up, version: health.output.version, reason: up ? null : 'not_ready', ...checked }
}

const PowerState = v.object({
  policy: v.string(),
  window_id: v.nullish(v.string(), null),
  active_services: v.fallback(v.array(v.string()), []),
})
export type PowerState = v.InferOutput<typeof PowerState>

/** Madre's own account of mode and window (upstream-contracts §4.3); null when it cannot be had. */
export async function probePowerState(deps: ProbeDeps): Promise<PowerState | null> {
  const answer = await ask(deps, 'madre', '/madre/power/state')
  if (answer === null || typeof answer === 'string') return null
  const state = v.safeParse(PowerState, answer.json)
  return state.success ? state.output : null
}

/** The JSON of a 200, a coarse reason why there is none, or null for a dormant upstream. */
async function ask(deps: ProbeDeps, name: UpstreamName, target: string) {
  try {
    const answer = await askUpstream(deps, name, { target, limits, correlationId: deps.random.uuid() })
    return answer ? await readAnswer(answer) : null
  } catch (error) {
    return error instanceof GatewayError ? error.code : 'unexpected_error'
  }
}

async function readAnswer({ status, body }: UpstreamAnswer) {
  const json = await readJson(body, longestAnswer)
  if (status !== 200) return `status_${status}`
  return json === undefined ? 'malformed_answer' : { json }
}
