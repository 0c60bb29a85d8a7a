/** Reads the state of each upstream’s breaker, retry budget and limits; reading changes nothing. */
import type { Deps, UpstreamState } from '../../ports/index.ts'
import type { Breaker, BreakerStatus } from './schema.ts'

export type BreakerDeps = Pick<Deps, 'clock' | 'upstreamStates'>

export function readBreakers({ clock, upstreamStates }: BreakerDeps): BreakerStatus {
  const breakers = Object.entries(upstreamStates()).map(([name, state]) => [name, describeBreaker(state)] as const)
  return { status: 'ok', breakers: Object.fromEntries(breakers), timestamp: clock.now() / 1000 }
}

const describeBreaker = (state: UpstreamState): Breaker => ({
  state: state.circuit,
  failure_count: state.failures,
  last_failure: inSeconds(state.lastFailureAt),
  opened_until: inSeconds(state.openUntil),
  cause: state.cause && { ...state.cause, at: state.cause.at / 1000 },
  in_flight: state.inFlight,
  max_in_flight: state.maxInFlight,
  retry_budget: { ...state.retryBudget },
})

const inSeconds = (ms: number | null) => (ms === null ? null : ms / 1000)
