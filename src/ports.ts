/** Every question the gateway asks of the outside world, as types. Entries answer them; tests fake them. */
import type { Context } from 'hono'
import type { Config, ModelName, PeerName, UpstreamName } from './config.ts'
import type { Database } from './db/database.ts'
import type { Principal } from './lib/principal.ts'
import type { RetryBudgetReading } from './lib/retry-budget.ts'
import type { MaintenanceReport, Progress, Trigger } from './maintenance/report.ts'
import type { MaintenanceRequest } from './maintenance/request.ts'

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Milliseconds with fractions on a clock that nobody sets; only differences mean something. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: Departure): Promise<void>
}

export type DepartureListener = (() => void) | { handleEvent(): void }

/** Tells that nobody waits for an answer any more: an AbortSignal, or as much of one as is asked. */
export interface Departure {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: DepartureListener, options?: { once: boolean }): void
  removeEventListener(type: 'abort', listener: DepartureListener): void
}

export interface Random {
  uuid(): string
  /** At least 0, less than 1. */
  fraction(): number
  bytes(length: number): Uint8Array<ArrayBuffer>
}

/** A stored value with the moments that bound its life, in epoch milliseconds. */
export interface CacheEntry<T> {
  value: T
  storedAt: number
  expiresAt: number
}

/** A shared cache of JSON values. A store that is down is a miss, never an error. */
export interface Cache {
  /** The entry, or null when there is none or its time is over. */
  read<T>(key: string): Promise<CacheEntry<T> | null>
  write<T>(key: string, value: T, ttlMs: number): Promise<void>
  /** Removes the keys and says how many of them held a live entry. */
  remove(keys: readonly string[]): Promise<number>
}

/** `limit` requests per `windowMs`, refilled evenly (GCRA); `name` appears in the RateLimit headers. */
export interface LimitRule {
  name: string
  limit: number
  windowMs: number
}

export interface LimitVerdict {
  allowed: boolean
  /** Requests that would pass right now, after this one. */
  remaining: number
  /** Milliseconds until one request passes again; 0 when one would pass now. */
  retryAfterMs: number
  /** Milliseconds until the whole allowance is back. */
  resetMs: number
}

/** Counts requests per key, atomically; at once where the store is in memory. Rejects when it cannot be reached. */
export interface Limiter {
  /** Where it counts: in this process alone, or for all instances. */
  readonly store: 'memory' | 'redis' | 'durable_object'
  /** Spends one request of the key's allowance if there is one. */
  take(key: string, rule: LimitRule): LimitVerdict | Promise<LimitVerdict>
  /** The same answer without spending. */
  peek(key: string, rule: LimitRule): LimitVerdict | Promise<LimitVerdict>
  /** Resolves when the store answers. */
  ping(): Promise<void>
}

/** How long an exchange with an upstream may take, in milliseconds. */
export interface TimeLimits {
  connectMs: number
  /** From the start of the exchange, or the last piece of a request body still being sent, to the status line. */
  firstByteMs: number
  /** The longest silence between two pieces of a body. */
  idleMs: number
}

/** Header fields by lower-case name; a repeated field is an array, in order. */
export type HeaderFields = Record<string, string | string[]>

export interface TransportInit {
  method: string
  headers: HeaderFields
  /** A stream is sent as it comes; bytes are sent whole with their length. */
  body: ReadableStream<Uint8Array> | Uint8Array | null
  signal?: Departure
  limits: TimeLimits
}

/**
 * What an upstream said. A plain object and not a web Response: the gateway filters and adds headers
 * before it answers, and rebuilding a Response costs more than the rest of the proxy (docs/decisions.md).
 */
export interface UpstreamAnswer {
  status: number
  headers: HeaderFields
  /** Bytes when the whole body was there at once, null where HTTP allows none; a stream must be read or cancelled. */
  body: ReadableStream<Uint8Array> | Uint8Array | null
}

/**
 * One HTTP exchange with an absolute http(s) URL: no retry, no redirect followed, no decompression.
 * Rejects with TransportError only (errors.ts); a body that fails later errors its stream.
 */
export type Transport = (url: string, init: TransportInit) => Promise<UpstreamAnswer>

export interface UpstreamInit extends Omit<TransportInit, 'limits'> {
  /** Replaces the limits of the operation, one by one. */
  limits?: Partial<TimeLimits>
  /** Known for the usual paths (upstream/operations.ts); whoever knows better says so. */
  purpose?: Purpose
  /** Epoch milliseconds after which nobody waits for the answer's beginning; X-VX11-Deadline-Ms says it, too. */
  deadlineAt?: number
  /** Filled in on the way, for whoever wants to tell how the answer came about. */
  trace?: ExchangeTrace
}

