/** Values that outlive a request and may be lost at any time. */
/** A stored value with the moments that bound its life, in epoch milliseconds. */
export interface CacheEntry<T> {
  value: T
  storedAt: number
  expiresAt: number
}

/** A shared cache of JSON values. A store that is down is a miss, never an error. */
export interface Cache {
  /** The entry, or null when there is none or its time is over. */
  read<T>(key: string): Promise<CacheEntry<T> | null>
  write<T>(key: string, value: T, ttlMs: number): Promise<void>
  /** Removes the keys and says how many of them held a live entry. */
  remove(keys: readonly string[]): Promise<number>
}
