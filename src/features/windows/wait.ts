/** Opens a window and answers when its services do; after the budget, 202 with the URL to poll. */
import type { Deps } from '../../ports/index.ts'
import type { Caller } from './madre.ts'
import { isReady, untilReady } from './ready.ts'
import type { OpenWindow, ServiceReadiness, WindowChange, WindowPending } from './schema.ts'
import type { RenewalRequest, WindowDeps, WindowService } from './service.ts'
import { withRelayTimeout } from './timeouts.ts'

export type WaitDeps = WindowDeps & Pick<Deps, 'background' | 'random'>

interface WaitContext {
  renewal: RenewalRequest | undefined
  caller: Caller
  statusUrl: string
}

export async function openAndWait(
  deps: WaitDeps,
  windows: Pick<WindowService, 'open'>,
  request: OpenWindow,
  budgetMs: number,
  context: WaitContext,
): Promise<WindowChange | WindowPending> {
  const untilMs = deps.clock.monotonic() + budgetMs
  const { caller, renewal } = context
  const { correlationId } = caller
  const opening = windows.open(request, caller, renewal)
  const opened = await withRelayTimeout(deps, budgetMs, opening, { failed: 'window_not_opened', correlationId })
  if (!opened) return pending(context, null, Object.fromEntries(request.services.map((service) => [service, false])))
  const ready = await untilReady(deps, opened.services_started, untilMs)
  return isReady(ready) ? { ...opened, ready } : pending(context, opened.window_id, ready)
}

const pending = (
  { caller, statusUrl }: WaitContext,
  windowId: string | null,
  ready: ServiceReadiness,
): WindowPending => ({
  status: 'pending',
  state: windowId === null ? 'opening' : 'open',
  window_id: windowId,
  ready,
  status_url: statusUrl,
  correlation_id: caller.correlationId,
})
