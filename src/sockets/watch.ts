/** Closes sockets that nobody uses, and drops those that are gone without a word. Ends with the signal. */
import type { Clock, WebSocketPeer } from '../ports.ts'
import type { SocketRules } from './rules.ts'
import type { Session } from './session.ts'

export interface Watched {
  session: Session
  peer: WebSocketPeer
  clock: Clock
  rules: SocketRules
  /** Whether it showed a sign of life since it was asked last. */
  heard: () => boolean
  /** Aborted when the connection is over. */
  over: AbortSignal
}

export function watch(watched: Watched): void {
  const ends = [closeWhenIdle(watched), ...(watched.peer.ping ? [keepAlive(watched)] : [])]
  // A connection that ends is how a sleep is broken off.
  for (const end of ends) end.catch(() => {})
}

async function closeWhenIdle({ session, clock, rules, over }: Watched): Promise<void> {
  for (;;) {
    const left = session.state.activeAt + rules.idleMs - clock.now()
    if (left <= 0) return session.close(1001, 'idle')
    await clock.sleep(left, over)
  }
}

async function keepAlive({ session, peer, clock, rules, heard, over }: Watched): Promise<void> {
  for (;;) {
    await clock.sleep(rules.pingEveryMs, over)
    if (!heard()) return session.terminate()
    peer.ping?.()
  }
}
