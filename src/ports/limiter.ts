/** How many requests a caller may still make. */
/** `limit` requests per `windowMs`, refilled evenly (GCRA); `name` appears in the RateLimit headers. */
export interface LimitRule {
  name: string
  limit: number
  windowMs: number
}

export interface LimitVerdict {
  allowed: boolean
  /** Requests that would pass right now, after this one. */
  remaining: number
  /** Milliseconds until one request passes again; 0 when one would pass now. */
  retryAfterMs: number
  /** Milliseconds until the whole allowance is back. */
  resetMs: number
  /** The shared store is away: this instance counted for itself alone. */
  standIn?: true
}

/** Counts requests per key, atomically; at once where the store is in memory. Rejects when it cannot be reached. */
export interface Limiter {
  /** Where it counts: in this process alone, or for all instances. */
  readonly store: 'memory' | 'redis' | 'durable_object'
  /** Spends one request of the key's allowance if there is one. */
  take(key: string, rule: LimitRule): LimitVerdict | Promise<LimitVerdict>
  /** The same answer without spending. */
  peek(key: string, rule: LimitRule): LimitVerdict | Promise<LimitVerdict>
  /** Resolves when the store does what `take` asks of it. */
  ping(): Promise<void>
  /** True while this instance counts for itself. Absent where nothing stands in. */
  isAway?: () => boolean
}
