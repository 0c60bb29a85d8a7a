/** A Limiter inside one process: one timestamp per key, in bounded memory. */
import { decide } from '../../lib/gcra.ts'
import type { Clock, Limiter, LimitRule, LimitVerdict } from '../../ports.ts'
import { limitKey } from '../system/store-key.ts'
import { timestampTable } from './timestamp-table.ts'

export interface MemoryLimiterOptions {
  /** Keys kept at most; the one nearest to its full allowance is forgotten first. */
  maxKeys?: number
}

export function memoryLimiter(clock: Clock, { maxKeys = 100_000 }: MemoryLimiterOptions = {}): Limiter {
  const tats = timestampTable(maxKeys)

  function take(key: string, rule: LimitRule): LimitVerdict {
    const stored = limitKey(key, rule.name)
    const now = clock.now()
    const { tat, ...verdict } = decide(tats.get(stored), rule, now)
    if (verdict.allowed) tats.set(stored, tat, now * 1000)
    return verdict
  }

  function peek(key: string, rule: LimitRule): LimitVerdict {
    const { tat: _, ...verdict } = decide(tats.get(limitKey(key, rule.name)), rule, clock.now(), 0)
    return verdict
  }

  return { store: 'memory', take, peek, ping: async () => {} }
}
