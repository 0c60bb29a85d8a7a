/** The metrics that /metrics exposes. */
import type { PeerName, UpstreamName } from '../config/config.ts'
import type { ConfigurationState } from './configuration.ts'
import type { Limiter } from './limiter.ts'
import type { TraceCounts } from './tracing.ts'
import type { CircuitState, UpstreamStates } from './upstream-states.ts'
import type { AskPurpose } from './upstreams.ts'
import type { DeliveryOutcome } from './webhooks.ts'

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
  webhooks: readonly { name: string; isDead: boolean; waiting: number; oldestS: number }[]
}

export interface ChatModelGauge {
  model: string
  /** From 1. */
  position: number
  /** From 0 to 1; null where it was not asked in the last hours. */
  worth: number | null
}

/** The last drift audit; epoch milliseconds. */
export interface DriftGauges {
  at: number
  drifts: readonly { area: string; severity: string }[]
}

/** Counters and gauges. Labels are bounded: route templates, known methods and statuses. */
export interface Metrics {
  requestFinished(request: { method: string; route: string; status: number; durationMs: number }): void
  /** Timed to the upstream's status line; `status` is the gateway's own if the upstream sent none. */
  exchangeFinished(exchange: {
    upstream: PeerName
    purpose: CallPurpose
    method: string
    status: number
    durationMs: number
  }): void
  cacheLookup(result: 'hit' | 'miss'): void
  /** An answer went out after its time: while a new one was fetched, or because there was none. */
  staleServed(reason: 'revalidating' | 'error'): void
  /** Proxied requests missing from timelines. */
  requestsNotRecorded(count: number): void
  /** The beginning or the end of an administrative act is missing in the audit. */
  actNotRecorded(): void
  requestLimited(rule: string): void
  /** A request over its limit passed, since limits are only watched. */
  limitShadowed(rule: string): void
  /** A call to a chat provider; `outcome` is `answered` or the kind of failure. */
  chatAttempted(attempt: { provider: string; outcome: string; durationMs: number }): void
  /** A request or a schedule that opens a window, by what came of it. */
  wakeEnded(outcome: string): void
  /** A destination that there may be tries at: its counters begin at zero, so that the first one is seen to rise. */
  webhookConfigured(webhook: string): void
  /** A try to deliver a notification. */
  webhookAttempted(webhook: string, outcome: DeliveryOutcome): void
  /** With rotation: the model that a message went to first, and why. */
  chatDecided(decision: { model: string; reason: string }): void
  chatOrderChanged(): void
  /** Sets the source of the gauges of the chat's models; empty where nothing is learned. */
  watchChatModels(read: () => readonly ChatModelGauge[]): void
  /** Sets the source of the seconds until a resource is used up; null is not predicted. */
  watchForecasts(read: () => readonly { name: string; inS: number | null }[]): void
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
  /** Sets the source of the gauges of the running configuration. */
  watchConfiguration(read: () => ConfigurationState): void
  configReloaded(outcome: 'applied' | 'unchanged' | 'refused'): void
  /** Sets the source of VX11's state gauges, read once per scrape. */
  watchState(read: () => Promise<StateGauges>): void
  /** Sets the source of the counters of spans; not called where tracing is off. */
  watchTraces(read: () => TraceCounts): void
  /** Sets the source of the gauges of the last drift audit; null before one is known here. */
  watchDrift(read: () => DriftGauges | null): void
  /** Sets the source of the counter of lost log lines. */
  watchLogLines(dropped: () => number): void
  /** The Prometheus text exposition format. */
  render(): Promise<{ contentType: string; body: string }>
}
