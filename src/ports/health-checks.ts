/** How the upstreams are doing, as they say themselves. */
import type { UpstreamName } from '../config/config.ts'

/** What an upstream's /health said, or why it said nothing. */
export interface HealthReading {
  up: boolean
  version: string | null
  latencyMs: number
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
  /** The last reading, however old; null where there is none yet. Asks nobody. */
  last(name: UpstreamName): HealthReading | null
}
