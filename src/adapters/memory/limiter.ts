/** Limiter in this process's memory: one timestamp per key, on the monotonic clock; bounded in keys. */
import { type Decision, decide } from '../../lib/gcra.ts'
import type { Clock, Limiter, LimitRule, LimitVerdict } from '../../ports/index.ts'
import { storeLimitKey } from '../system/store-key.ts'
import { timestampTable } from './timestamp-table.ts'

export interface MemoryLimiterOptions {
  /** When full, evicts the key that is nearest to its full allowance. */
  maxKeys?: number
}

export function memoryLimiter(clock: Clock, { maxKeys = 100_000 }: MemoryLimiterOptions = {}): Limiter {
  const tats = timestampTable(maxKeys)

  function take(key: string, rule: LimitRule): LimitVerdict {
    const stored = storeLimitKey(key, rule.name)
    const now = clock.monotonic()
    const decision = decide(tats.get(stored), rule, now)
    if (decision.allowed) tats.set(stored, decision.tat, now * 1000)
    return verdictOf(decision)
  }

  function peek(key: string, rule: LimitRule): LimitVerdict {
    return verdictOf(decide(tats.get(storeLimitKey(key, rule.name)), rule, clock.monotonic(), 0))
  }

  return { store: 'memory', take, peek, ping: async () => {} }
}

/** Field by field: a rest copy costs V8 more than everything else in this file. */
const verdictOf = ({ allowed, remaining, retryAfterMs, resetMs }: Decision): LimitVerdict => ({
  allowed,
  remaining,
  retryAfterMs,
  resetMs,
})
