/** A circuit breaker without timers or promises: who may pass now, and what a result makes of the circuit. */

export interface BreakerRules {
  /** Failures in a row that open the circuit. */
  failures: number
  cooldownMs: number
}

/** `epoch` counts the changes of state; a call carries the epoch it passed in, so that a late result moves nothing. */
export type Circuit =
  | { state: 'closed'; epoch: number; failures: number }
  | { state: 'open'; epoch: number; failures: number; openedAt: number }
  | { state: 'half_open'; epoch: number; failures: number; openedAt: number; probeStartedAt: number; probeMs: number }

/** unknown: the call ended without telling anything about the other side. */
export type Outcome = 'success' | 'failure' | 'unknown'

export const closedCircuit: Circuit = { state: 'closed', epoch: 0, failures: 0 }

/**
 * The circuit with the call let in, whose epoch is the call's; null when the call is refused. After the cool-down one
 * probe passes and the others are refused; a probe without a result after its `probeMs` counts as lost, and makes room.
 */
export function admit(circuit: Circuit, rules: BreakerRules, now: number, probeMs = 0): Circuit | null {
  if (circuit.state === 'closed') return circuit
  if (circuit.state === 'open' && isWithin(now, circuit.openedAt, rules.cooldownMs)) return null
  if (circuit.state === 'half_open' && isWithin(now, circuit.probeStartedAt, circuit.probeMs)) return null
  return {
    state: 'half_open',
    epoch: circuit.epoch + 1,
    failures: circuit.failures,
    openedAt: circuit.openedAt,
    probeStartedAt: now,
    probeMs: Math.max(probeMs, rules.cooldownMs),
  }
}

/** `epoch` is that of the circuit which `admit` gave to the call. */
export function settle(circuit: Circuit, epoch: number, outcome: Outcome, rules: BreakerRules, now: number): Circuit {
  if (epoch !== circuit.epoch || circuit.state === 'open') return circuit
  if (circuit.state === 'half_open') return settleProbe(circuit, outcome, now)
  if (outcome === 'unknown' || (outcome === 'success' && circuit.failures === 0)) return circuit
  const failures = outcome === 'success' ? 0 : circuit.failures + 1
  return failures < rules.failures ? { state: 'closed', epoch, failures } : opened(epoch, failures, now)
}

/** A probe that told nothing leaves the cool-down over, so that the next call is the probe. */
function settleProbe(circuit: Circuit & { state: 'half_open' }, outcome: Outcome, now: number): Circuit {
  const { epoch, failures, openedAt } = circuit
  if (outcome === 'success') return closed(epoch)
  return outcome === 'failure' ? opened(epoch, failures + 1, now) : opened(epoch, failures, openedAt)
}

/** Somebody else saw the other side recover. */
export const heal = (circuit: Circuit): Circuit => (circuit.state === 'closed' ? circuit : closed(circuit.epoch))

/** Milliseconds until a refused call has a chance; a running probe is soon done. */
export function retryAfterMs(circuit: Circuit, rules: BreakerRules, now: number): number {
  return circuit.state === 'open' ? Math.max(0, circuit.openedAt + rules.cooldownMs - now) : 1000
}

const closed = (epoch: number): Circuit => ({ state: 'closed', epoch: epoch + 1, failures: 0 })

const opened = (epoch: number, failures: number, openedAt: number): Circuit => ({
  state: 'open',
  epoch: epoch + 1,
  failures,
  openedAt,
})

/** A clock that was set back must not hold a circuit open for as long. */
const isWithin = (now: number, from: number, spanMs: number) => now >= from && now < from + spanMs
