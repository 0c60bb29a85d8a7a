/** WebSockets on both sides of the gateway: a caller's, and those to upstreams. */
import type { Context } from 'hono'
import type { UpstreamName } from '../config/config.ts'
import type { CancelSignal } from './cancel-signal.ts'
import type { OpenSocket } from './lifecycle.ts'
import type { HeaderFields, TimeLimits, UpstreamAnswer } from './transport.ts'
import type { UpstreamInit } from './upstreams.ts'

/** What one end of a WebSocket tells whoever holds it. */
export interface WebSocketEvents {
  message(data: string | Uint8Array): void
  /** Once, and last; 1005 for a close without a code, 1006 for a connection that broke (RFC 6455 §7.1.5). */
  closed(code: number, reason: string): void
  /** A ping or a pong came, or sent bytes left: the other end lives, and `bufferedAmount` may have shrunk. */
  alive(): void
}

/** One end of an open WebSocket. Messages wait until somebody listens. */
export interface WebSocketPeer {
  listen(events: WebSocketEvents): void
  send(data: string | Uint8Array): void
  /** Starts the closing handshake; without a code its frame carries none. Does nothing when it is under way. */
  close(code?: number, reason?: string): void
  /** Ends the connection without waiting for anybody. */
  terminate(): void
  /** Bytes that `send` took and the network did not yet; 0 where the platform does not tell. */
  readonly bufferedAmount: number
  /** Stops reading from the network, and goes on. Absent where the platform cannot. */
  pause?(): void
  resume?(): void
  /** Absent where the platform pings by itself, or not at all. */
  ping?(): void
}

export interface WebSocketInit {
  headers: HeaderFields
  /** Sub-protocols to offer, the preferred one first. */
  protocols: readonly string[]
  signal?: CancelSignal
  limits: TimeLimits
}

/** The upstream agreed. */
export interface OpenedWebSocket {
  peer: WebSocketPeer
  /** Its choice among the offered sub-protocols; null when it chose none. */
  protocol: string | null
  headers: HeaderFields
}

/**
 * One WebSocket handshake with an absolute http(s) URL, or the answer that refused it.
 * Rejects with TransportError only.
 */
export type WebSocketTransport = (url: string, init: WebSocketInit) => Promise<OpenedWebSocket | UpstreamAnswer>

/** One handshake with a named upstream; `target` is its raw path with query. Rejects with GatewayError only. */
export type WebSocketUpstream = (
  target: string,
  init: Omit<WebSocketInit, 'limits'> & Pick<UpstreamInit, 'trace'>,
) => Promise<OpenedWebSocket | UpstreamAnswer>

/** Upstreams that are configured and reached over a network; a dormant or embedded one is absent. */
export type WebSocketUpstreams = Partial<Record<UpstreamName, WebSocketUpstream>>

export interface WebSockets {
  /** True for an upgrade request that the platform can still turn into a WebSocket. */
  canAccept(c: Context): boolean
  /** Turns the caller's request into a WebSocket; `answer` is what the handler must return. */
  accept(c: Context, agreed: { protocol: string | null; headers: Headers }): { answer: Response; peer: WebSocketPeer }
  /** Every WebSocket that is open now. */
  open: Set<OpenSocket>
  /** When the last one to an upstream ended, epoch milliseconds. */
  lastEndedAt?: Partial<Record<UpstreamName, number>>
}
