/** Limits concurrent requests per upstream and refuses more. A slot is held to the end of the answer's body. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AskPurpose, Clock, Upstream, UpstreamActivity, UpstreamAnswer, UpstreamInit } from '../../ports/index.ts'
import { defaultLimits } from '../target.ts'
import type { WatchBody } from './watch-body.ts'

export interface InFlightOptions {
  /** In force now. */
  limit: () => number
  clock: Clock
  /**
   * Absent on workerd, where reading a body in JavaScript would decode it. There a slot is released with the headers,
   * and expires if a caller's leaving ended the request's code before that.
   */
  watchBody?: WatchBody | undefined
  /** By the whole limit, or by a principal's share of it. */
  refused: (reason: 'overloaded' | 'principal_share') => void
  /** A caller left before the end of a body. */
  abandoned: () => void
}

export interface InFlightLimit {
  around(next: Upstream): Upstream
  count(): number
  /** Counted on demand. */
  activity(): UpstreamActivity
}

interface Slot {
  /** Position in the list of taken slots; -1 after its release. */
  index: number
  expiresAt: number
  purpose: AskPurpose | undefined
  owner: string | undefined
  streams: boolean
}

/** A sixteenth of the limit is reserved for health and admin requests. */
const reserveOf = (limit: number) => Math.floor(limit / 16)
/** What one principal must leave to others: an eighth, at least two; nothing where there are too few to share. */
const leftForOthers = (common: number) => (common < 4 ? 0 : Math.max(2, Math.floor(common / 8)))
function limitsOf(whole: number) {
  const common = whole - reserveOf(whole)
  return { whole, common, share: common - leftForOthers(common) }
}
const retryAfterMs = 1000
const graceMs = 5000

export function inFlightLimit({ limit, clock, watchBody, refused, abandoned }: InFlightOptions): InFlightLimit {
  // Not a Set: it reallocates its table every few requests, and old tables stay alive until a full collection.
  const slots: Slot[] = []
  let { whole, common, share } = limitsOf(limit())
  const owned = new Map<string, number>()
  let lastEndedAt: number | null = null

  function take(init: UpstreamInit): Slot {
    if (whole !== limit()) ({ whole, common, share } = limitsOf(limit()))
    const max = init.purpose ? whole : common
    if (slots.length >= max) dropExpired()
    if (slots.length >= max) {
      refused('overloaded')
      throw new GatewayError('service_overloaded', { retryAfterMs })
    }
    if (init.owner !== undefined && !init.purpose) takeShare(init.owner)
    const expiresAt = watchBody ? Number.POSITIVE_INFINITY : clock.monotonic() + maxMs(init)
    const owner = init.purpose ? undefined : init.owner
    const slot = { index: slots.length, expiresAt, purpose: init.purpose, owner, streams: false }
    slots.push(slot)
    return slot
  }

  function takeShare(owner: string): void {
    let count = owned.get(owner) ?? 0
    if (count >= share) dropExpired()
    count = owned.get(owner) ?? 0
    if (count >= share) {
      refused('principal_share')
      throw new GatewayError('too_many_requests', { retryAfterMs, detail: ownFull })
    }
    owned.set(owner, count + 1)
  }

  /** Owners are few, so that those without slots stay until there are many. */
  function returnShare(owner: string): void {
    owned.set(owner, (owned.get(owner) ?? 1) - 1)
    if (owned.size < maxIdleOwners) return
    for (const [each, count] of owned) if (count <= 0) owned.delete(each)
  }

  function dropExpired(): void {
    if (watchBody) return
    const now = clock.monotonic()
    for (const slot of slots.filter(({ expiresAt }) => expiresAt < now)) remove(slot)
  }

  /** Moves the last slot to the free position. */
  function remove(slot: Slot): void {
    const last = slots[slot.index] === slot ? slots.pop() : undefined
    if (!last) return
    if (last !== slot) slots[slot.index] = last
    last.index = slot.index
    slot.index = -1
    if (slot.owner !== undefined) returnShare(slot.owner)
  }

  function giveBack(slot: Slot): void {
    remove(slot)
    if (slot.purpose !== 'health') lastEndedAt = clock.now()
  }

  /** A body of bytes is complete, so its slot is released at once. */
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

/** Counts only: the upstream's limit is around it. */
export const countsInFlight = ({ clock, watchBody }: Pick<InFlightOptions, 'clock' | 'watchBody'>): InFlightLimit =>
  inFlightLimit({ limit: () => Number.MAX_SAFE_INTEGER, clock, watchBody, refused: () => {}, abandoned: () => {} })

const maxIdleOwners = 1000
const ownFull = 'This principal holds its share of the requests in flight to the service. Finish some first.'

/** All tries share the first try's time (retry.ts). */
const maxMs = ({ limits }: UpstreamInit) => (limits?.firstByteMs ?? defaultLimits.firstByteMs) + graceMs
