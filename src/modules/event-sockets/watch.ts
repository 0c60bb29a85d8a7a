/** Closes sockets that are idle or whose credential has ended, and drops those that answer no ping. */
import type { Clock, CredentialEnd, SocketAgreement, WebSocketPeer } from '../../ports/index.ts'
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
  untilEnded: SocketAgreement['untilEnded'] | undefined
}

/** So often at least, because the clock may be set meanwhile. */
const lookEveryMs = 60_000

export function watch(watched: Watched): void {
  const { session, peer, over, untilEnded } = watched
  const ends = [closeInTime(watched), ...(peer.ping ? [keepAlive(watched)] : [])]
  if (untilEnded) ends.push(untilEnded(over).then((end) => closeEnded(session, end)))
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
  if (endsAt !== null && endsAt <= now) closeEnded(session, 'expired')
  else session.close(1001, 'idle')
}

export function closeEnded(session: SocketSession, end: CredentialEnd): void {
  session.close(1008, end === 'expired' ? 'token expired' : 'key revoked')
}

async function keepAlive({ session, peer, clock, rules, wasAlive, over }: Watched): Promise<void> {
  for (;;) {
    await clock.sleep(rules.pingEveryMs, over)
    if (wasAlive()) peer.ping?.()
    else session.terminate()
  }
}
