/** Reads the state of each upstream’s breaker, retry budget and limits; reading changes nothing. */
import type { AddressState, Deps, HedgeState, UpstreamState } from '../../ports/index.ts'
import type { Breaker, BreakerAddress, BreakerStatus } from './schema.ts'

export type BreakerDeps = Pick<Deps, 'clock' | 'upstreamStates'>

export function readBreakers({ clock, upstreamStates }: BreakerDeps): BreakerStatus {
  const breakers = Object.entries(upstreamStates()).map(([name, state]) => [name, describeBreaker(state)] as const)
  return { status: 'ok', breakers: Object.fromEntries(breakers), timestamp: clock.now() / 1000 }
}

const describeBreaker = (state: UpstreamState): Breaker => ({
  ...describeCircuit(state),
  max_in_flight: state.maxInFlight,
  retry_budget: { ...state.retryBudget },
  ...(state.addresses && { addresses: state.addresses.map(describeAddress) }),
  ...(state.lastResorts !== undefined && { last_resorts: state.lastResorts }),
  ...(state.hedges && { hedges: describeHedges(state.hedges) }),
})

const describeAddress = (address: AddressState): BreakerAddress => {
  const { url, weight, sockets, health, tries, ejections } = address
  return {
    ...{ url, weight },
    ...describeCircuit(address),
    sockets,
    health: health && {
      ...{ up: health.up, reason: health.reason, latency_ms: health.latencyMs },
      checked_at: health.checkedAt / 1000,
    },
    tries: { ...tries },
    ejections,
  }
}

const describeCircuit = (
  state: Pick<AddressState, 'circuit' | 'failures' | 'lastFailureAt' | 'openUntil' | 'cause' | 'inFlight'>,
) => ({
  state: state.circuit,
  failure_count: state.failures,
  last_failure: inSeconds(state.lastFailureAt),
  opened_until: inSeconds(state.openUntil),
  cause: state.cause && { ...state.cause, at: state.cause.at / 1000 },
  in_flight: state.inFlight,
})

const describeHedges = ({ afterMs, sent, won, refused }: HedgeState) => ({ after_ms: afterMs, sent, won, refused })

const inSeconds = (ms: number | null) => (ms === null ? null : ms / 1000)
