/** One end of a WebSocket over the ws package, which frames, masks, answers pings and checks sizes and UTF-8. */
import { WebSocket } from 'ws'
import type { WebSocketEvents, WebSocketPeer } from '../../ports/index.ts'

/** No compression: a relay would inflate and deflate each message again, and a small message can inflate to a large one. */
export const socketOptions = (maxMessageBytes: number) => ({
  maxPayload: maxMessageBytes,
  perMessageDeflate: false,
})

export function nodePeer(socket: WebSocket): WebSocketPeer {
  // Paused until there is a listener.
  socket.pause()
  let tooBig = false
  // ws has already closed the connection; without a listener the error would end the process.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    tooBig ||= error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
  })
  let alive = () => {}
  return {
    listen(events) {
      alive = () => events.alive()
      subscribe(socket, events, () => tooBig)
      socket.resume()
    },
    send: (data) => socket.send(data, () => alive()),
    close(code, reason) {
      socket.close(code, reason)
      // The answer must be read.
      socket.resume()
    },
    terminate: () => socket.terminate(),
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    ping: () => {
      if (socket.readyState === WebSocket.OPEN) socket.ping()
    },
  }
}

function subscribe(socket: WebSocket, events: WebSocketEvents, tooBig: () => boolean): void {
  if (socket.readyState === WebSocket.CLOSED) {
    events.closed(1006, '')
    return
  }
  socket.on('message', (data: Buffer, isBinary) => events.message(isBinary ? data : data.toString()))
  socket.on('ping', () => events.alive())
  socket.on('pong', () => events.alive())
  // ws reports 1006 if it refused a message itself.
  socket.on('close', (code, reason) =>
    tooBig() ? events.closed(1009, 'message too big') : events.closed(code, reason.toString()),
  )
}
