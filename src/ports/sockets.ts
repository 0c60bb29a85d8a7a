/** The event sockets of /ws, which end at the gateway. */
import type { Context } from 'hono'
import type { EventFilter } from './events.ts'

/** What the caller of /ws asked for and may do. */
export interface SocketTerms {
  /** The name that the caller asked for. */
  clientId: string
  /** Whose limits apply: a principal, or an address where no token is required. */
  owner: string
  /** Absent where no token is required. */
  principal?: string
  /** Has the scope ingest. */
  mayStore: boolean
  filter: EventFilter
  /** Deliver the events after this id first; null to begin with new events. */
  since: number | null
  /** When the caller's token ends, in epoch milliseconds; null for never. */
  endsAt: number | null
}

/** The sockets of /ws. */
export interface Sockets {
  /** True for an upgrade request that the platform can turn into a WebSocket. */
  canOpen(c: Context): boolean
  /** Opens the socket and returns the handler's response. Rejects with a GatewayError. */
  open(c: Context, terms: SocketTerms, agreed: { protocol: string | null; headers: Headers }): Promise<Response>
}
