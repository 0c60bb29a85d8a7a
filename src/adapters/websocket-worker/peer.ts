/** One end of a WebSocket on workerd, which answers pings but sends none, and has neither buffer sizes nor pausing. */
import { isCloseCode } from '../../lib/close-code.ts'
import type { WebSocketPeer } from '../../ports/index.ts'

export function workerPeer(socket: WebSocket): WebSocketPeer {
  let report = (_code: number, _reason: string) => {}
  return {
    listen(events) {
      // An `error` may come before, after or instead of a `close`.
      report = (code, reason) => {
        report = () => {}
        events.closed(code, reason)
      }
      socket.binaryType = 'arraybuffer'
      socket.addEventListener('message', ({ data }) => {
        events.message(typeof data === 'string' ? data : new Uint8Array(data))
      })
      socket.addEventListener('close', ({ code, reason }) => {
        answerClose(socket, code, reason)
        report(code, reason)
      })
      socket.addEventListener('error', () => {
        closeSafely(socket, 1011)
        report(1006, '')
      })
      // Half open, so that the close code of one end can be forwarded before the handshake ends.
      socket.accept({ allowHalfOpen: true })
    },
    send(data) {
      if (socket.readyState === openState) socket.send(data)
    },
    close: (code, reason) => closeSafely(socket, code, reason),
    terminate() {
      closeSafely(socket, 1011)
      report(1006, '')
    },
    bufferedAmount: 0,
  }
}

const openState = 1

/** workerd reports any received code, but does not send codes that are invalid in a frame. */
export function answerClose(socket: WebSocket, code: number, reason: string): void {
  const lawful = code === 1005 || (isCloseCode(code) && new TextEncoder().encode(reason).byteLength <= maxReasonBytes)
  if (lawful) closeSafely(socket, code, reason)
  else closeSafely(socket, 1002)
}

/** RFC 6455 §5.5: a control frame has at most 125 bytes, of which the code takes two. */
const maxReasonBytes = 123

/** Ignores errors: a closed socket throws for every code. */
export function closeSafely(socket: WebSocket, code?: number, reason?: string): void {
  try {
    if (code === undefined || code === 1005) socket.close()
    else socket.close(code, reason)
  } catch {
    // The socket is already closed.
  }
}
