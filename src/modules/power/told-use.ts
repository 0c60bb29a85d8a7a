/**
 * Tells all instances when a window that a request woke was used last: a Worker's isolates see only their own requests,
 * and the one that the cron trigger reaches may have none. Windows of the embedded madre are renewed by use instead.
 */
import { rootReason } from '../../lib/root-reason.ts'
import type { Deps } from '../../ports/index.ts'
import { type ActivityDeps, lastUse, readUse } from '../../upstream/layers/activity.ts'
import type { PowerPolicy } from './power-policy.ts'

/** Rejects with the store's error. Does nothing for a window that no request woke, and for an older use. */
export type NoteUse = (windowId: string, usedAt: number) => Promise<void>

type ToldUseDeps = ActivityDeps & Pick<Deps, 'background' | 'log'> & { noteUse: NoteUse }

export interface ToldUse {
  /** The same policy; reading it tells, as an open WebSocket does every few seconds. */
  policy: PowerPolicy
  /** For the end of a request, when what it used is known. */
  tell(): void
}

/** Later use that is not told; well within the minute that an unused window is left open for (features/windows/wake/idle.ts). */
const untoldMs = 20_000
/** After a failure. */
const againMs = 2000

export function toldUse(policy: PowerPolicy, deps: ToldUseDeps): ToldUse {
  const { background, clock, config, log, noteUse } = deps
  if (!config.wake.enabled || config.upstreams.madre.kind === 'embedded') return { policy, tell: () => {} }
  let told = Number.NEGATIVE_INFINITY
  let againAt = Number.NEGATIVE_INFINITY

  async function note(windowId: string, usedAt: number): Promise<void> {
    const before = told
    told = usedAt
    try {
      await noteUse(windowId, usedAt)
    } catch (error) {
      told = before
      againAt = clock.monotonic() + againMs
      log.warn('use_not_told', { reason: rootReason(error) })
    }
  }
  function tell(): void {
    const { state } = policy.known()
    if (!state.window?.id || clock.monotonic() < againAt) return
    const usedAt = lastUse(readUse(deps, state.activeServices))
    if (usedAt !== null && usedAt >= told + untoldMs) background(note(state.window.id, usedAt))
  }
  const telling = <T>(value: T): T => {
    tell()
    return value
  }
  return {
    policy: {
      ...policy,
      read: async (acceptedMs) => telling(await policy.read(acceptedMs)),
      admit: async (name, acceptedMs) => telling(await policy.admit(name, acceptedMs)),
      require: async (name) => telling(await policy.require(name)),
    },
    tell,
  }
}
