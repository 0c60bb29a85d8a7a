/** How the peers are doing, as the gateway's own layers see it. */
import type { PeerName } from '../config/config.ts'
import type { RetryBudgetReading } from '../lib/retry-budget.ts'

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

/** Why an exchange failed before its status line, in the words of the system or of the certificate check. */
export interface FailureCause {
  /** Such as ECONNREFUSED, ENOTFOUND, DEPTH_ZERO_SELF_SIGNED_CERT; the gateway's own word where the system has none. */
  code: string
  complaint: string
  /** Epoch milliseconds. */
  at: number
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
  /** Of the last exchange, health questions included; null when it worked. */
  cause: FailureCause | null
  activity: UpstreamActivity
}

/** Upstreams and models that are configured. */
export type UpstreamStates = Partial<Record<PeerName, UpstreamState>>
