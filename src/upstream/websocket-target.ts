/**
 * Makes the configured upstreams callable for WebSockets. A handshake keeps the caller's deadline and is signed for
 * shub's entry guard like any GET; it is tried once, and the breaker and the in-flight limit know nothing of it.
 */
import { type UpstreamName, upstreamNames } from '../config.ts'
import { TransportError } from '../errors.ts'
import type { Deps, OpenedWebSocket, Upstream, WebSockets, WebSocketTransport, WebSocketUpstream } from '../ports.ts'
import { keepsDeadline, readsDeadline } from './deadline.ts'
import { signsForGuard } from './entry-guard.ts'
import { urlBelow } from './path.ts'
import { defaultLimits, gatewayError } from './target.ts'

export interface WebSocketTransports {
  url: WebSocketTransport
  /** Undefined when the platform has no such binding. */
  binding?: (name: string) => WebSocketTransport | undefined
}

type Setup = Pick<Deps, 'config' | 'clock' | 'random'> & { transports: WebSocketTransports }

/** An embedded upstream speaks no WebSocket, so it is absent as a dormant one is. */
export function connectWebSockets(setup: Setup): WebSockets['upstreams'] {
  const upstreams: WebSockets['upstreams'] = {}
  for (const name of upstreamNames) {
    const upstream = webSocketUpstream(name, setup)
    if (upstream) upstreams[name] = upstream
  }
  return upstreams
}

function webSocketUpstream(name: UpstreamName, setup: Setup): WebSocketUpstream | undefined {
  const { config, clock, transports } = setup
  const target = config.upstreams[name]
  const transport = transportFor(target, transports)
  if (!transport) return undefined
  const base = target.kind === 'url' ? target.url : `http://${name}`
  return async (path, { protocols, ...handshake }) => {
    let opened: OpenedWebSocket | undefined
    const shakeHands: Upstream = async (target, { headers, signal, limits }) => {
      const init = { headers, protocols, limits: { ...defaultLimits, ...limits }, ...(signal && { signal }) }
      const answer = await transport(urlBelow(base, target), init).catch((error) => {
        throw error instanceof TransportError ? gatewayError(name, error) : error
      })
      if (!('peer' in answer)) return answer
      opened = answer
      return { status: 101, headers: answer.headers, body: null }
    }
    const send = readsDeadline(keepsDeadline(signed(shakeHands, name, setup), name, clock), clock)
    const answer = await send(path, { method: 'GET', body: null, ...handshake })
    return opened ?? answer
  }
}

function transportFor(target: Deps['config']['upstreams'][UpstreamName], { url, binding }: WebSocketTransports) {
  if (target.kind === 'url') return url
  return target.kind === 'binding' ? binding?.(target.binding) : undefined
}

/** Shub alone has an entry guard. */
function signed(next: Upstream, name: UpstreamName, { config, clock, random }: Setup): Upstream {
  const { shubSharedSecret: secret, upstreams } = config
  if (name !== 'shub' || secret === null) return next
  const basePath = upstreams.shub.kind === 'url' ? new URL(upstreams.shub.url).pathname.replace(/\/$/, '') : ''
  return signsForGuard(next, { secret, basePath, clock, random })
}
