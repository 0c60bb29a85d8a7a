/** The event sockets of /ws, which end at the gateway. */
import type { Context } from 'hono'
import type { EventFilter } from './events.ts'

/** The parameters and rights of a caller of /ws. */
export interface SocketTerms {
  /** The name that the caller chose. */
  clientId: string
  /** The key of its limits: a principal, or an address where no token is required. */
  owner: string
  /** Absent where no token is required. */
  principal?: string
  /** True with scope ingest. */
  mayStore: boolean
  filter: EventFilter
  /** Cursor: deliver stored events after this id first; null for new events only. */
  since: number | null
  /** Expiry of the caller's token in epoch milliseconds; null for never. */
  endsAt: number | null
}

/** Opens the sockets of /ws. */
export interface Sockets {
  /** True for an upgrade request that the platform can accept. */
  canOpen(c: Context): boolean
  /** Opens the socket and returns the handler's response. Rejects with a GatewayError. */
  open(c: Context, terms: SocketTerms, agreed: { protocol: string | null; headers: Headers }): Promise<Response>
}
