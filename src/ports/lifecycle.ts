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

/** Draining: readiness is off and everything is served. Closing: the listener is closed, so nothing long begins any more. */
export type LifecyclePhase = 'serving' | 'draining' | 'closing'

/** The state of the process. */
export interface Lifecycle {
  phase: LifecyclePhase
}
