/** Turns a caller's upgrade request into a WebSocket on workerd. */
import type { WebSockets } from '../../ports/index.ts'
import { workerPeer } from './peer.ts'

/** workerd validates the handshake itself. */
export const canAccept: WebSockets['canAccept'] = (c) =>
  c.req.method === 'GET' && c.req.header('upgrade')?.toLowerCase() === 'websocket'

export const accept: WebSockets['accept'] = (_c, { protocol, headers }) => {
  const pair = new WebSocketPair()
  if (protocol !== null) headers.set('sec-websocket-protocol', protocol)
  return { answer: new Response(null, { status: 101, webSocket: pair[0], headers }), peer: workerPeer(pair[1]) }
}
