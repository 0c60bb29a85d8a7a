/** What the end of the process must know: that it has begun, and what is still open. */
import type { UpstreamName } from '../config/config.ts'

/** A WebSocket as the end of the process sees it. */
export interface OpenSocket {
  /** Absent where it ends at the gateway. */
  readonly leadsTo?: UpstreamName | undefined
  /** Asks both ends to leave, with 1001. */
  goAway(): void
  terminate(): void
}

/** A stream of events as the end of the process sees it. */
export interface OpenStream {
  /** Ends it after telling its reader where to go on. */
  goAway(): void
}

/** What the process is doing, as readiness sees it. */
export interface Lifecycle {
  draining: boolean
}
