/** The state of every module (contract O17). */
import type { UpstreamName } from '../../../config/config.ts'
import { isoMoment } from '../../../lib/moment-forms.ts'
import type { Deps } from '../../../ports/index.ts'
import { shownName } from '../components.ts'
import { type Reading, verdictOf } from '../reading.ts'
import { describeSwitch } from '../service.ts'
import type { Snapshot } from './schema.ts'

type SnapshotDeps = Pick<Deps, 'config' | 'clock' | 'upstreamStates'>

/** `t` is 0 where the caller gave none. */
export function describeSnapshot(deps: SnapshotDeps, reading: Reading, t: number, correlationId: string): Snapshot {
  const { modules, power, mode } = reading
  const snap = (name: UpstreamName) => ({ word: modules[name].word, reason: modules[name].reason })
  const queen = modules.hormiguero.word
  const others = (['hermes', 'manifestator', 'mcp', 'shub', 'spawner', 'operator'] as const).map(
    (name) => [shownName(name), snap(name)] as const,
  )
  return {
    timestamp: t > 0 ? t : deps.clock.now(),
    measured_at: isoMoment(deps.clock.now()),
    ...verdictOf(reading),
    state: {
      ...Object.fromEntries(others),
      madre: { ...snap('madre'), status: modules.madre.word === 'UP' ? 'active' : 'offline' },
      switch: { ...snap('switch'), routing: describeSwitch(deps, reading, '').routing_mode },
      hormiguero: { ...snap('hormiguero'), queen_alive: queen === 'UP' ? true : queen === 'DOWN' ? false : null },
    },
    mode,
    window: {
      window_id: power.state.window?.id ?? null,
      deadline: power.state.window?.deadlineMs == null ? null : isoMoment(power.state.window.deadlineMs),
      services: [...power.state.activeServices],
    },
    correlation_id: correlationId,
  }
}
