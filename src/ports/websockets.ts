/** WebSockets of callers and to upstreams. */
import type { Context } from 'hono'
import type { UpstreamName } from '../config/config.ts'
import type { CancelSignal } from './cancel-signal.ts'
import type { OpenSocket } from './lifecycle.ts'
import type { HeaderFields, TimeLimits, UpstreamAnswer } from './transport.ts'
import type { UpstreamInit } from './upstreams.ts'

/** Events of one end of a WebSocket. */
export interface WebSocketEvents {
  message(data: string | Uint8Array): void
  /** The last event, once; 1005 for a close without a code, 1006 for a broken connection (RFC 6455 §7.1.5). */
  closed(code: number, reason: string): void
  /** A ping or pong arrived, or sent bytes left: the peer is alive, and `bufferedAmount` may have shrunk. */
  alive(): void
}

/** One end of an open WebSocket. Messages are buffered until there is a listener. */
export interface WebSocketPeer {
  listen(events: WebSocketEvents): void
  send(data: string | Uint8Array): void
  /** Starts the closing handshake, if none has begun; without a code the frame has none. */
  close(code?: number, reason?: string): void
  /** Closes the connection without a handshake. */
  terminate(): void
  /** Bytes accepted by `send` but not yet by the network; 0 if the platform does not report it. */
  readonly bufferedAmount: number
  /** Stops and resumes reading from the network. Absent if the platform cannot. */
  pause?(): void
  resume?(): void
  /** Absent if the platform pings itself, or cannot. */
  ping?(): void
}

export interface WebSocketInit {
  headers: HeaderFields
  /** Offered sub-protocols, preferred first. */
  protocols: readonly string[]
  signal?: CancelSignal
  limits: TimeLimits
}

/** The upstream accepted the handshake. */
export interface OpenedWebSocket {
  peer: WebSocketPeer
  /** The chosen sub-protocol, or null. */
  protocol: string | null
  headers: HeaderFields
  /** To be called when the socket has ended; absent where the upstream has one address. */
  left?: () => void
}

/**
 * One WebSocket handshake with an absolute http(s) URL; resolves to the socket or to the refusing response.
 * Rejects with TransportError only.
 */
export type WebSocketTransport = (url: string, init: WebSocketInit) => Promise<OpenedWebSocket | UpstreamAnswer>

/** One handshake with a named upstream; `target` is its raw path with query. Rejects with GatewayError only. */
export type WebSocketUpstream = (
  target: string,
  init: Omit<WebSocketInit, 'limits'> & Pick<UpstreamInit, 'trace'>,
) => Promise<OpenedWebSocket | UpstreamAnswer>

/** Configured upstreams with a network address; dormant and embedded ones are absent. */
export type WebSocketUpstreams = Partial<Record<UpstreamName, WebSocketUpstream>>

export interface WebSockets {
  /** True for an upgrade request that the platform can still accept. */
  canAccept(c: Context): boolean
  /** Turns the caller's request into a WebSocket; the handler must return `answer`. */
  accept(c: Context, agreed: { protocol: string | null; headers: Headers }): { answer: Response; peer: WebSocketPeer }
  /** All open WebSockets. */
  open: Set<OpenSocket>
  /** End of the last WebSocket to each upstream, in epoch milliseconds. */
  lastEndedAt?: Partial<Record<UpstreamName, number>>
}
