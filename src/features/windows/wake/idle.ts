/** Closes a real madre's window that a request opened, once nothing used it for long enough. */
import { rootReason } from '../../../lib/root-reason.ts'
import { lastUse, readUse } from '../../../upstream/layers/activity.ts'
import type { WokenRecord } from './schema.ts'
import type { WakeDeps } from './wake.ts'

/** Instances tell their use once a minute, so the last minute's use of another is not known yet. */
const untoldMs = 60_000

/** The minute's work. Never rejects. The embedded madre ends her windows by disuse herself. */
export async function closeUnused(deps: WakeDeps): Promise<void> {
  const { clock, config, log, policy, random, store, windows } = deps
  if (!config.wake.enabled || config.upstreams.madre.kind === 'embedded') return
  try {
    const { state, degraded, change } = await policy.read()
    const windowId = state.window?.id
    if (degraded || change || !windowId) return
    const record = await store.readWoken()
    if (record?.windowId !== windowId || record.idleS === null) return
    const use = readUse(deps, state.activeServices)
    // Where bodies pass unseen, or other isolates have the requests, nobody knows of all use.
    if ([...use.values()].some(({ streams }) => streams === null)) return
    const used = await noteUse(deps, record, lastUse(use))
    if (clock.now() - used < record.idleS * 1000 + untoldMs) return
    await windows.close({ correlationId: random.uuid(), principal: 'gateway:idle' })
  } catch (error) {
    log.warn('idle_window_not_closed', { reason: rootReason(error) })
  }
}

async function noteUse({ clock, store }: WakeDeps, record: WokenRecord, seen: number | null): Promise<number> {
  if (seen === null || seen <= record.lastUseAt) return record.lastUseAt
  await store.writeWoken({ ...record, lastUseAt: seen }, clock.now())
  return seen
}
