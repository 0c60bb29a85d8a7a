/** State of the upstreams as observed by the gateway's layers. */
import type { PeerName } from '../config/config.ts'
import type { RetryBudgetReading } from '../lib/retry-budget.ts'
import type { HealthReading } from './health-checks.ts'

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

/** What this instance knows of one of several addresses; times in epoch milliseconds. */
export interface AddressState {
  url: string
  weight: number
  /** `open`: set aside; its requests go to the others. */
  circuit: CircuitState
  failures: number
  lastFailureAt: number | null
  openUntil: number | null
  inFlight: number
  sockets: number
  cause: FailureCause | null
  /** Its own answer to /health; null before the first. */
  health: HealthReading | null
  tries: Readonly<Record<'success' | 'failure' | 'unknown', number>>
  /** To the status line or the failure, all tries together. */
  waitedMs: number
  /** How often it was set aside. */
  ejections: number
}

/** Slow reads that were sent to a second address. */
export interface HedgeState {
  /** The wait before the second address is asked; null while too few answers are known. */
  afterMs: number | null
  sent: number
  /** The second address answered first. */
  won: number
  /** By the retry budget. */
  refused: number
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
  /** Absent where there is only one. */
  addresses?: readonly AddressState[]
  /** Tries at an address that was set aside, because all were; absent where there is only one. */
  lastResorts?: number
  /** Absent where it is not asked for. */
  hedges?: HedgeState
}

/** Configured upstreams and models. */
export type UpstreamStates = Partial<Record<PeerName, UpstreamState>>
