/** Shutdown state: whether draining has begun, and which connections are open. */
import type { UpstreamName } from '../config/config.ts'

/** A WebSocket to close at shutdown. */
export interface OpenSocket {
  /** The upstream it is relayed to; absent for /ws. */
  readonly leadsTo?: UpstreamName | undefined
  /** Closes both ends with 1001. */
  goAway(): void
  terminate(): void
}

/** An event stream to end at shutdown, or with its reader's credential. */
export interface OpenStream {
  /** Ends it after sending the reader its cursor and the reason. */
  goAway(reason?: string): void
}

/** The state of the process, for readiness. */
export interface Lifecycle {
  draining: boolean
}