/**
 * Both are the last to be refused when an upstream is overloaded. A question about health is also asked once only and
 * past the breaker: bad news is an answer.
 */
export type Purpose = 'health' | 'admin'

/** What an upstream's layers did for one request; each layer writes what it knows. */
export interface ExchangeTrace {
  /** Tries that reached the transport. */
  attempts: number
  /** The circuit as the request found it; absent where no breaker stands. */
  circuit?: CircuitState
  /** Milliseconds spent waiting for the upstream, all tries together. */
  upstreamMs: number
  /** Milliseconds spent waiting between tries. */
  pausedMs: number
}

/** One exchange with a named upstream; `target` is its raw path with query. Rejects with GatewayError only. */
export type Upstream = (target: string, init: UpstreamInit) => Promise<UpstreamAnswer>

/** Upstreams that are configured; a dormant one is absent. */
export type Upstreams = Partial<Record<UpstreamName, Upstream>>

/**
 * OpenAI-compatible endpoints that are configured, with breaker and limits of their own; they get the key of their
 * configuration and none of the gateway's tokens.
 */
export type Models = Partial<Record<ModelName, Upstream>>

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
  signal?: Departure
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
  init: Omit<WebSocketInit, 'limits'>,
) => Promise<OpenedWebSocket | UpstreamAnswer>

/** A WebSocket as the end of the process sees it. */
export interface OpenSocket {
  /** Absent where it ends at the gateway. */
  readonly leadsTo?: UpstreamName | undefined
  /** Asks both ends to leave, with 1001. */
  goAway(): void
  terminate(): void
}

export interface WebSockets {
  /** True for an upgrade request that the platform can still turn into a WebSocket. */
  canAccept(c: Context): boolean
  /** Turns the caller's request into a WebSocket; `answer` is what the handler must return. */
  accept(c: Context, agreed: { protocol: string | null; headers: Headers }): { answer: Response; peer: WebSocketPeer }
  /** Upstreams that are configured and reached over a network; a dormant or embedded one is absent. */
  upstreams: Partial<Record<UpstreamName, WebSocketUpstream>>
  /** Every WebSocket that is open now. */
  open: Set<OpenSocket>
  /** When the last one to an upstream ended, epoch milliseconds. */
  lastEndedAt?: Partial<Record<UpstreamName, number>>
}

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

/** One exchange of a caller with an upstream. */
export interface ProxiedRequest {
  /** Epoch milliseconds of its end. */
  at: number
  correlationId: string
  upstream: UpstreamName
  method: string
  /** The route template. */
  route: string
  status: number
  durationMs: number
}

/** Keeps exchanges for timelines; what it cannot keep it counts. */
export interface RequestRecorder {
  /** Costs the caller no waiting. */
  record(request: ProxiedRequest): void
  /** Resolves when all that was recorded is kept or counted. Never rejects. */
  flush(): Promise<void>
}

export type CircuitState = 'closed' | 'open' | 'half_open'

/** Who uses an upstream; questions about its health do not count. */
export interface UpstreamActivity {
  /** Under way, bodies that stream among them. */
  requests: number
  /** Null on workerd, where a body passes unseen. */
  streams: number | null
  /** Epoch milliseconds: now while a request is under way, else when the last one ended; null before the first. */
  lastAt: number | null
}

/** What stands between callers and an upstream right now; times in epoch milliseconds. */
export interface UpstreamState {
  circuit: CircuitState
  /** Failures in a row, up to now or until the circuit opened. */
  failures: number
  /** Kept after the recovery. */
  lastFailureAt: number | null
  /** When an open circuit lets a probe through. */
  openUntil: number | null
  inFlight: number
  maxInFlight: number
  retryBudget: RetryBudgetReading
  activity: UpstreamActivity
}

/** Upstreams and models that are configured. */
export type UpstreamStates = Partial<Record<PeerName, UpstreamState>>

/** What an upstream's /health said, or why it said nothing. */
export interface HealthReading {
  up: boolean
  version: string | null
  latencyMs: number
  checkedAt: number
  /** Coarse; null when it is up. */
  reason: string | null
}

