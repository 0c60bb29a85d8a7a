/** Upstreams and models, each as one function. */
import type { ModelName, UpstreamName } from '../config/config.ts'
import type { TimeLimits, TransportInit, UpstreamAnswer } from './transport.ts'
import type { CircuitState } from './upstream-states.ts'

export interface UpstreamInit extends Omit<TransportInit, 'limits'> {
  /** Overrides single time limits of the operation. */
  limits?: Partial<TimeLimits>
  /** The principal to whose share of the upstream's slots the request counts; absent for the gateway's own requests. */
  owner?: string
  /** Overrides the purpose that follows from the path (upstream/operations.ts). */
  purpose?: AskPurpose
  /** The answer must begin by then, on the monotonic clock; also sent as X-VX11-Deadline-Ms. */
  deadlineAt?: number
  /** Filled in by the layers, for explanations. */
  trace?: ExchangeTrace
  /** How many tries of the same request went before; absent with the first. */
  resends?: number
  /** URLs of the addresses that tries of this request went to; a further one goes to another if it can. */
  visited?: Set<string>
}

/**
 * An overloaded upstream refuses both last. A health check is also sent without retries and breaker,
 * because a failure is a valid result.
 */
export type AskPurpose = 'health' | 'admin'

export interface Try {
  /** On the monotonic clock. */
  startedAt: number
  /** To the status line. */
  durationMs: number
  /** The status, or how the transport or the gateway failed. */
  outcome: number | string
  /** Absent where there is only one. */
  address?: string
  /** Of its span, which the upstream was told of as its parent; absent where no trace is recorded. */
  spanId?: string
}

/** What the upstream layers did for one request. */
export interface ExchangeTrace {
  /** Attempts that reached the transport. */
  attempts: number
  /** The circuit's state at the request; absent without a breaker. */
  circuit?: CircuitState
  /** Milliseconds of waiting for the upstream, over all attempts. */
  upstreamMs: number
  /** Milliseconds of waiting between attempts. */
  pausedMs: number
  /** The attempts, in their order. */
  tries: Try[]
  /** What the current one sends as `traceparent`, if its span is recorded. */
  traceparent?: string | undefined
  /** The address that answered; absent where there is only one. */
  address?: string
}

/** One exchange with a named upstream; `target` is its raw path with query. Rejects with GatewayError only. */
export type Upstream = (target: string, init: UpstreamInit) => Promise<UpstreamAnswer>

/** Configured upstreams; a dormant one is absent. */
export type Upstreams = Partial<Record<UpstreamName, Upstream>>

/**
 * Configured OpenAI-compatible endpoints, with their own breaker and limits; they get their configured key
 * and none of the gateway's tokens.
 */
export type Models = Partial<Record<ModelName, Upstream>>
