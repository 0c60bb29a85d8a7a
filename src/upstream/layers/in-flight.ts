/** How many requests an upstream may have at once; more are refused. A slot is held to the end of the answer's body. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Clock, Purpose, Upstream, UpstreamActivity, UpstreamAnswer, UpstreamInit } from '../../ports/index.ts'
import { defaultLimits } from '../target.ts'
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
  /** Counted when asked. */
  activity(): UpstreamActivity
}

interface Slot {
  /** Where it stands among those taken; -1 when it was given back. */
  index: number
  expiresAt: number
  purpose: Purpose | undefined
  streams: boolean
}

/** Kept for health and admin: a sixteenth of the limit. */
const reserveOf = (limit: number) => Math.floor(limit / 16)
const retryAfterMs = 1000
const graceMs = 5000

export function inFlightLimit({ limit, clock, watchBody, refused, abandoned }: InFlightOptions): InFlightLimit {
  // No Set: it makes its table anew every few requests, and a dropped old one holds the next until a full collection.
  const slots: Slot[] = []
  const commonLimit = limit - reserveOf(limit)
  let lastEndedAt: number | null = null

  function take(init: UpstreamInit): Slot {
    const most = init.purpose ? limit : commonLimit
    if (slots.length >= most) dropExpired()
    if (slots.length >= most) {
      refused()
      throw new GatewayError('service_overloaded', { retryAfterMs })
    }
    const expiresAt = watchBody ? Number.POSITIVE_INFINITY : clock.now() + longestMs(init)
    const slot = { index: slots.length, expiresAt, purpose: init.purpose, streams: false }
    slots.push(slot)
    return slot
  }

  function dropExpired(): void {
    if (watchBody) return
    const now = clock.now()
    for (const slot of slots.filter(({ expiresAt }) => expiresAt < now)) remove(slot)
  }

  /** The last one takes its place. */
  function remove(slot: Slot): void {
    const last = slots[slot.index] === slot ? slots.pop() : undefined
    if (!last) return
    if (last !== slot) slots[slot.index] = last
    last.index = slot.index
    slot.index = -1
  }

  function giveBack(slot: Slot): void {
    remove(slot)
    if (slot.purpose !== 'health') lastEndedAt = clock.now()
  }

  /** Bytes are complete: there is nothing to wait for. */
  function handOver(answer: UpstreamAnswer, slot: Slot): UpstreamAnswer {
    if (!watchBody || !(answer.body instanceof ReadableStream)) {
      giveBack(slot)
      return answer
    }
    slot.streams = true
    const over = (left: boolean) => {
      giveBack(slot)
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
        giveBack(slot)
        throw error
      }
    },
    count() {
      dropExpired()
      return slots.length
    },
    activity() {
      dropExpired()
      const used = slots.filter(({ purpose }) => purpose !== 'health')
      return {
        requests: used.length,
        streams: watchBody ? used.filter(({ streams }) => streams).length : null,
        lastAt: used.length > 0 ? clock.now() : lastEndedAt,
      }
    },
  }
}

/** Retries share the time of the first try (retry.ts). */
const longestMs = ({ limits }: UpstreamInit) => (limits?.firstByteMs ?? defaultLimits.firstByteMs) + graceMs
