/** The event sockets of /ws, which end at the gateway. */
import type { Context } from 'hono'
import type { EventFilter } from './events.ts'

/** What a caller may do with the socket of /ws that it asks for. */
export interface SocketTerms {
  /** As the caller wants to be called. */
  clientId: string
  /** Whose allowance it takes: a principal, or an address where anybody may connect. */
  owner: string
  /** Absent where anybody may connect. */
  principal?: string
  /** It may store events. */
  mayStore: boolean
  filter: EventFilter
  /** Tell what came behind this id first; null for what comes from now on. */
  since: number | null
  /** When the caller's token ends, in epoch milliseconds; null for never. */
  endsAt: number | null
}

/** The sockets of /ws, wherever they are held. */
export interface Sockets {
  /** True for an upgrade request that the platform can still turn into a WebSocket. */
  canOpen(c: Context): boolean
  /** Turns the caller's request into a socket; gives what the handler must return. Rejects with a GatewayError. */
  open(c: Context, terms: SocketTerms, agreed: { protocol: string | null; headers: Headers }): Promise<Response>
}
