/** A socket whose connection this process holds: what its network says reaches the session, and nobody lingers. */
import type { Clock, WebSocketPeer } from '../../ports/index.ts'
import { farewell } from './close-log.ts'
import { Session, type SessionDeps, type SessionState } from './session.ts'
import { watch } from './watch.ts'

/** `left` is called once, when the connection is over. */
export function holdSocket(
  peer: WebSocketPeer,
  state: SessionState,
  deps: SessionDeps,
  left: (session: Session) => void,
): Session {
  const { clock, log, rules } = deps
  const over = new AbortController()
  let isHeard = true
  let closedWith: number | undefined

  const ended = (code: number) => {
    closedWith = code
    void terminateLate(peer, clock, rules.closeWithinMs, over.signal)
  }
  const session = new Session(peer, state, { ...deps, ended })
  peer.listen({
    message(data) {
      isHeard = true
      session.message(data)
    },
    alive() {
      isHeard = true
      session.alive()
    },
    closed(code) {
      session.closed()
      over.abort()
      const reason = closedWith === undefined ? `caller ${code}` : `gateway ${closedWith}`
      farewell(log, state, clock.now(), reason)
      left(session)
    },
  })
  const heard = () => {
    const was = isHeard
    isHeard = false
    return was
  }
  watch({ session, peer, clock, rules, heard, over: over.signal })
  return session
}

async function terminateLate(peer: WebSocketPeer, clock: Clock, ms: number, over: AbortSignal): Promise<void> {
  const isLate = await clock.sleep(ms, over).then(
    () => true,
    () => false,
  )
  if (isLate) peer.terminate()
}
