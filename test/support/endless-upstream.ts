/** A server whose every answer goes on until somebody ends it, and whose WebSockets echo. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

export interface EndlessUpstream {
  url: string
  /** Answers and sockets that are open now. */
  open(): number
  close(): Promise<void>
}

export async function startEndlessUpstream(): Promise<EndlessUpstream> {
  let open = 0
  const begin = (end: { once(event: 'close', listener: () => void): unknown }) => {
    open++
    end.once('close', () => open--)
  }
  const server = createServer((_request, response) => {
    begin(response)
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    begin(socket)
    socket.on('message', (data) => socket.send(String(data)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => open,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
