/** What the end of an exchange tells about its upstream. */
import { GatewayError, TransportError, type TransportFailure } from '../../errors/gateway-error.ts'
import type { Outcome } from '../../lib/breaker.ts'
import type { UpstreamInit } from '../../ports/index.ts'

/** Undefined for everything that went wrong on our side of the transport. */
export function transportFailure(error: unknown): TransportFailure | undefined {
  const cause = error instanceof GatewayError ? error.cause : undefined
  return cause instanceof TransportError ? cause.failure : undefined
}

/** 501 is what a service in order says to a method or path that it does not offer. */
export const answerOutcome = (status: number): Outcome => (status < 500 || status === 501 ? 'success' : 'failure')

/** Timers are a little early at times. */
const timerSlackMs = 5

/** A try that ended because its caller would wait no longer tells nothing, or impatience could open a circuit. */
export function errorOutcome(error: unknown, { deadlineAt }: UpstreamInit, now: number): Outcome {
  const failure = transportFailure(error)
  if (failure === undefined || failure === 'aborted' || failure === 'body_too_large') return 'unknown'
  if (failure === 'timeout' && deadlineAt !== undefined && now >= deadlineAt - timerSlackMs) return 'unknown'
  return 'failure'
}
