/** Cache over any unstorage driver: entries carry their own deadline, and a failing store counts as a miss. */

import type { Storage } from 'unstorage'
import { parseJson } from '../../lib/json-text.ts'
import type { Cache, CacheEntry, Clock } from '../../ports/index.ts'
import { cacheKey } from '../system/store-key.ts'

/** Longer TTLs are capped to this. */
const MAX_TTL_MS = 30 * 24 * 3_600_000
/** Clocks of instances that share a store differ by less than this. */
const clockToleranceMs = 5000

/** Store errors and invalid JSON go to `onError`; callers never see them. */
export function unstorageCache(storage: Storage, clock: Clock, onError: (error: unknown) => void): Cache {
  function report<T>(fallback: T): (error: unknown) => T {
    return (error) => {
      onError(error)
      return fallback
    }
  }

  async function readLive<T>(stored: string): Promise<CacheEntry<T> | null> {
    const entry = parseEntry<T>(await storage.getItemRaw(stored))
    if (!entry) return null
    const now = clock.now()
    // Stored in the future: the clock was set back, so the entry's age is unknown.
    return entry.storedAt <= now + clockToleranceMs && now < entry.expiresAt ? entry : null
  }

  async function writeFor(stored: string, value: unknown, ttlMs: number): Promise<void> {
    if (ttlMs === 0) return storage.removeItem(stored)
    const storedAt = clock.now()
    const entry: CacheEntry<unknown> = { value, storedAt, expiresAt: storedAt + ttlMs }
    await storage.setItemRaw(stored, JSON.stringify(entry), { ttl: Math.ceil(ttlMs / 1000) })
  }

  async function removeLive(stored: string): Promise<number> {
    const live = await readLive(stored)
    await storage.removeItem(stored)
    return live ? 1 : 0
  }

  return {
    read: (key) => readLive<never>(cacheKey(key)).catch(report(null)),
    write: (key, value, ttlMs) => writeFor(cacheKey(key), value, usableTtl(ttlMs)).catch(report(undefined)),
    async remove(keys) {
      const counts = [...new Set(keys)].map((key) => removeLive(cacheKey(key)).catch(report(0)))
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
    },
  }
}

/** Zero for negative values, NaN and less than a millisecond. */
const usableTtl = (ttlMs: number): number => (ttlMs >= 1 ? Math.min(Math.floor(ttlMs), MAX_TTL_MS) : 0)

/** Null for foreign values in a shared store, such as another version's format. */
function parseEntry<T>(raw: unknown): CacheEntry<T> | null {
  const parsed = typeof raw === 'string' ? parseJson(raw) : null
  return isEntry<T>(parsed) ? parsed : null
}

function isEntry<T>(parsed: unknown): parsed is CacheEntry<T> {
  if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, 'value')) return false
  const { storedAt, expiresAt } = parsed as Partial<CacheEntry<T>>
  return Number.isFinite(storedAt) && Number.isFinite(expiresAt)
}
