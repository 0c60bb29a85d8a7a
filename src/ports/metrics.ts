/** The metrics that /metrics exposes. */
import type { PeerName, UpstreamName } from '../config/config.ts'
import type { Limiter } from './limiter.ts'
import type { CircuitState, UpstreamStates } from './upstream-states.ts'

/** Counters and gauges. Labels are bounded: route templates, known methods and statuses. */
export interface Metrics {
  requestFinished(request: { method: string; route: string; status: number; durationMs: number }): void
  /** Timed to the upstream's status line; `status` is the gateway's own if the upstream sent none. */
  exchangeFinished(exchange: { upstream: UpstreamName; method: string; status: number; durationMs: number }): void
  cacheLookup(result: 'hit' | 'miss'): void
  /** Proxied requests missing from timelines. */
  requestsNotRecorded(count: number): void
  requestLimited(rule: string): void
  /** A call to a chat provider; `outcome` is `answered` or the kind of failure. */
  chatAttempted(attempt: { provider: string; outcome: string; durationMs: number }): void
  upstreamRetried(upstream: PeerName): void
  /** The retry budget refused a retry. */
  retryRefused(upstream: PeerName): void
  circuitChanged(upstream: PeerName, state: CircuitState): void
  upstreamRefused(
    upstream: PeerName,
    reason: 'circuit_open' | 'overloaded' | 'principal_share' | 'too_many_sockets',
  ): void
  /** A caller disconnected in the middle of a body. */
  bodyAbandoned(upstream: PeerName): void
  /** Sets the source that the gauges read at each rendering. */
  watchUpstreams(read: () => UpstreamStates): void
  /** Sets the source of the WebSocket gauge, by upstream. */
  watchSockets(read: () => Partial<Record<UpstreamName, number>>): void
  /** Sets the source of the limit store's gauge. */
  watchLimiter(limiter: Pick<Limiter, 'store' | 'isUnavailable'>): void
  /** Sets the source of the counter of lost log lines. */
  watchLogLines(dropped: () => number): void
  /** The Prometheus text exposition format. */
  render(): Promise<{ contentType: string; body: string }>
}
