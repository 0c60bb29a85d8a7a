/** A circuit breaker around an upstream. Callers are refused while it is open, never queued. */
import type { PeerName } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import {
  admit,
  type BreakerRules,
  type Circuit,
  closedCircuit,
  heal,
  type Outcome,
  probeNow,
  restarted,
  retryAfterMs,
  settle,
} from '../../lib/breaker.ts'
import type { CircuitState, Clock, Upstream, UpstreamInit, UpstreamState } from '../../ports/index.ts'
import { defaultLimits, unavailableCode } from '../target.ts'
import { answerOutcome, errorOutcome } from './outcome.ts'

export interface CircuitOptions {
  name: PeerName
  /** In force now. */
  rules: () => BreakerRules
  clock: Clock
  changed: (state: CircuitState) => void
  refused: () => void
  /** Whether a failure opens the circuit alone. */
  opensAtOnce?: (error: unknown) => boolean
}

export interface CircuitBreaker {
  around(next: Upstream): Upstream
  /** Whether a call would pass now, or would have passed `patienceMs` ago. */
  admits(patienceMs?: number): boolean
  /** A health check saw the upstream recover. */
  heal(): void
  /** Another server is behind it now. What fails late at the one before says nothing of it. */
  restart(): void
  /** A health check that began then passed. */
  checkPassed(startedAt: number): void
  read(): Pick<UpstreamState, 'circuit' | 'failures' | 'lastFailureAt' | 'openUntil'>
}

/**
 * One state per process on Node, per isolate on workerd. The status line decides the outcome; a body that breaks later
 * does not count.
 */
export function circuitBreaker(options: CircuitOptions): CircuitBreaker {
  const { name, rules, clock, changed, refused, opensAtOnce } = options
  let circuit: Circuit = closedCircuit
  let lastFailureAt: number | null = null

  function become(next: Circuit): void {
    const before = circuit.state
    circuit = next
    if (next.state !== before) changed(next.state)
  }

  /** The epoch of an admitted call. */
  function enter({ limits, trace }: UpstreamInit): number {
    const now = clock.monotonic()
    const admitted = admit(circuit, now, limits?.firstByteMs ?? defaultLimits.firstByteMs)
    if (trace) trace.circuit ??= admitted?.state ?? circuit.state
    if (!admitted) {
      refused()
      throw new GatewayError(unavailableCode(name), { retryAfterMs: retryAfterMs(circuit, now) })
    }
    become(admitted)
    return admitted.epoch
  }

  function leave(epoch: number, outcome: Outcome, isGrave = false): void {
    if (outcome === 'failure') lastFailureAt = clock.now()
    const applied = isGrave ? { ...rules(), failures: 1, minSpanMs: 0 } : rules()
    become(settle(circuit, epoch, outcome, applied, clock.monotonic()))
  }

  const around =
    (next: Upstream): Upstream =>
    async (target, init) => {
      // Health requests always pass and never count.
      if (init.purpose === 'health') return next(target, init)
      const epoch = enter(init)
      try {
        const answer = await next(target, init)
        leave(epoch, answerOutcome(answer.status))
        return answer
      } catch (error) {
        leave(epoch, errorOutcome(error, init, clock.monotonic()), opensAtOnce?.(error))
        throw error
      }
    }

  return {
    around,
    admits(patienceMs = 0) {
      const now = clock.monotonic()
      if (circuit.state === 'open' && now < circuit.until + patienceMs) return false
      return admit(circuit, now) !== null
    },
    heal: () => become(heal(circuit)),
    restart: () => become(restarted(circuit)),
    checkPassed: (startedAt) => become(probeNow(circuit, startedAt, clock.monotonic())),
    read: () => ({
      circuit: circuit.state,
      failures: circuit.failures,
      lastFailureAt,
      openUntil: circuit.state === 'open' ? clock.now() + circuit.until - clock.monotonic() : null,
    }),
  }
}
