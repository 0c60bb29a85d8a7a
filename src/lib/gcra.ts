/** GCRA (ITU-T I.371): a token bucket kept as one timestamp, the TAT. */

/** `limit` requests per `windowMs`, refilled evenly; a burst may use all at once. */
export interface Rate {
  limit: number
  windowMs: number
}

export interface Decision {
  allowed: boolean
  /** When the allowance is fully restored, in epoch microseconds: the only state of a key. */
  tat: number
  /** Requests still allowed now, after this one. */
  remaining: number
  /** Milliseconds until the next request is allowed; 0 if one is allowed now. */
  retryAfterMs: number
  /** Milliseconds until the allowance is fully restored. */
  resetMs: number
}

const MAX_WINDOW_MS = 31 * 24 * 3_600_000

/**
 * Takes one request from the key's allowance, or none if `cost` is 0. A missing `tat` means an unused key.
 * Whole microseconds keep sums exact, so that rounding never refuses the last request of a burst.
 */
export function decide(tat: number | undefined, rate: Rate, nowMs: number, cost: 0 | 1 = 1): Decision {
  const now = Math.floor(nowMs * 1000)
  const interval = Math.ceil((rate.windowMs * 1000) / rate.limit)
  const capacity = interval * rate.limit
  const debt = currentDebt(tat, now, capacity)
  const allowed = debt + interval <= capacity
  const owed = allowed ? debt + interval * cost : debt
  return {
    allowed,
    tat: now + owed,
    remaining: Math.floor((capacity - owed) / interval),
    retryAfterMs: Math.max(0, Math.ceil((owed + interval - capacity) / 1000)),
    resetMs: Math.ceil(owed / 1000),
  }
}

/** Caps a TAT that is too far ahead, after a clock set back or a reduced limit, at one empty bucket. */
function currentDebt(tat: number | undefined, now: number, capacity: number): number {
  return tat !== undefined && tat > now ? Math.min(tat - now, capacity) : 0
}

/** Returns the rate, or throws a RangeError with the reason. */
export function checkedRate<R extends Rate>(rate: R): R {
  const { limit, windowMs } = rate
  if (!Number.isInteger(windowMs) || windowMs < 1 || windowMs > MAX_WINDOW_MS) {
    throw new RangeError(`windowMs must be a whole number from 1 to ${MAX_WINDOW_MS}, not ${windowMs}`)
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > windowMs * 1000) {
    throw new RangeError(
      `limit must be a whole number from 1 to ${windowMs * 1000} (one per microsecond), not ${limit}`,
    )
  }
  return rate
}
