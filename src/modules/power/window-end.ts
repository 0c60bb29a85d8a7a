/** Waits for the end of the power window that let something in, for what lives longer than a request: sockets. */
import type { UpstreamName } from '../../config/config.ts'
import type { Deps } from '../../ports/index.ts'
import { isOpen } from './admission.ts'
import type { PowerPolicy } from './power-policy.ts'

type WatchDeps = Pick<Deps, 'clock' | 'config'> & { policy: Pick<PowerPolicy, 'read'> }

/** Shorter than the lead of a renewal (renewal.ts): on workerd these reads may be the only ones that renew. */
const lookEveryMs = 4000
/** While madre does not answer. */
const lookSeldomMs = 10_000

/**
 * For a module that needs one. Resolves at the window's deadline, or a look after it was closed; another window with
 * the same module is another one. Rejects when the signal aborts. The timer is each caller's own: on workerd what one
 * request waits for must not be another's.
 */
export async function untilWindowEnds(
  { clock, config, policy }: WatchDeps,
  name: UpstreamName,
  signal: AbortSignal,
): Promise<void> {
  let letInBy: string | null = null
  for (;;) {
    const { state, degraded } = await policy.read()
    const id = state.window?.id ?? null
    letInBy ??= id
    if (!isOpen(config, state, name) || id !== letInBy) return
    const leftMs = (state.window?.endsAtMs ?? Number.POSITIVE_INFINITY) - clock.now()
    await clock.sleep(Math.min(leftMs, degraded ? lookSeldomMs : lookEveryMs), signal)
  }
}
