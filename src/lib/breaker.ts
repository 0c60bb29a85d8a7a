/** A circuit breaker as pure functions: whether a call is admitted, and the state after its result. */

export interface BreakerRules {
  /** Consecutive failures that open the circuit. */
  failures: number
  /** The maximum cool-down. */
  cooldownMs: number
  /** The first cool-down, doubled by each failed probe; by default the maximum. */
  firstCooldownMs?: number
  /** Failures within a shorter span do not open the circuit; 0 by default. */
  minSpanMs?: number
  /** Also opens if this share of at least `calls` calls fails within `windowMs` of a first failure. */
  share?: { failed: number; calls: number; windowMs: number }
}

/** `epoch` counts state changes; a call keeps the epoch of its admission, so that late results are ignored. */
export type Circuit =
  | { state: 'closed'; epoch: number; failures: number; failingSince: number; recent: Recent | null }
  | ({ state: 'open' } & Opened)
  | ({ state: 'half_open'; probeStartedAt: number; probeMs: number } & Opened)

interface Opened {
  epoch: number
  failures: number
  openedAt: number
  /** When a probe is admitted. */
  until: number
  cooldownMs: number
}

/** Counts from a first failure, so that calls without failures cost nothing. */
interface Recent {
  since: number
  calls: number
  failed: number
}

/** unknown: the result says nothing about the upstream. */
export type Outcome = 'success' | 'failure' | 'unknown'

export const closedCircuit: Circuit = { state: 'closed', epoch: 0, failures: 0, failingSince: 0, recent: null }

/**
 * The circuit after admission, whose epoch is the call's; null if the call is refused. After the cool-down one
 * probe is admitted and other calls are refused; a probe without a result after `probeMs` is replaced.
 */
export function admit(circuit: Circuit, now: number, probeMs = 0): Circuit | null {
  if (circuit.state === 'closed') return circuit
  if (circuit.state === 'open' && isWithin(now, circuit.openedAt, circuit.until)) return null
  if (circuit.state === 'half_open' && isWithin(now, circuit.probeStartedAt, circuit.probeStartedAt + circuit.probeMs))
    return null
  const { epoch, failures, openedAt, until, cooldownMs } = circuit
  return {
    state: 'half_open',
    epoch: epoch + 1,
    ...{ failures, openedAt, until, cooldownMs },
    probeStartedAt: now,
    probeMs: Math.max(probeMs, cooldownMs),
  }
}

/** `epoch` is that of the circuit that `admit` returned for the call. */
export function settle(circuit: Circuit, epoch: number, outcome: Outcome, rules: BreakerRules, now: number): Circuit {
  if (epoch !== circuit.epoch || circuit.state === 'open') return circuit
  if (circuit.state === 'half_open') return settleProbe(circuit, outcome, rules, now)
  if (outcome === 'unknown' || (outcome === 'success' && circuit.failures === 0 && !circuit.recent)) return circuit
  const recent = rules.share ? counted(circuit.recent, outcome, rules.share.windowMs, now) : null
  if (outcome === 'success') return { state: 'closed', epoch, failures: 0, failingSince: 0, recent }
  const failures = circuit.failures + 1
  const failingSince = circuit.failures === 0 ? now : circuit.failingSince
  const opens = failsInARow(failures, failingSince, rules, now) || failsTooOften(recent, rules, now)
  if (!opens) return { state: 'closed', epoch, failures, failingSince, recent }
  return opened(epoch, failures, rules.firstCooldownMs ?? rules.cooldownMs, now)
}

const failsInARow = (failures: number, since: number, { failures: limit, minSpanMs = 0 }: BreakerRules, now: number) =>
  failures >= limit && now - since >= minSpanMs

const failsTooOften = (recent: Recent | null, { share, minSpanMs = 0 }: BreakerRules, now: number) =>
  recent !== null &&
  share !== undefined &&
  recent.calls >= share.calls &&
  recent.failed >= recent.calls * share.failed &&
  now - recent.since >= minSpanMs

/** Windows begin with a failure. */
function counted(recent: Recent | null, outcome: Outcome, windowMs: number, now: number): Recent | null {
  const failed = outcome === 'failure' ? 1 : 0
  if (!recent || !isWithin(now, recent.since, recent.since + windowMs))
    return failed === 0 ? null : { since: now, calls: 1, failed }
  return { since: recent.since, calls: recent.calls + 1, failed: recent.failed + failed }
}

/** After a probe with an unknown result the next call is the probe. */
function settleProbe(
  circuit: Circuit & { state: 'half_open' },
  outcome: Outcome,
  rules: BreakerRules,
  now: number,
): Circuit {
  const { epoch, failures, openedAt, until, cooldownMs } = circuit
  if (outcome === 'success') return closed(epoch)
  if (outcome === 'failure') return opened(epoch, failures + 1, Math.min(cooldownMs * 2, rules.cooldownMs), now)
  return { state: 'open', epoch: epoch + 1, failures, openedAt, until, cooldownMs }
}

/** Closes the circuit after a successful call outside of it. */
export const heal = (circuit: Circuit): Circuit => (circuit.state === 'closed' ? circuit : closed(circuit.epoch))

/** Closes the circuit of what was exchanged; results of calls to the one before are ignored. */
export const restarted = (circuit: Circuit): Circuit => closed(circuit.epoch)

/** After a successful health check, a circuit that opened before `startedAt` admits a probe at once. */
export function probeNow(circuit: Circuit, startedAt: number, now: number): Circuit {
  if (circuit.state === 'closed' || startedAt <= circuit.openedAt) return circuit
  if (circuit.state === 'open') return { ...circuit, until: Math.min(circuit.until, now) }
  return startedAt <= circuit.probeStartedAt ? circuit : { ...circuit, probeMs: 0 }
}

/** Milliseconds until a refused call should be retried; short during a probe. */
export function retryAfterMs(circuit: Circuit, now: number): number {
  return circuit.state === 'open' ? Math.max(0, circuit.until - now) : 1000
}

const closed = (epoch: number): Circuit => ({ ...closedCircuit, epoch: epoch + 1 })

const opened = (epoch: number, failures: number, cooldownMs: number, now: number): Circuit => ({
  state: 'open',
  epoch: epoch + 1,
  failures,
  openedAt: now,
  until: now + cooldownMs,
  cooldownMs,
})

/** If the clock was set back, the circuit must not stay open longer. */
const isWithin = (now: number, from: number, end: number) => now >= from && now < end
