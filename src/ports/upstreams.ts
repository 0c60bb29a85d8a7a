/** The peers the gateway works with: each is one function. */
import type { ModelName, UpstreamName } from '../config/config.ts'
import type { TimeLimits, TransportInit, UpstreamAnswer } from './transport.ts'
import type { CircuitState } from './upstream-states.ts'

export interface UpstreamInit extends Omit<TransportInit, 'limits'> {
  /** Replaces the limits of the operation, one by one. */
  limits?: Partial<TimeLimits>
  /** The principal whose share of the upstream's slots the request takes; absent for the gateway's own. */
  owner?: string
  /** Known for the usual paths (upstream/operations.ts); whoever knows better says so. */
  purpose?: AskPurpose
  /** Milliseconds on the monotonic clock after which nobody waits for the answer's beginning; X-VX11-Deadline-Ms says it, too. */
  deadlineAt?: number
  /** Filled in on the way, for whoever wants to tell how the answer came about. */
  trace?: ExchangeTrace
}

/**
 * Both are the last to be refused when an upstream is overloaded. A question about health is also asked once only and
 * past the breaker: bad news is an answer.
 */
export type AskPurpose = 'health' | 'admin'

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
