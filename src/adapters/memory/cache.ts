/** Cache in this process's memory, bounded in entries and bytes; evicts the least recently used entry. */
import { createStorage } from 'unstorage'
import lruDriver from 'unstorage/drivers/lru-cache'
import type { Cache, Clock } from '../../ports/index.ts'
import { unstorageCache } from '../unstorage/cache.ts'

export interface MemoryCacheOptions {
  maxEntries?: number
  maxBytes?: number
}

export function memoryCache(
  clock: Clock,
  onError: (error: unknown) => void,
  { maxEntries = 1_000, maxBytes = 16 * 2 ** 20 }: MemoryCacheOptions = {},
): Cache {
  const driver = lruDriver({ max: maxEntries, maxSize: maxBytes })
  return unstorageCache(createStorage({ driver }), clock, onError)
}
