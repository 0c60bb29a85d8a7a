/** What the gateway's own answer may say of now, without asking anybody while the caller waits. */
import { type UpstreamName, upstreamNames } from '../../../config/config.ts'
import type { Deps } from '../../../ports/index.ts'
import { isOpen } from '../../power/admission.ts'
import { moduleWord } from '../../power/module-states.ts'
import type { PowerPolicy, PowerReading } from '../../power/power-policy.ts'
import type { LiveState } from './local-answer.ts'

type LiveDeps = Pick<Deps, 'background' | 'clock' | 'config' | 'healthChecks' | 'probes'> & {
  policy: Pick<PowerPolicy, 'known'>
}

/** Older readings are no live state. */
const readingLivesMs = 60_000

/** Uses cached readings only; missing ones are read in the background, for the next answer. */
export function liveState(deps: LiveDeps, lastEvents: LiveState['lastEvents']): LiveState {
  const { clock, policy, probes } = deps
  const known = policy.known()
  const words = upstreamNames.map((name) => [name, knownWord(deps, known, name)] as const)
  for (const [name, word] of words)
    if (word === null && probes[name]) deps.background(deps.healthChecks.read(name).catch(() => null))
  return {
    now: clock.now(),
    modules: Object.fromEntries(words) as LiveState['modules'],
    window: known.state.window,
    windowUncertain: known.degraded,
    activeServices: known.state.activeServices,
    lastEvents,
  }
}

/** Null for what is configured, may run, and was not measured lately. */
function knownWord({ clock, config, healthChecks, probes }: LiveDeps, known: PowerReading, name: UpstreamName) {
  if (!probes[name]) return moduleWord(config, known.state, name, null)
  const health = healthChecks.last(name)
  // A moment in the future was measured by a clock that has been set back since.
  const age = health ? clock.now() - health.checkedAt : Number.POSITIVE_INFINITY
  if (health && age >= 0 && age < readingLivesMs) return moduleWord(config, known.state, name, health)
  if (!isOpen(config, known.state, name)) return 'OFF_BY_POLICY'
  // It answered with its power state a moment ago.
  return name === 'madre' && !known.degraded ? 'UP' : null
}