/** Asks upstreams for their health past every limit and breaker; what it learns may close a circuit, never open one. */
export interface HealthChecks {
  /** Upstreams that are configured. */
  names: readonly UpstreamName[]
  /** At most five seconds old; null when the upstream is dormant. */
  read(name: UpstreamName): Promise<HealthReading | null>
  /** Asks when it is due, and resolves to the milliseconds until it is due next. Never rejects. */
  check(name: UpstreamName): Promise<number>
  /** The last reading, however old; null where there is none yet. Asks nobody. */
  last(name: UpstreamName): HealthReading | null
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** The only fields that reach a log line: nothing a caller wrote, but its correlation id. */
export interface LogFields {
  correlation_id?: string
  method?: string
  /** The route template, never the raw path. */
  route?: string
  status?: number
  duration_ms?: number
  principal?: string
  upstream?: string
  /** An error code of the catalogue, or the class of an unexpected error. */
  error?: string
  /** Our own words about what happened; an unexpected error's message and stack. */
  reason?: string
  count?: number
}

export type Log = Record<LogLevel, (event: string, fields?: LogFields) => void>

/** What the gateway counts about itself. Labels are bounded: route templates, known methods and statuses. */
export interface Metrics {
  requestFinished(request: { method: string; route: string; status: number; durationMs: number }): void
  /** To the upstream's status line; a status of ours where it sent none. */
  exchangeFinished(exchange: { upstream: UpstreamName; method: string; status: number; durationMs: number }): void
  cacheLookup(result: 'hit' | 'miss'): void
  /** Proxied requests that are missing in the timelines. */
  requestsNotRecorded(count: number): void
  requestLimited(rule: string): void
  /** One provider of the chat was asked; `outcome` is `answered` or the kind of its failure. */
  chatAttempted(attempt: { provider: string; outcome: string; durationMs: number }): void
  upstreamRetried(upstream: PeerName): void
  /** A retry that the budget refused. */
  retryRefused(upstream: PeerName): void
  circuitChanged(upstream: PeerName, state: CircuitState): void
  upstreamRefused(upstream: PeerName, reason: 'circuit_open' | 'overloaded'): void
  /** A caller that left in the middle of a body. */
  bodyAbandoned(upstream: PeerName): void
  /** Where the gauges read what holds right now, each time they are rendered. */
  watchUpstreams(read: () => UpstreamStates): void
  /** The Prometheus text exposition format. */
  render(): Promise<{ contentType: string; body: string }>
}

export type EventSeverity = 'info' | 'warn' | 'crit'

/** One event as a module, a socket or the gateway tells it. */
export interface NewEvent {
  /** Who tells it; at most 64 characters. */
  source: string
  /** At most 64 characters; one of the six canonical types, or anything. */
  type: string
  payload: Record<string, unknown>
  severity: EventSeverity
  /** The module it is about; null when it names none. */
  module: string | null
  correlationId: string | null
  /** One line for a list. */
  summary: string
}

export interface StoredEvent extends NewEvent {
  /** Its place in the stream: it grows with every event, over all instances. */
  id: number
  /** `evt_` and 12 hexadecimal digits. */
  eventId: string
  /** Epoch milliseconds. */
  at: number
}

/** Which events of the stream a reader wants; an empty list wants nothing, an absent one everything. */
export interface EventFilter {
  types?: readonly string[]
  severities?: readonly EventSeverity[]
  module?: string
  correlationId?: string
}

export interface EventQuery extends EventFilter {
  /** Only events behind this id. */
  after?: number
  /** Only events before this id. */
  before?: number
  /** Only events at this moment or later, in epoch milliseconds. */
  sinceMs?: number
  /** The most events that one page may hold, 1 to 1000. */
  limit: number
  order: 'oldest_first' | 'newest_first'
}

/** What one bounded look at the stream found. */
export interface EventPage {
  events: StoredEvent[]
  /** Where to go on, as `after` or `before` by the order; null when nothing is left there. May come with an empty page. */
  next: number | null
}

/** Makes a repeated `append` a single one for 24 hours. */
export interface AppendOnce {
  /** 64 hexadecimal digits: the digest of whose key it is, and of the key. */
  key: string
  /** The digest of what is asked under the key. */
  request: string
}

/** Hears events in the order of their ids, each once. Must not throw, nor wait. */
export type EventListener = (events: readonly StoredEvent[]) => void

export interface EventSubscription {
  /** Every event behind this id is told, and none up to it. */
  after: number
  close(): void
}

/** The one stream of events, over all instances. */
export interface EventLog {
  /**
   * Resolves after the commit, in the order given; all events are stored, or none. Rejects with a GatewayError:
   * `events_unavailable` when the store is down or too many wait for it, `idempotency_key_reused`.
   */
  append(events: readonly NewEvent[], once?: AppendOnce): Promise<StoredEvent[]>
  read(query: EventQuery): Promise<EventPage>
  /** The id of the newest event; 0 before the first. */
  newest(): Promise<number>
  /** The events from now on, by whatever instance they are stored. */
  subscribe(listener: EventListener): Promise<EventSubscription>
}

/** What instances tell each other of the stream. */
export interface EventNews {
  /** The id up to which the stream goes now. */
  newest: number
  /** The events that made it so; empty when they are too large to be carried along. */
  events: readonly StoredEvent[]
  /** The ledger's newest row then: who writes next stands on it. */
  ledger?: { id: number; hash: string }
}

/** Carries news to every instance: at least once when all is well, and not at all when its store is down. */
export interface EventHub {
  /** Never rejects, nor throws. */
  publish(news: EventNews): void
  subscribe(listener: (news: EventNews) => void): Promise<() => void>
}

/** A stream of events as the end of the process sees it. */
export interface OpenStream {
  /** Ends it after telling its reader where to go on. */
  goAway(): void
}

/** What changed at the gateway itself; told once per change, not per look. */
export type GatewayEvent = Pick<NewEvent, 'type' | 'severity' | 'summary'> &
  Partial<Pick<NewEvent, 'module' | 'correlationId' | 'payload'>> & {
    /** What several instances see for themselves is told by the first: not while `of` is `is` already. */
    state?: { of: string; is: string }
    /** Told once under this name within 24 hours. */
    once?: string
  }

/** Records what changed, beside the work that changed it: a failure is logged and hurts nobody. */
export type Announce = (event: GatewayEvent) => void

/** A run that has begun. */
export interface MaintenanceRun {
  id: string
  /** Rejects when the run failed as a whole; a step that failed is in the report. */
  report: Promise<MaintenanceReport>
}

export interface MaintenanceStatus {
  state: 'idle' | 'running'
  /** `here`: this instance does it. Progress is null until the first step begins. */
  run: { id: string; trigger: Trigger; started_at: string; here: boolean; progress: Progress | null } | null
  last: MaintenanceReport | null
  /** Null when there never was a full run, so that one is due. */
  next_full_run_at: string | null
}

/** The care of the database. One run at a time, whatever number of instances share the database. */
export interface Maintenance {
  /** Resolves when the run has begun; rejects with `maintenance_running` while another one is under way. */
  start(request: MaintenanceRequest): Promise<MaintenanceRun>
  read(): Promise<MaintenanceStatus>
  /** Runs the weekly maintenance if it is due, to its end. What goes wrong is logged. */
  startWhenDue(): Promise<void>
}

/** A question of the gateway to its own routes, as any caller's: through every layer, with the scope `operator`. */
export type AskSelf = (path: string, init?: { method: 'POST'; json: unknown }) => Promise<Response>

/** Keeps reports for people as files. */
export interface Reports {
  /** Replaces the report at once or not at all, and says where it is. */
  write(name: string, text: string): Promise<string>
}

/** A file that is open; closing it is the reader's to do. */
export interface EvidenceFile {
  /** When it was opened. */
  bytes: number
  /** At most that many, in pieces; fewer where the file shrinks meanwhile. */
  chunks(): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** Why a file is not read. */
export type EvidenceRefusal = 'missing' | 'link' | 'not_a_file' | 'unreadable'

/** The files that audits name as their evidence, below one root. */
export interface EvidenceFiles {
  /** `path` is relative and plain: names joined by slashes. No link is followed. Never rejects. */
  open(path: string): Promise<EvidenceFile | EvidenceRefusal>
}

/** What the process is doing, as readiness sees it. */
export interface Lifecycle {
  draining: boolean
}

export interface Deps {
  config: Config
  clock: Clock
  random: Random
  log: Log
  cache: Cache
  limiter: Limiter
  database: Database
  upstreams: Upstreams
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

/** What a request carries through the middleware, as `c.var`. */
export interface AppEnv {
  Variables: {
    correlationId: string
    /** The correlation id is the caller's own. */
    correlationGiven?: true
    /** Headers for the answer, by lower-case name (http/answer.ts). */
    gathered: Record<string, string>
    /** The answer was made with them. */
    answered?: true
    /** When the request came in, on the monotonic clock. */
    startedAt: number
    /** What is left of the allowance of the request's class; absent where nothing is limited. */
    limit?: { rule: string; remaining: number }
    /** Absent on public routes. */
    principal?: Principal
    /** The header that carried the caller's token; it must not travel on. */
    credentialHeader?: 'x-vx11-token' | 'x-vx11-gw-token' | 'authorization'
    /** The answer is a WebSocket, though `c.res` has another status than 101: Node's Response cannot have that one. */
    upgraded?: true
  }
}
