/** Connects a network socket of this process with its session, and ends both in time. */
import type { Clock, SocketAgreement, WebSocketPeer } from '../../ports/index.ts'
import { logClosedSocket } from './close-log.ts'
import { SocketSession, type SocketSessionDeps } from './session.ts'
import type { SessionState } from './session-state.ts'
import { watch } from './watch.ts'

/** `left` is called once, when the connection has ended. */
export function socketConnection(
  peer: WebSocketPeer,
  state: SessionState,
  deps: SocketSessionDeps & Pick<SocketAgreement, 'untilEnded'>,
  left: (session: SocketSession) => void,
): SocketSession {
  const { clock, log, rules } = deps
  const over = new AbortController()
  let isAlive = true
  let closedWith: number | undefined

  const ended = (code: number) => {
    closedWith = code
    void terminateLate(peer, clock, rules.closeWithinMs, over.signal)
  }
  const session = new SocketSession(peer, state, { ...deps, ended })
  peer.listen({
    message(data) {
      isAlive = true
      session.message(data)
    },
    alive() {
      isAlive = true
      session.alive()
    },
    closed(code) {
      session.closed()
      over.abort()
      const reason = closedWith === undefined ? `caller ${code}` : `gateway ${closedWith}`
      logClosedSocket(log, state, clock.now(), reason)
      left(session)
    },
  })
  const wasAlive = () => {
    const was = isAlive
    isAlive = false
    return was
  }
  watch({ session, peer, clock, rules, wasAlive, over: over.signal, untilEnded: deps.untilEnded })
  return session
}

async function terminateLate(peer: WebSocketPeer, clock: Clock, ms: number, over: AbortSignal): Promise<void> {
  const isLate = await clock.sleep(ms, over).then(
    () => true,
    () => false,
  )
  if (isLate) peer.terminate()
}
