/** Cache and limiter over one Redis connection; loaded only where Redis is configured. */
import { redisCache } from '../adapters/redis/cache.ts'
import { closeRedis, redisConnection } from '../adapters/redis/connection.ts'
import { redisLimiter } from '../adapters/redis/limiter.ts'
import type { Clock, Log } from '../ports.ts'

export function redisStores(url: string, clock: Clock, log: Log, cacheFailed: (error: unknown) => void) {
  const client = redisConnection(url, (error) => log.warn('redis_unavailable', { reason: error.message }))
  const limiter = redisLimiter(client)
  return {
    cache: redisCache(client, clock, cacheFailed),
    limiter,
    readiness: { redis: () => limiter.ping() },
    close: () => closeRedis(client),
  }
}
