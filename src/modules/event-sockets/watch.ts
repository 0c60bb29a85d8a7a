/** Closes sockets that nobody uses or whose token has ended, and drops those that are gone without a word. */
import type { Clock, WebSocketPeer } from '../../ports/index.ts'
import type { SocketRules } from './rules.ts'
import type { SessionState, SocketSession } from './session.ts'

export interface Watched {
  session: SocketSession
  peer: WebSocketPeer
  clock: Clock
  rules: SocketRules
  /** Whether it showed a sign of life since it was asked last. */
  heard: () => boolean
  /** Aborted when the connection is over. */
  over: AbortSignal
}

export function watch(watched: Watched): void {
  const ends = [closeInTime(watched), ...(watched.peer.ping ? [keepAlive(watched)] : [])]
  // A connection that ends is how a sleep is broken off.
  for (const end of ends) end.catch(() => {})
}

async function closeInTime({ session, clock, rules, over }: Watched): Promise<void> {
  for (let left = 1; left > 0; ) {
    left = closesAt(session.state, rules) - clock.now()
    await clock.sleep(left, over)
  }
  closeOutdated(session, clock.now())
}

/** When there is something to be looked at, at the latest. */
export const closesAt = ({ activeAt, endsAt }: SessionState, { idleMs }: SocketRules): number =>
  Math.min(activeAt + idleMs, endsAt ?? Number.POSITIVE_INFINITY)

export function closeOutdated(session: SocketSession, now: number): void {
  const { endsAt } = session.state
  if (endsAt !== null && endsAt <= now) session.close(1008, 'token expired')
  else session.close(1001, 'idle')
}

async function keepAlive({ session, peer, clock, rules, heard, over }: Watched): Promise<void> {
  for (;;) {
    await clock.sleep(rules.pingEveryMs, over)
    if (heard()) peer.ping?.()
    else session.terminate()
  }
}
