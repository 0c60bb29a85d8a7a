/**
 * Every question the gateway asks of the outside world, as types: one file a subject in ports/, and all of them together
 * as `Deps`. Entries answer them; tests fake them.
 */
import type { Context } from 'hono'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import type { Announce } from './ports/announce.ts'
import type { Cache } from './ports/cache.ts'
import type { Clock, Random } from './ports/clock-and-random.ts'
import type { Departure } from './ports/departure.ts'
import type { EventLog } from './ports/events.ts'
import type { EvidenceFiles, Reports } from './ports/files.ts'
import type { HealthChecks } from './ports/health-checks.ts'
import type { Lifecycle, OpenStream } from './ports/lifecycle.ts'
import type { Limiter } from './ports/limiter.ts'
import type { Log } from './ports/log.ts'
import type { Maintenance } from './ports/maintenance.ts'
import type { Metrics } from './ports/metrics.ts'
import type { RequestRecorder } from './ports/recorder.ts'
import type { Sockets } from './ports/sockets.ts'
import type { HeaderFields } from './ports/transport.ts'
import type { UpstreamStates } from './ports/upstream-states.ts'
import type { Models, Upstreams } from './ports/upstreams.ts'
import type { WebSockets, WebSocketUpstreams } from './ports/websockets.ts'

export type * from './ports/announce.ts'
export type * from './ports/app-env.ts'
export type * from './ports/ask-self.ts'
export type * from './ports/cache.ts'
export type * from './ports/clock-and-random.ts'
export type * from './ports/departure.ts'
export type * from './ports/event-hub.ts'
export type * from './ports/events.ts'
export type * from './ports/files.ts'
export type * from './ports/health-checks.ts'
export type * from './ports/lifecycle.ts'
export type * from './ports/limiter.ts'
export type * from './ports/log.ts'
export type * from './ports/maintenance.ts'
export type * from './ports/metrics.ts'
export type * from './ports/recorder.ts'
export type * from './ports/sockets.ts'
export type * from './ports/transport.ts'
export type * from './ports/upstream-states.ts'
export type * from './ports/upstreams.ts'
export type * from './ports/websockets.ts'

export interface Deps {
  config: Config
  clock: Clock
  random: Random
  log: Log
  cache: Cache
  limiter: Limiter
  database: Database
  upstreams: Upstreams
  /** The same upstreams for WebSocket handshakes, which share breaker and limit with other requests. */
  webSocketUpstreams: WebSocketUpstreams
  /** The same upstreams without breaker, retries and limit: for questions about them, not for work. */
  probes: Upstreams
  models: Models
  /** Reading changes nothing. */
  upstreamStates: () => UpstreamStates
  healthChecks: HealthChecks
  webSockets: WebSockets
  metrics: Metrics
  announce: Announce
  maintenance: Maintenance
  /** Absent where the platform has no files. */
  evidence?: EvidenceFiles
  events: EventLog
  sockets: Sockets
  recorder: Pick<RequestRecorder, 'record'>
  /** Every stream that is open now. */
  openStreams: Set<OpenStream>
  /** Signs tickets; hex, and the same on every instance where the configuration holds a secret. */
  ticketKey: string
  lifecycle: Lifecycle
  /** Work of features for once a minute, beside that of src/periodic.ts; they add it when the app is made. */
  minutely: Set<() => Promise<unknown>>
  /** Absent where there are no files. */
  reports?: Reports
  /** What must answer before the gateway calls itself ready, by name. */
  readiness: Readonly<Record<string, () => Promise<void>>>
  /** The caller's address, behind as many proxies as the configuration trusts. */
  clientAddress: (c: Context) => string
  /** The request target as it came over the wire: raw path and query, before any URL parser touched it. */
  requestTarget: (c: Context) => string
  /** Tells when the caller leaves before its answer is out, as far as the runtime knows. */
  callerDeparture: (c: Context) => Departure
  /** The caller's header fields; a repeated one is joined or an array. Throws bad_request for what HTTP forbids. */
  callerHeaders: (c: Context) => HeaderFields
  /** Lets work outlive the answer (`waitUntil` on workerd). */
  background: (work: Promise<unknown>) => void
}
