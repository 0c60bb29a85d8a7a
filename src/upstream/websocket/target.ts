/**
 * Makes a configured upstream callable for WebSockets. Its layers see a handshake as a GET: breaker, in-flight limit
 * until the answer, the caller's deadline and shub's signature apply.
 */
import type { UpstreamName, UpstreamTarget } from '../../config/config.ts'
import { TransportError } from '../../errors/gateway-error.ts'
import type { OpenedWebSocket, Upstream, WebSocketTransport, WebSocketUpstream } from '../../ports/index.ts'
import type { Chosen } from '../addresses/pool.ts'
import type { WatchTry } from '../layers/spanned.ts'
import { urlBelow } from '../path.ts'
import { defaultLimits, gatewayError } from '../target.ts'

export interface WebSocketTransports {
  url: WebSocketTransport
  /** Undefined when the platform has no such binding. */
  binding?: (name: string) => WebSocketTransport | undefined
  watchTry?: WatchTry | undefined
}

/** Undefined for a dormant upstream and for an embedded one, which has no WebSockets. */
export function webSocketUpstream(
  name: UpstreamName,
  target: UpstreamTarget,
  transports: WebSocketTransports,
  layered: LayeredHandshake,
): WebSocketUpstream | undefined {
  const transport = transportFor(target, transports)
  if (!transport) return undefined
  return async (path, { protocols, ...handshake }) => {
    let opened: OpenedWebSocket | undefined
    let count: (() => () => void) | undefined
    const shakeHandsAt = (base: string): Upstream => {
      const shakeHands: Upstream = async (target, { headers, signal, limits }) => {
        const init = { headers, protocols, limits: { ...defaultLimits, ...limits }, ...(signal && { signal }) }
        const answer = await transport(urlBelow(base, target), init).catch((error) => {
          throw error instanceof TransportError ? gatewayError(name, error) : error
        })
        if (!('peer' in answer)) return answer
        opened = answer
        return { status: 101, headers: answer.headers, body: null }
      }
      return transports.watchTry?.(shakeHands, name, base) ?? shakeHands
    }
    const shakeHands = layered(shakeHandsAt, ({ socketOpened }) => {
      count = socketOpened
    })
    const answer = await shakeHands(path, { method: 'GET', body: null, ...handshake })
    return opened && count ? { ...(opened as OpenedWebSocket), left: count() } : (opened ?? answer)
  }
}

/** The layers around a handshake; `chosen` is called where there are several addresses, for each try. */
export type LayeredHandshake = (shakeHandsAt: (base: string) => Upstream, chosen: Chosen) => Upstream

function transportFor(target: UpstreamTarget, { url, binding }: WebSocketTransports) {
  if (target.kind === 'url' || target.kind === 'urls') return url
  return target.kind === 'binding' ? binding?.(target.binding) : undefined
}
