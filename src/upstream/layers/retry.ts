/** Retries idempotent requests, within the time of the first try and within the retry budget. */
import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import { parseRetryAfter, pauseMs } from '../../lib/backoff.ts'
import { discardBody } from '../../lib/read-body.ts'
import type { RetryBudget } from '../../lib/retry-budget.ts'
import type { Clock, Random, Upstream, UpstreamAnswer, UpstreamInit } from '../../ports/index.ts'
import { defaultLimits } from '../target.ts'
import { transportFailure } from './outcome.ts'

export interface RetryOptions {
  clock: Clock
  random: Random
  budget: RetryBudget
  /** Waits between tries; rejects when the signal aborts. */
  pause: Clock['sleep']
  /** Decides which endings are retried. */
  isRetryable: (ending: Ending) => boolean
  retried: () => void
  /** The budget refused a retry. */
  refused: () => void
  /** Whether another address takes the retry, which the answer's Retry-After is not about. */
  goesElsewhere?: (init: UpstreamInit) => boolean
}

/** RFC 9110 §9.2.2. */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** The end of a try: exactly one of the two is set. */
export interface Ending {
  answer?: UpstreamAnswer
  error?: unknown
}

export function withRetries(next: Upstream, options: RetryOptions): Upstream {
  const { clock, budget, isRetryable } = options

  return async function withRetries(target, init) {
    const startedAt = clock.monotonic()
    let tried = init
    for (let retry = 0; ; retry++) {
      const ending: Ending = {}
      try {
        ending.answer = await next(target, tried)
      } catch (error) {
        ending.error = error
      }
      if (retry === 0 && reachedUpstream(ending)) budget.addRequest(clock.monotonic())
      const wait = isRetryable(ending) ? pauseBefore(options, retry, ending, init, startedAt) : null
      if (wait === null) return settled(ending)
      discardBody(ending.answer?.body)
      await pauseFor(options, wait, init)
      const limits = { ...init.limits, firstByteMs: lastMoment(init, startedAt) - clock.monotonic() }
      tried = { ...init, limits, resends: retry + 1 }
    }
  }
}

/** Null when the ending is final. */
function pauseBefore(options: RetryOptions, retry: number, ending: Ending, init: UpstreamInit, startedAt: number) {
  if (!isRepeatable(init) || init.signal?.aborted) return null
  const { clock, random, budget, retried, refused, goesElsewhere } = options
  const now = clock.monotonic()
  const asked = goesElsewhere?.(init) ? undefined : ending.answer?.headers['retry-after']
  const retryAfter = parseRetryAfter(asked, clock.now())
  const wait = pauseMs(retry, random.fraction(), retryAfter)
  if (wait === null || now + wait >= lastMoment(init, startedAt)) return null
  if (!budget.takeRetry(now)) {
    refused()
    return null
  }
  retried()
  return wait
}

async function pauseFor({ clock, pause }: RetryOptions, ms: number, { signal, trace }: UpstreamInit): Promise<void> {
  const startedAt = clock.monotonic()
  try {
    await pause(ms, signal)
  } catch (cause) {
    throw new GatewayError('client_closed_request', {}, { cause })
  } finally {
    if (trace) trace.pausedMs += clock.monotonic() - startedAt
  }
  if (signal?.aborted) throw new GatewayError('client_closed_request', {}, { cause: new TransportError('aborted') })
}

/** All tries together share the time of one. */
export const lastMoment = ({ limits, deadlineAt = Number.POSITIVE_INFINITY }: UpstreamInit, startedAt: number) =>
  Math.min(startedAt + (limits?.firstByteMs ?? defaultLimits.firstByteMs), deadlineAt)

/** A stream can be sent only once; a health answer is final. */
const isRepeatable = ({ method, body, purpose }: UpstreamInit) =>
  purpose !== 'health' && !(body instanceof ReadableStream) && idempotentMethods.has(method)

/** Timeouts are excluded: a repeated request would probably time out again. */
export function isTransient({ answer, error }: Ending): boolean {
  if (answer) return answer.status === 502 || answer.status === 503 || answer.status === 504
  const failure = transportFailure(error)
  return failure === 'unreachable' || failure === 'reset'
}

/** For requests that may have an effect whenever they arrive. */
export const neverArrived = ({ error }: Ending): boolean => transportFailure(error) === 'unreachable'

const reachedUpstream = ({ answer, error }: Ending) => answer !== undefined || transportFailure(error) !== undefined

function settled({ answer, error }: Ending): UpstreamAnswer {
  if (answer) return answer
  throw error
}
