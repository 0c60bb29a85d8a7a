/** Rate limits per key. */
/** `limit` requests per `windowMs`, refilled evenly (GCRA); `name` appears in the RateLimit headers. */
export interface LimitRule {
  name: string
  limit: number
  windowMs: number
}

export interface LimitVerdict {
  allowed: boolean
  /** Requests still allowed now, after this one. */
  remaining: number
  /** Milliseconds until the next request is allowed; 0 if one is allowed now. */
  retryAfterMs: number
  /** Milliseconds until the allowance is fully restored. */
  resetMs: number
  /** The shared store is unavailable: this instance counted alone. */
  fallback?: true
}

/** Counts requests per key, atomically; synchronously with an in-memory store. Rejects if the store is unreachable. */
export interface Limiter {
  /** `memory` counts in this process only, the others for all instances. */
  readonly store: 'memory' | 'redis' | 'durable_object'
  /** Takes one request from the key's allowance if any is left. */
  take(key: string, rule: LimitRule): LimitVerdict | Promise<LimitVerdict>
  /** The same verdict without taking a request. */
  peek(key: string, rule: LimitRule): LimitVerdict | Promise<LimitVerdict>
  /** Resolves if the store can do what `take` needs. */
  ping(): Promise<void>
  /** True while the local fallback counts. Absent without a fallback. */
  isUnavailable?: () => boolean
}
