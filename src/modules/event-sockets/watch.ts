/** Closes sockets that are idle or whose token has ended, and drops those that answer no ping. */
import type { Clock, WebSocketPeer } from '../../ports/index.ts'
import type { SocketRules } from './rules.ts'
import type { SocketSession } from './session.ts'
import type { SessionState } from './session-state.ts'

export interface Watched {
  session: SocketSession
  peer: WebSocketPeer
  clock: Clock
  rules: SocketRules
  /** Whether anything was received since the last call. */
  wasAlive: () => boolean
  /** Aborted when the connection ends. */
  over: AbortSignal
}

/** So often at least, because the clock may be set meanwhile. */
const lookEveryMs = 60_000

export function watch(watched: Watched): void {
  const ends = [closeInTime(watched), ...(watched.peer.ping ? [keepAlive(watched)] : [])]
  // The end of the connection aborts the sleeps.
  for (const end of ends) end.catch(() => {})
}

async function closeInTime({ session, clock, rules, over }: Watched): Promise<void> {
  for (let left = 1; left > 0; ) {
    const now = clock.now()
    // Active in the future: the clock was set back since, and the socket must not stay for as long.
    session.state.activeAt = Math.min(session.state.activeAt, now)
    left = closesAt(session.state, rules) - now
    await clock.sleep(Math.min(left, lookEveryMs), over)
  }
  closeOutdated(session, clock.now())
}

/** When the socket is idle or its token ends, whichever is first. */
export const closesAt = ({ activeAt, endsAt }: SessionState, { idleMs }: SocketRules): number =>
  Math.min(activeAt + idleMs, endsAt ?? Number.POSITIVE_INFINITY)

export function closeOutdated(session: SocketSession, now: number): void {
  const { endsAt } = session.state
  if (endsAt !== null && endsAt <= now) session.close(1008, 'token expired')
  else session.close(1001, 'idle')
}

async function keepAlive({ session, peer, clock, rules, wasAlive, over }: Watched): Promise<void> {
  for (;;) {
    await clock.sleep(rules.pingEveryMs, over)
    if (wasAlive()) peer.ping?.()
    else session.terminate()
  }
}
