/** A Cache that misses immediately while its store is unavailable. */
import type { Outage } from '../../lib/outage.ts'
import type { Cache, CacheEntry } from '../../ports/index.ts'

export function outageCache(cache: Cache, outage: Outage): Cache {
  const unless = <T>(absent: T, work: () => Promise<T>): Promise<T> => {
    if (!outage.lasts) return work()
    outage.missed()
    return Promise.resolve(absent)
  }
  return {
    read: <T>(key: string) => unless<CacheEntry<T> | null>(null, () => cache.read<T>(key)),
    write: (key, value, ttlMs) => unless(undefined, () => cache.write(key, value, ttlMs)),
    remove: (keys) => unless(0, () => cache.remove(keys)),
  }
}
