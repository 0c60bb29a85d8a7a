/** State of the upstreams as observed by the gateway's layers. */
import type { PeerName } from '../config/config.ts'
import type { RetryBudgetReading } from '../lib/retry-budget.ts'

export type CircuitState = 'closed' | 'open' | 'half_open'

/** Use of an upstream, without health checks. */
export interface UpstreamActivity {
  /** Requests in flight, including streaming bodies. */
  requests: number
  /** Null on workerd, where the gateway does not see bodies. */
  streams: number | null
  /** Epoch milliseconds: now while a request is in flight, else the end of the last one; null before the first. */
  lastAt: number | null
}

/** Why an exchange failed before its status line, as reported by the system or the TLS check. */
export interface FailureCause {
  /** Such as ECONNREFUSED, ENOTFOUND, DEPTH_ZERO_SELF_SIGNED_CERT; the gateway's own code if the system has none. */
  code: string
  complaint: string
  /** Epoch milliseconds. */
  at: number
}

/** Breaker, limit and use of an upstream now; times in epoch milliseconds. */
export interface UpstreamState {
  circuit: CircuitState
  /** Consecutive failures, up to now or to the opening of the circuit. */
  failures: number
  /** Not reset by a recovery. */
  lastFailureAt: number | null
  /** When an open circuit lets a probe through. */
  openUntil: number | null
  inFlight: number
  maxInFlight: number
  retryBudget: RetryBudgetReading
  /** Of the last exchange, including health checks; null if it succeeded. */
  cause: FailureCause | null
  activity: UpstreamActivity
}

/** Configured upstreams and models. */
export type UpstreamStates = Partial<Record<PeerName, UpstreamState>>
