/** How many requests an upstream may have at once; more are refused. A slot is held to the end of the answer's body. */
import { GatewayError } from '../errors.ts'
import type { Clock, Upstream, UpstreamAnswer, UpstreamInit } from '../ports.ts'
import { defaultLimits } from './target.ts'
import type { WatchBody } from './watch-body.ts'

export interface InFlightOptions {
  limit: number
  clock: Clock
  /**
   * Absent on workerd: there JavaScript in a body's way would decode it, and a caller that leaves may end the request's
   * code between two lines. So a slot is given back with the headers, and one that was never given back runs out.
   */
  watchBody?: WatchBody | undefined
  refused: () => void
  /** A caller left in the middle of a body. */
  abandoned: () => void
}

export interface InFlightLimit {
  around(next: Upstream): Upstream
  count(): number
}

interface Slot {
  expiresAt: number
}

/** Kept for health and admin: a sixteenth of the limit. */
const reserveOf = (limit: number) => Math.floor(limit / 16)
const retryAfterMs = 1000
const graceMs = 5000

export function inFlightLimit({ limit, clock, watchBody, refused, abandoned }: InFlightOptions): InFlightLimit {
  const slots = new Set<Slot>()
  const commonLimit = limit - reserveOf(limit)

  function take(init: UpstreamInit): Slot {
    const most = init.purpose ? limit : commonLimit
    if (slots.size >= most) dropExpired()
    if (slots.size >= most) {
      refused()
      throw new GatewayError('service_overloaded', { retryAfterMs })
    }
    const slot = { expiresAt: watchBody ? Number.POSITIVE_INFINITY : clock.now() + longestMs(init) }
    slots.add(slot)
    return slot
  }

  function dropExpired(): void {
    if (watchBody) return
    const now = clock.now()
    for (const slot of slots) if (slot.expiresAt < now) slots.delete(slot)
  }

  /** Bytes are complete: there is nothing to wait for. */
  function handOver(answer: UpstreamAnswer, slot: Slot): UpstreamAnswer {
    if (!watchBody || !(answer.body instanceof ReadableStream)) {
      slots.delete(slot)
      return answer
    }
    const over = (left: boolean) => {
      slots.delete(slot)
      if (left) abandoned()
    }
    return { status: answer.status, headers: answer.headers, body: watchBody(answer.body, over) }
  }

  return {
    around: (next) => async (target, init) => {
      const slot = take(init)
      try {
        return handOver(await next(target, init), slot)
      } catch (error) {
        slots.delete(slot)
        throw error
      }
    },
    count() {
      dropExpired()
      return slots.size
    },
  }
}

/** Retries share the time of the first try (retry.ts). */
const longestMs = ({ limits }: UpstreamInit) => (limits?.firstByteMs ?? defaultLimits.firstByteMs) + graceMs
