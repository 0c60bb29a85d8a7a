/** What the audit records of a change of the power window. */
import { isoMomentOrNull } from '../../lib/moment-forms.ts'
import type { PowerReading } from '../../modules/power/power-policy.ts'
import type { ActDetail } from '../../ports/index.ts'
import type { WindowChange, WindowPending } from './schema.ts'

/** `services`: those that the caller names; null for those of the open window. `before`: as it is known without asking, or read. */
export async function auditedChange<T extends WindowChange | WindowPending>(
  note: (detail: ActDetail) => void,
  services: readonly string[] | null,
  reading: PowerReading | Promise<PowerReading>,
  change: () => Promise<T>,
): Promise<T> {
  const { state, degraded } = await reading
  const { activeServices } = state
  // A last known state is no reading of what was before.
  const window = degraded ? null : state.window
  const target = services ?? (window ? activeServices.filter((name) => name !== 'madre') : [])
  const before = window && {
    ...{ window_id: window.id, services: activeServices, deadline: isoMomentOrNull(window.deadlineMs) },
  }
  note({ target: target.join(', ') || null, before })
  const changed = await change()
  note({ after: described(changed) })
  return changed
}

function described(change: WindowChange | WindowPending) {
  const { window_id, state } = change
  if (change.status === 'pending') return { window_id, state }
  return { window_id, state, services: change.active_services, deadline: change.deadline }
}
