/** Classifies the end of an exchange for the circuit breaker. */
import { GatewayError, TransportError, type TransportFailure } from '../../errors/gateway-error.ts'
import type { Outcome } from '../../lib/breaker.ts'
import type { UpstreamInit } from '../../ports/index.ts'

/** Undefined for errors that did not come from the transport. */
export function transportFailure(error: unknown): TransportFailure | undefined {
  const cause = error instanceof GatewayError ? error.cause : undefined
  return cause instanceof TransportError ? cause.failure : undefined
}

/** A healthy service answers 501 for a method or path that it does not offer. */
export const answerOutcome = (status: number): Outcome => (status < 500 || status === 501 ? 'success' : 'failure')

/** Timers may fire slightly early. */
const timerSlackMs = 5

/** A try that the caller's own deadline ended is `unknown`, or short deadlines could open a circuit. */
export function errorOutcome(error: unknown, { deadlineAt }: UpstreamInit, now: number): Outcome {
  const failure = transportFailure(error)
  if (failure === undefined || failure === 'aborted' || failure === 'body_too_large') return 'unknown'
  if (failure === 'timeout' && deadlineAt !== undefined && now >= deadlineAt - timerSlackMs) return 'unknown'
  return 'failure'
}
