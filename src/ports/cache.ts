/** Values that outlive a request and may be lost at any time. */
/** A stored value with its times in epoch milliseconds. */
export interface CacheEntry<T> {
  value: T
  storedAt: number
  expiresAt: number
}

/** A shared cache of JSON values. An unavailable store counts as a miss, not as an error. */
export interface Cache {
  /** The entry, or null when it is missing or expired. */
  read<T>(key: string): Promise<CacheEntry<T> | null>
  write<T>(key: string, value: T, ttlMs: number): Promise<void>
  /** Removes the keys and returns how many of them had a live entry. */
  remove(keys: readonly string[]): Promise<number>
}
