/**
 * All ports of the gateway, as types: one file per subject in ports/, and all of them together
 * as `Deps`. Entries implement them; tests fake them.
 */
import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import type { Announce } from './announce.ts'
import type { Cache } from './cache.ts'
import type { CancelSignal } from './cancel-signal.ts'
import type { Clock, Random } from './clock-and-random.ts'
import type { Compress } from './compress.ts'
import type { ConfigSource } from './configuration.ts'
import type { EventLog } from './events.ts'
import type { ConsoleFiles, EvidenceFiles, ListBackups, Reports } from './files.ts'
import type { HealthChecks } from './health-checks.ts'
import type { KeyNotices } from './key-notices.ts'
import type { Lifecycle, OpenStream } from './lifecycle.ts'
import type { Limiter } from './limiter.ts'
import type { Log } from './log.ts'
import type { Maintenance } from './maintenance.ts'
import type { Metrics } from './metrics.ts'
import type { WorkRecorder } from './recorder.ts'
import type { Sockets } from './sockets.ts'
import type { ReadStorage } from './storage.ts'
import type { TicketKeys } from './ticket-keys.ts'
import type { Tracing } from './tracing.ts'
import type { HeaderFields } from './transport.ts'
import type { UpstreamStates } from './upstream-states.ts'
import type { Models, Upstreams } from './upstreams.ts'
import type { Vitals } from './vitals.ts'
import type { Webhooks } from './webhooks.ts'
import type { WebSockets, WebSocketUpstreams } from './websockets.ts'

export type * from './announce.ts'
export type * from './app-env.ts'
export type * from './ask-self.ts'
export type * from './cache.ts'
export type * from './cancel-signal.ts'
export type * from './clock-and-random.ts'
export type * from './compress.ts'
export type * from './configuration.ts'
export type * from './event-hub.ts'
export type * from './events.ts'
export type * from './files.ts'
export type * from './health-checks.ts'
export type * from './key-notices.ts'
export type * from './lifecycle.ts'
export type * from './limiter.ts'
export type * from './log.ts'
export type * from './maintenance.ts'
export type * from './metrics.ts'
export type * from './principals.ts'
export type * from './recorder.ts'
export type * from './sockets.ts'
export type * from './storage.ts'
export type * from './ticket-keys.ts'
export type * from './tracing.ts'
export type * from './transport.ts'
export type * from './upstream-states.ts'
export type * from './upstreams.ts'
export type * from './vitals.ts'
export type * from './webhooks.ts'
export type * from './websockets.ts'

export interface Deps {
  /** Absent where the platform compresses responses itself. */
  compress?: Compress
  /** Changes when it is read anew, so it is read at the moment of use. */
  config: Config
  configSource: ConfigSource
  clock: Clock
  random: Random
  log: Log
  cache: Cache
  limiter: Limiter
  database: Database
  upstreams: Upstreams
  /** The upstreams for WebSocket handshakes, with the same breaker and limit as other requests. */
  webSocketUpstreams: WebSocketUpstreams
  /** The upstreams without breaker, retries and limit, for health probes only. */
  probes: Upstreams
  models: Models
  /** Upstreams follow what `config.upstreams` says now. */
  followTargets: () => void
  /** Has no side effects. */
  upstreamStates: () => UpstreamStates
  healthChecks: HealthChecks
  webSockets: WebSockets
  metrics: Metrics
  announce: Announce
  maintenance: Maintenance
  /** Absent where the platform has no file system. */
  evidence?: EvidenceFiles
  /** Absent where the store keeps its own copies. */
  listBackups?: ListBackups
  /** Absent for a database elsewhere whose largest size is not known. */
  readStorage?: ReadStorage
  /** Accepted events that wait for their commit, where one writer commits those of all instances. */
  readEventBacklog?: () => Promise<number>
  /** Absent where the console is not served. */
  consoleFiles?: ConsoleFiles
  events: EventLog
  keyNotices: KeyNotices
  webhooks: Webhooks
  sockets: Sockets
  recorder: Pick<WorkRecorder, 'record'>
  /** Absent where tracing is off. */
  tracing?: Tracing | undefined
  /** All open streams. */
  openStreams: Set<OpenStream>
  ticketKeys: TicketKeys
  lifecycle: Lifecycle
  /** A unique id of this instance among those with the same stores. */
  instance: string
  /** Absent where the platform has no measurements. */
  vitals?: Vitals
  /** Absent where the platform has no file system. */
  reports?: Reports
  /** Readiness checks by name; each rejects while its dependency is unavailable. */
  readiness: Readonly<Record<string, () => Promise<void>>>
  /** The caller's address, taking the trusted proxies into account. */
  clientAddress: (c: Context) => string
  /**
   * Calls `sent` once the answer's body is sent, or cut off, with its bytes; at once with null for an upgraded connection.
   * Absent where the platform does not tell.
   */
  whenSent?: (c: Context, sent: (bytes: number | null) => void) => void
  /** The version of HTTP that the caller speaks, such as 1.1; absent or undefined where the platform does not tell. */
  httpVersion?: (c: Context) => string | undefined
  /** The request target as received: raw path and query, before any URL parsing. */
  requestTarget: (c: Context) => string
  /** Closes the connection if the request body is incomplete after `ms`; absent where the platform does this. */
  limitBodyTime?: (c: Context, ms: number) => void
  /** Aborts when the caller disconnects before the response is sent, as far as the runtime detects it. */
  callerCancelSignal: (c: Context) => CancelSignal
  /** The caller's header fields; a repeated one is joined or an array. Throws bad_request for invalid fields. */
  callerHeaders: (c: Context) => HeaderFields
  /** Lets work continue after the response (`waitUntil` on workerd). */
  background: (work: Promise<unknown>) => void
}
