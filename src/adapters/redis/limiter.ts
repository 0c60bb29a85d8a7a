/** A Limiter shared by all instances through Redis: one script per request, with Redis's clock. */
import type { Redis } from 'ioredis'
import type { Limiter, LimitRule, LimitVerdict } from '../../ports/index.ts'
import { storeLimitKey } from '../system/store-key.ts'
import { redisFailure } from './failure.ts'

/**
 * lib/gcra.ts in Lua; a test compares the two.
 * KEYS: the key. ARGV: limit, window in ms, cost. Returns allowed, remaining, retryAfterMs, resetMs.
 */
export const limitScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local limit, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local interval = math.ceil(window * 1000 / limit)
local capacity = interval * limit
local tat = tonumber(redis.call('GET', KEYS[1]) or 0) or 0
local owed = math.min(math.max(0, tat - now), capacity)
local allowed = owed + interval <= capacity
if allowed and cost > 0 then
  owed = owed + interval * cost
  redis.call('SET', KEYS[1], string.format('%.0f', now + owed), 'PX', math.ceil(owed / 1000))
end
return {
  allowed and 1 or 0,
  math.floor((capacity - owed) / interval),
  math.max(0, math.ceil((owed + interval - capacity) / 1000)),
  math.ceil(owed / 1000),
}`

interface LimitCommand {
  vx11Limit(key: string, limit: number, windowMs: number, cost: 0 | 1): Promise<[number, number, number, number]>
}

/** A server may answer PING but refuse writes, so the health check writes a key that expires after a millisecond. */
const pingRule: LimitRule = { name: 'health', limit: 60_000_000, windowMs: 60_000 }

export const redisLimitKey = (key: string, ruleName: string): string => `vx11:limit:${storeLimitKey(key, ruleName)}`

export function redisLimiter(client: Redis): Limiter {
  client.defineCommand('vx11Limit', { numberOfKeys: 1, lua: limitScript })
  const scripted = client as Redis & LimitCommand

  async function ask(key: string, { name, limit, windowMs }: LimitRule, cost: 0 | 1): Promise<LimitVerdict> {
    const asked = scripted.vx11Limit(redisLimitKey(key, name), limit, windowMs, cost)
    const answer = await asked.catch((error) => Promise.reject(redisFailure(error)))
    const [allowed, remaining, retryAfterMs, resetMs] = answer
    return { allowed: allowed === 1, remaining, retryAfterMs, resetMs }
  }

  return {
    store: 'redis',
    take: (key, rule) => ask(key, rule, 1),
    peek: (key, rule) => ask(key, rule, 0),
    ping: async () => void (await ask('ping', pingRule, 1)),
  }
}
