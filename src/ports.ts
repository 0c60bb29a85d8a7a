/** Every question the gateway asks of the outside world, as types. Entries answer them; tests fake them. */
import type { Context } from 'hono'
import type { Config, UpstreamName } from './config.ts'
import type { Database } from './db/database.ts'
import type { Principal } from './lib/principal.ts'

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
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

/** Counts requests per key, atomically. Rejects when its store cannot be reached. */
export interface Limiter {
  /** Spends one request of the key's allowance if there is one. */
  take(key: string, rule: LimitRule): Promise<LimitVerdict>
  /** The same answer without spending. */
  peek(key: string, rule: LimitRule): Promise<LimitVerdict>
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
  signal?: AbortSignal
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
  limits?: Partial<TimeLimits>
  /** Filled in on the way, for whoever wants to tell how the answer came about. */
  trace?: ExchangeTrace
}

/** What an upstream's layers did for one request; each layer writes what it knows. */
export interface ExchangeTrace {
  /** Tries that reached the transport. */
  attempts: number
  /** The circuit as the request found it; absent where no breaker stands. */
  circuit?: 'closed' | 'open' | 'half_open'
  /** Milliseconds spent waiting for the upstream, all tries together. */
  upstreamMs: number
  /** Milliseconds spent waiting between tries. */
  pausedMs: number
}

/** One exchange with a named upstream; `target` is its raw path with query. Rejects with GatewayError only. */
export type Upstream = (target: string, init: UpstreamInit) => Promise<UpstreamAnswer>

/** Upstreams that are configured; a dormant one is absent. */
export type Upstreams = Partial<Record<UpstreamName, Upstream>>

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
  requestLimited(rule: string): void
  /** The Prometheus text exposition format. */
  render(): Promise<{ contentType: string; body: string }>
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
  metrics: Metrics
  lifecycle: Lifecycle
  /** What must answer before the gateway calls itself ready, by name. */
  readiness: Readonly<Record<string, () => Promise<void>>>
  /** The caller's address, behind as many proxies as the configuration trusts. */
  clientAddress: (c: Context) => string
  /** The request target as it came over the wire: raw path and query, before any URL parser touched it. */
  requestTarget: (c: Context) => string
  /** Lets work outlive the answer (`waitUntil` on workerd). */
  background: (work: Promise<unknown>) => void
}

/** What a request carries through the middleware, as `c.var`. */
export interface AppEnv {
  Variables: {
    correlationId: string
    /** Absent on public routes. */
    principal?: Principal
    /** The header that carried the caller's token; it must not travel on. */
    credentialHeader?: 'x-vx11-token' | 'x-vx11-gw-token' | 'authorization'
  }
}
