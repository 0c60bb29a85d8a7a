/** Opens a window and answers when its services do; whoever would wait too long is told where to look. */
import { within } from '../../lib/within.ts'
import type { Deps } from '../../ports.ts'
import { isReady, untilReady } from './ready.ts'
import type { OpenWindow, Readiness, WindowChange, WindowPending } from './schema.ts'
import type { RenewalWish, WindowDeps, WindowService } from './service.ts'

export type WaitDeps = WindowDeps & Pick<Deps, 'background' | 'random'>

interface Told {
  renewal: RenewalWish | undefined
  correlationId: string
  statusUrl: string
}

export async function openAndWait(
  deps: WaitDeps,
  windows: Pick<WindowService, 'open'>,
  request: OpenWindow,
  budgetMs: number,
  told: Told,
): Promise<WindowChange | WindowPending> {
  const untilMs = deps.clock.now() + budgetMs
  const opened = await openWithin(deps, budgetMs, windows.open(request, told.correlationId, told.renewal), told)
  if (!opened) return pending(told, null, Object.fromEntries(request.services.map((service) => [service, false])))
  const ready = await untilReady(deps, opened.services_started, untilMs)
  return isReady(ready) ? { ...opened, ready } : pending(told, opened.window_id, ready)
}

/** Null when it takes longer; then it goes on, and only the log hears how it ends. */
async function openWithin(deps: WaitDeps, ms: number, opening: Promise<WindowChange>, { correlationId }: Told) {
  const late = new Error('late')
  try {
    return await within(deps.clock, ms, opening, () => late)
  } catch (error) {
    if (error !== late) throw error
    const failed = (reason: Error) =>
      deps.log.warn('window_not_opened', { correlation_id: correlationId, reason: reason.message })
    deps.background(opening.catch(failed))
    return null
  }
}

const pending = ({ correlationId, statusUrl }: Told, windowId: string | null, ready: Readiness): WindowPending => ({
  status: 'pending',
  state: windowId === null ? 'opening' : 'open',
  window_id: windowId,
  ready,
  status_url: statusUrl,
  correlation_id: correlationId,
})
