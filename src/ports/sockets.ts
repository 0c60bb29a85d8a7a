/** The event sockets of /ws, which end at the gateway. */
import type { Context } from 'hono'
import type { Principal } from '../config/principal.ts'
import type { EventFilter } from './events.ts'
import type { CredentialEnd } from './principals.ts'

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
  /** The caller, if it has a key of the database. */
  keyHolder?: Principal
}

export interface SocketAgreement {
  protocol: string | null
  headers: Headers
  /** Resolves when the caller's credential ends. Where another process holds the socket, that looks for itself. */
  untilEnded?: (signal: AbortSignal) => Promise<CredentialEnd>
}

/** Opens the sockets of /ws. */
export interface Sockets {
  /** True for an upgrade request that the platform can accept. */
  canOpen(c: Context): boolean
  /** Opens the socket and returns the handler's response. Rejects with a GatewayError. */
  open(c: Context, terms: SocketTerms, agreed: SocketAgreement): Promise<Response>
}
