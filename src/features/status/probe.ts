/** Asks madre for the mode and the window, within two seconds and past every breaker. */
import * as v from 'valibot'
import type { Deps } from '../../ports.ts'
import { askJson } from '../../upstream/ask.ts'
import { probeLimits } from '../../upstream/health-probe.ts'

const PowerState = v.object({
  policy: v.string(),
  window_id: v.nullish(v.string(), null),
  active_services: v.fallback(v.array(v.string()), []),
})
export type PowerState = v.InferOutput<typeof PowerState>

/** Madre's own account (upstream-contracts §4.3); null when it cannot be had. */
export async function probePowerState({
  config,
  probes,
  random,
}: Pick<Deps, 'config' | 'probes' | 'random'>): Promise<PowerState | null> {
  const question = { target: '/madre/power/state', limits: probeLimits, correlationId: random.uuid() }
  const answer = await askJson({ config, upstreams: probes }, 'madre', question)
  if (answer === null || typeof answer === 'string') return null
  const state = v.safeParse(PowerState, answer.json)
  return state.success ? state.output : null
}
