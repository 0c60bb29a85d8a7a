/** Health of the upstreams, from their own /health. */
import type { UpstreamName } from '../config/config.ts'

/** The result of an upstream's health check. */
export interface HealthReading {
  up: boolean
  version: string | null
  /** Null without an answer. */
  latencyMs: number | null
  /** Members of the health answer other than `status` and `version`; null if there are none. */
  reported: Readonly<Record<string, unknown>> | null
  checkedAt: number
  /** A coarse reason; null when it is up. */
  reason: string | null
}

/** Checks upstreams without limits and breaker; a result can close a circuit but not open one. */
export interface HealthChecks {
  /** Configured upstreams. */
  names: readonly UpstreamName[]
  /** At most five seconds old, or as old as the caller accepts; null when the upstream is dormant. */
  read(name: UpstreamName, acceptedMs?: number): Promise<HealthReading | null>
  /** Checks if due, and resolves to the milliseconds until the next check. Never rejects. */
  check(name: UpstreamName): Promise<number>
  /** Checks now and stores the reading; null when the upstream is dormant. */
  measure(name: UpstreamName): Promise<HealthReading | null>
  /** The last reading, of any age; null before the first. Sends no request. */
  last(name: UpstreamName): HealthReading | null
  /** Connects the power policy; until then every configured module is expected to run. */
  follow(policy: RunPolicy): void
}

/** The part of the power policy that health checks use. */
export interface RunPolicy {
  /** True while the module handles a power change of this gateway and answers nothing else. */
  isBusy(name: UpstreamName): boolean
  /** True if the policy lets the module run now. Never rejects. */
  shouldRun(name: UpstreamName): Promise<boolean>
}
