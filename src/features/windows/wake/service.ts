/** Windows that open by themselves: for a request, or by the clock. */
import { isoMoment } from '../../../lib/moment-forms.ts'
import type { Wake } from '../../../modules/power/wake.ts'
import { closeUnused } from './idle.ts'
import { windowSchedules } from './schedules.ts'
import type { WakeView, WokenRecord, WokenWindow } from './schema.ts'
import { type WakeDeps, waking } from './wake.ts'

export interface Wakes {
  wake: Wake
  /** The minute's work. Never rejects. */
  keep(): Promise<void>
  /** For the window status. Never rejects. */
  describe(): Promise<WakeView>
}

export function windowWakes(deps: WakeDeps): Wakes {
  const schedules = windowSchedules(deps)
  return {
    wake: waking(deps),
    async keep() {
      await schedules.keep()
      await closeUnused(deps)
    },
    async describe() {
      const [woken, states] = await Promise.all([readWoken(deps), schedules.describe()])
      return { wake_enabled: deps.config.wake.enabled, woken, schedules: states }
    },
  }
}

/** A window that an operator opened has no record, or that of an earlier one. */
async function readWoken({ config, policy, store }: WakeDeps): Promise<WokenWindow | null> {
  if (!config.wake.enabled && config.wake.schedules.length === 0) return null
  const windowId = policy.known().state.window?.id
  if (!windowId) return null
  const record = await store.readWoken().catch(() => null)
  return record?.windowId === windowId ? describeWoken(record) : null
}

const describeWoken = ({ windowId, at, idleS, by, name, services }: WokenRecord): WokenWindow => ({
  ...{ window_id: windowId, by, name, services: [...services] },
  at: isoMoment(at),
  idle_seconds: idleS,
})
