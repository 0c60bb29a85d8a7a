/** The far end of fuzzed sockets: echoes and records what callers send, or sends a case's bytes as they are. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { frame, opcodes } from '../../conformance/frames.ts'
import type { SocketCase } from './cases.ts'
import { type Message, readScript } from './script.ts'

export interface SocketUpstream {
  url: string
  /** What arrived on the connection of that case. */
  received(number: number): readonly Message[]
  /** The cases whose WebSockets are not closed yet. */
  open(): number[]
  close(): Promise<void>
}

/** `/echo?id=` echoes; `/plan?id=` sends the pieces of that case. */
export async function startSocketUpstream(planOf: (number: number) => SocketCase | undefined): Promise<SocketUpstream> {
  const received = new Map<number, Message[]>()
  const connections = new Set<Socket>()
  const open = new Set<number>()
  // Only what RFC 6455 allows is to reach it: this server looks itself.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 })
  const server = createServer((_, response) => response.end())
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket)).on('error', () => {})
  })
  server.on('upgrade', (request, socket: Socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://upstream')
    const number = Number(searchParams.get('id'))
    open.add(number)
    socket.on('close', () => open.delete(number))
    sockets.handleUpgrade(request, socket, head, (each) => {
      if (pathname === '/plan') return void play(each, socket, planOf(number))
      const messages: Message[] = []
      received.set(number, messages)
      each.on('error', () => messages.push('what reached the upstream is malformed'))
      each.on('message', (data: Buffer, isBinary) => {
        messages.push(isBinary ? data : data.toString())
        each.send(data, { binary: isBinary })
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: (number) => received.get(number) ?? [],
    open: () => [...open],
    async close() {
      for (const socket of connections) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Past the library, which would not send such bytes. */
async function play(polite: WebSocket, socket: Socket, plan: SocketCase | undefined): Promise<void> {
  polite.removeAllListeners()
  socket.removeAllListeners('data')
  let heard = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    heard = Buffer.concat([heard, chunk])
    // A pong that workerd sends for a long ping is unlawful, too.
    if (['closed', 'fault'].includes(readScript(heard, { masked: true }).end))
      socket.end(frame(opcodes.close, Buffer.from([3, 232]), { masked: false }))
  })
  socket.on('end', () => socket.end())
  socket.resume()
  for (const piece of plan?.pieces ?? []) {
    if (socket.destroyed) return
    socket.write(piece)
    await new Promise(setImmediate)
  }
  if (plan?.script.end === 'unfinished') socket.end()
}
