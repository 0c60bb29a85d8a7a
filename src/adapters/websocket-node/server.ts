/** Hands the upgrade requests of a Node server to the app as plain requests, and turns those it accepts into WebSockets. */
import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Context } from 'hono'
import { type WebSocket, WebSocketServer } from 'ws'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { WebSockets } from '../../ports/index.ts'
import { nodePeer, socketOptions } from './peer.ts'

interface Pending {
  socket: Socket
  /**
   * Detaches the connection from the response, so that later writes of the server are discarded.
   * Returns the bytes that the caller sent after its request.
   */
  release: () => Buffer
}

type Agreed = Parameters<WebSockets['accept']>[1]

type NodeContext = Context<{ Bindings: { incoming?: IncomingMessage } }>

/** For the server's `shouldUpgradeCallback`: only handshakes of RFC 6455 upgrade; others, such as h2c, do not. */
export const isHandshake = ({ method, httpVersion, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  httpVersion === '1.1' &&
  headers.upgrade?.toLowerCase() === 'websocket' &&
  headers['sec-websocket-version'] === '13' &&
  /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
  (headers['content-length'] ?? '0') === '0' &&
  headers['transfer-encoding'] === undefined

export interface NodeSockets extends Pick<WebSockets, 'canAccept' | 'accept'> {
  attach(server: Server): void
}

export function nodeSockets(maxMessageBytes: number): NodeSockets {
  const pending = new WeakMap<IncomingMessage, Pending>()
  const accepting = new WeakMap<IncomingMessage, Agreed>()
  const sockets = new WebSocketServer({
    ...socketOptions(maxMessageBytes),
    noServer: true,
    clientTracking: false,
    handleProtocols: (_offered, request) => accepting.get(request)?.protocol ?? false,
  })
  sockets.on('headers', (lines, request) => {
    for (const [name, value] of accepting.get(request)?.headers ?? []) lines.push(`${name}: ${value}`)
  })

  const canAccept: WebSockets['canAccept'] = (c: NodeContext) => !!c.env.incoming && pending.has(c.env.incoming)

  const accept: WebSockets['accept'] = (c: NodeContext, agreed) => {
    const request = c.env.incoming
    const waiting = request && pending.get(request)
    if (!waiting) throw new Error('not an upgrade request')
    pending.delete(request)
    accepting.set(request, agreed)
    const { socket, release } = waiting
    const head = release()
    let opened: WebSocket | undefined
    sockets.handleUpgrade(request, socket, head, (each) => {
      opened = each
    })
    if (!opened) throw new GatewayError('client_closed_request')
    return { answer: new Response(null), peer: nodePeer(opened) }
  }

  const attach = (server: Server) => {
    server.on('upgrade', (request, socket: Socket, head) => {
      const response = new ServerResponse(request)
      pending.set(request, { socket, ...answerOver(socket, head, response) })
      server.emit('request', request, response)
    })
  }

  return { attach, canAccept, accept }
}

/** Maximum early data before the response; RFC 6455 §4.1 allows none. */
const maxEarlyBytes = 65_536

/** Does the server's part for a response after the connection was detached from the server. */
function answerOver(socket: Socket, head: Buffer, response: ServerResponse): Pick<Pending, 'release'> {
  const early = [head]
  const listeners = {
    // Must be read to detect that the caller disconnected.
    data: (chunk: Buffer) => {
      early.push(chunk)
      if (early.reduce((bytes, { length }) => bytes + length, 0) > maxEarlyBytes) socket.destroy()
    },
    end: () => socket.destroy(),
    drain: () => response.emit('drain'),
  }
  const finish = () => socket.destroySoon()
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.on('finish', finish)
  socket.on('error', () => socket.destroy())
  for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener)
  const release = () => {
    for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener)
    socket.pause()
    response.off('finish', finish)
    response.detachSocket(socket)
    response.emit('close')
    return Buffer.concat(early)
  }
  return { release }
}
