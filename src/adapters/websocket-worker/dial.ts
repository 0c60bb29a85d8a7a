/** Opens WebSockets to upstreams with workerd's fetch, or with a service binding. */
import { TransportError } from '../../errors/gateway-error.ts'
import type { OpenedWebSocket, WebSocketTransport } from '../../ports/index.ts'
import { attempt } from '../fetch/attempt.ts'
import { headerFields, webHeaders } from '../fetch/web-message.ts'
import { workerPeer } from './peer.ts'

/** `call` does not get the signal, which would close the WebSocket at the end of the request. */
export const workerDialer =
  (call: (url: string, init: RequestInit) => Promise<Response>): WebSocketTransport =>
  async (url, init) => {
    let opened: OpenedWebSocket | undefined
    const refusal = await attempt(init, async (signal) => {
      const response = await call(url, { headers: sentHeaders(init), redirect: 'manual' })
      const socket = response.webSocket
      if (!socket) return response
      const { headers } = response
      opened = {
        peer: workerPeer(socket),
        protocol: headers.get('sec-websocket-protocol'),
        headers: headerFields(headers),
      }
      if (signal.aborted) leave(socket)
      return new Response(null)
    })
    if (!opened) return refusal
    const { peer, protocol } = opened
    // The chosen sub-protocol was not offered (RFC 6455 §4.1); workerd does not check that.
    if (protocol !== null && !init.protocols.includes(protocol)) {
      peer.terminate()
      throw new TransportError('malformed')
    }
    return opened
  }

function sentHeaders({ headers, protocols }: Parameters<WebSocketTransport>[1]): Headers {
  const sent = webHeaders(headers)
  sent.set('upgrade', 'websocket')
  if (protocols.length > 0) sent.set('sec-websocket-protocol', protocols.join(', '))
  return sent
}

/** Closes a WebSocket that opened after the caller had its response. */
function leave(socket: WebSocket): void {
  socket.accept()
  socket.close(1001)
}
