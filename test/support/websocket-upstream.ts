/** A real WebSocket server behind the gateway, whose path says how it behaves; it keeps what it received. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** One connection, as the upstream saw it. */
export interface SeenSocket {
  request: IncomingMessage
  socket: WebSocket
  /** The close code and reason that reached it. */
  closed: Promise<[code: number, reason: string]>
  /** Bytes that left towards the gateway, where `/flood` sends them. */
  flooded: number
}

export interface WebSocketUpstream {
  url: string
  /** Requests that asked for a WebSocket, in order. */
  upgrades: IncomingMessage[]
  /** The one with that index, as soon as it came. */
  upgrade(index: number): Promise<IncomingMessage>
  /** Requests that did not. */
  plain: IncomingMessage[]
  /** The connection whose path ends in `?id=` and this id. */
  seen(id: string): Promise<SeenSocket>
  close(): Promise<void>
}

export async function startWebSocketUpstream(): Promise<WebSocketUpstream> {
  const upgrades: IncomingMessage[] = []
  const plain: IncomingMessage[] = []
  const seen = new Map<string, SeenSocket>()
  const connections = new Set<Socket>()
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: true,
    maxPayload: 2 ** 26,
    handleProtocols: (offered, { url = '' }) => (/choose=(\w+)/.exec(url)?.[1] ?? [...offered].at(-1)) || false,
  })
  const server = createServer((request, response) => {
    plain.push(request)
    response.end('plain')
  })
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket)).on('error', () => {})
  })
  server.on('upgrade', (request, socket: Socket, head) => {
    upgrades.push(request)
    server.emit('seen')
    const refuse = refusals[pathOf(request)]
    if (refuse) return refuse(socket)
    if (request.url?.includes('choose=none')) delete request.headers['sec-websocket-protocol']
    sockets.handleUpgrade(request, socket, head, (each) => {
      const closed = new Promise<[number, string]>((done) => each.on('close', (code, why) => done([code, String(why)])))
      const id = /[?&]id=([^&]*)/.exec(request.url ?? '')?.[1] ?? ''
      const connection: SeenSocket = { request, socket: each, closed, flooded: 0 }
      seen.set(id, connection)
      server.emit('seen')
      each.on('error', () => {})
      behaviours[pathOf(request)]?.(each, connection)
    })
  })
  const untilSeen = async <T>(find: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      await once(server, 'seen')
    }
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    upgrades,
    plain,
    upgrade: (index) => untilSeen(() => upgrades[index]),
    seen: (id) => untilSeen(() => seen.get(id)),
    async close() {
      for (const socket of connections) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const pathOf = ({ url = '' }: IncomingMessage) => url.split('?', 1)[0] ?? ''

/** What is sent instead of an agreement. */
const refusals: Record<string, (socket: Socket) => void> = {
  '/refuse': (socket) =>
    socket.end(
      'HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nX-Why: policy\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{"error":"no"}',
    ),
  '/refuse-at-length': (socket) =>
    socket.end(
      `HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n${'x'.repeat(100_000)}`,
    ),
  '/redirect': (socket) =>
    socket.end('HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  '/garble': (socket) => socket.end('SMTP ready\r\n\r\n'),
  '/lie': (socket) =>
    socket.end(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAA\r\n\r\n',
    ),
  '/hang-up': (socket) => socket.destroy(),
  '/silent': (socket) => socket.resume().on('end', () => socket.destroy()),
}

/** What a connected upstream does; the default is to listen. */
const behaviours: Record<string, (socket: WebSocket, connection: SeenSocket) => void> = {
  '/echo': (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })),
  '/greet': (socket) => {
    for (let i = 0; i < 10; i++) socket.send(`hello ${i}`)
  },
  /** `1001` closes with it, `none` without a code, `die` without a handshake. */
  '/close': (socket) =>
    socket.on('message', (data) => {
      const word = String(data)
      if (word === 'die') socket.terminate()
      else if (word === 'none') socket.close()
      else socket.close(Number(word), 'because')
    }),
  '/fragments': (socket) => {
    for (const part of ['one ', 'two ', 'three ']) socket.send(part, { fin: false })
    socket.send('four')
    socket.send(Buffer.from([1, 2]), { fin: false })
    socket.send(Buffer.from([3]))
  },
  /** Sends 64 KiB messages for ever, as fast as the network takes them. */
  '/flood': (socket, connection) => {
    const message = Buffer.alloc(65_536)
    const more = (error?: Error | null) => {
      if (error || socket.readyState !== socket.OPEN) return
      socket.send(message, (failure) => {
        connection.flooded += message.length
        more(failure)
      })
    }
    more()
  },
  /** Sends as many bytes as the message says. */
  '/big': (socket) => socket.on('message', (data) => socket.send(Buffer.alloc(Number(String(data)), 'x'))),
}
