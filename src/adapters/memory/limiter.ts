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
    const decision = decide(tats.get(stored), rule, now)
    if (decision.allowed) tats.set(stored, decision.tat, now * 1000)
    return decision
  }

  function peek(key: string, rule: LimitRule): LimitVerdict {
    return decide(tats.get(limitKey(key, rule.name)), rule, clock.now(), 0)
  }

  return { store: 'memory', take, peek, ping: async () => {} }
}
