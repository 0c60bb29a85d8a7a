/** One WebSocket until it ends, with a heartbeat: a dead line says nothing by itself. */

/** The gateway answers `ping` with `pong`; a line on which nothing came between two pings is dead. */
const heartbeatMs = 20_000

export interface LineHandlers {
  opened(): void
  text(text: string): void
}

/** Resolves with the reason when it has ended. */
export function untilEnd(socket: WebSocket, handlers: LineHandlers, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    let heard = true
    const end = (reason: string) => {
      clearInterval(heartbeat)
      signal.removeEventListener('abort', hangUp)
      if (socket.readyState < WebSocket.CLOSING) socket.close(1000)
      resolve(reason)
    }
    const hangUp = () => end('closed here')
    const heartbeat = setInterval(() => {
      if (!heard) return end(`nothing came for ${heartbeatMs} ms`)
      heard = false
      if (socket.readyState === WebSocket.OPEN) socket.send('ping')
    }, heartbeatMs)
    socket.addEventListener('open', () => handlers.opened())
    socket.addEventListener('message', ({ data }) => {
      heard = true
      if (!signal.aborted && data !== 'pong') handlers.text(String(data))
    })
    socket.addEventListener('error', () => end('the connection failed'))
    socket.addEventListener('close', ({ code, reason }) => end(`closed with ${code} ${reason}`.trim()))
    signal.addEventListener('abort', hangUp)
    if (signal.aborted) hangUp()
  })
}
