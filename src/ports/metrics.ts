/** The figures of the gateway, as /metrics tells them. */
import type { PeerName, UpstreamName } from '../config/config.ts'
import type { Limiter } from './limiter.ts'
import type { CircuitState, UpstreamStates } from './upstream-states.ts'
import type { AskPurpose } from './upstreams.ts'

/** Why an upstream was called: for a caller, for the gateway's own work, or to measure it. */
export type CallPurpose = 'proxy' | 'own' | 'probe' | AskPurpose

/** VX11's state at a scrape; null is not measured. */
export interface StateGauges {
  modules: readonly { name: UpstreamName; up: boolean | null; expected: boolean | null }[]
  degraded: boolean
  windowOpen: boolean | null
  windowLeftS: number | null
  databaseUp: boolean
  databaseBytes: number | null
  backupAgeS: number | null
  eventsWaiting: number | null
  eventStreams: number
}

/** What the gateway counts about itself. Labels are bounded: route templates, known methods and statuses. */
export interface Metrics {
  requestFinished(request: { method: string; route: string; status: number; durationMs: number }): void
  /** To the upstream's status line; a status of ours where it sent none. */
  exchangeFinished(exchange: {
    upstream: PeerName
    purpose: CallPurpose
    method: string
    status: number
    durationMs: number
  }): void
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
  upstreamRefused(
    upstream: PeerName,
    reason: 'circuit_open' | 'overloaded' | 'principal_share' | 'too_many_sockets',
  ): void
  /** A caller that left in the middle of a body. */
  bodyAbandoned(upstream: PeerName): void
  /** Where the gauges read what holds right now, each time they are rendered. */
  watchUpstreams(read: () => UpstreamStates): void
  /** The same for the WebSockets that lead to each upstream. */
  watchSockets(read: () => Partial<Record<UpstreamName, number>>): void
  /** Where the gauge of the limit store reads. */
  watchLimiter(limiter: Pick<Limiter, 'store' | 'isAway'>): void
  /** Where the gauges of VX11's state read; once for each scrape. */
  watchState(read: () => Promise<StateGauges>): void
  /** Where the counter of lost log lines reads. */
  watchLogLines(dropped: () => number): void
  /** The Prometheus text exposition format. */
  render(): Promise<{ contentType: string; body: string }>
}
