/** How the upstreams are doing, as they say themselves. */
import type { UpstreamName } from '../config/config.ts'

/** What an upstream's /health said, or why it said nothing. */
export interface HealthReading {
  up: boolean
  version: string | null
  /** Null when it did not answer. */
  latencyMs: number | null
  /** The members of its health answer beside `status` and `version`; null without any. */
  reported: Readonly<Record<string, unknown>> | null
  checkedAt: number
  /** Coarse; null when it is up. */
  reason: string | null
}

/** Asks upstreams for their health past every limit and breaker; what it learns may close a circuit, never open one. */
export interface HealthChecks {
  /** Upstreams that are configured. */
  names: readonly UpstreamName[]
  /** At most five seconds old; null when the upstream is dormant. */
  read(name: UpstreamName): Promise<HealthReading | null>
  /** Asks when it is due, and resolves to the milliseconds until it is due next. Never rejects. */
  check(name: UpstreamName): Promise<number>
  /** Probes now and keeps the result as the reading; null when the upstream is dormant. */
  measure(name: UpstreamName): Promise<HealthReading | null>
  /** The last reading, however old; null where there is none yet. Sends no request. */
  last(name: UpstreamName): HealthReading | null
  /** Connects the checks with the power policy; until then every configured module should run. */
  follow(policy: RunPolicy): void
}

/** What the checks need to know of the power policy. */
export interface RunPolicy {
  /** Whether the module works on a power change of this gateway and answers nothing else meanwhile. */
  isBusy(name: UpstreamName): boolean
  /** Whether the policy lets the module run now. Never rejects. */
  shouldRun(name: UpstreamName): Promise<boolean>
}
