/** Closes a real madre's window that a request opened, once nothing used it for long enough. */
import { rootReason } from '../../../lib/root-reason.ts'
import { lastUse, readUse } from '../../../upstream/layers/activity.ts'
import type { WakeDeps } from './wake.ts'

/** Instances tell their use at least this often (modules/power/told-use.ts), so what was used since may not be known. */
const untoldMs = 60_000

/** The minute's work. Never rejects. The embedded madre ends her windows by disuse herself. */
export async function closeUnused(deps: WakeDeps): Promise<void> {
  const { clock, config, log, policy, random, store, windows } = deps
  if (!config.wake.enabled || config.upstreams.madre.kind === 'embedded') return
  try {
    const { state, degraded, change } = await policy.read()
    const windowId = state.window?.id
    if (degraded || change || !windowId) return
    const seen = lastUse(readUse(deps, state.activeServices))
    if (seen !== null) await store.noteUse(windowId, seen)
    const record = await store.readWoken()
    if (record?.windowId !== windowId || record.idleS === null) return
    if (clock.now() - record.lastUseAt < record.idleS * 1000 + untoldMs) return
    await windows.close({ correlationId: random.uuid(), principal: 'gateway:idle' })
  } catch (error) {
    log.warn('idle_window_not_closed', { reason: rootReason(error) })
  }
}
