/** Cache, limiter and hub over Redis; loaded only where Redis is configured. */
import { redisCache } from '../../adapters/redis/cache.ts'
import { closeRedis, redisConnection } from '../../adapters/redis/connection.ts'
import { redisEventHub } from '../../adapters/redis/event-hub.ts'
import { redisLimiter } from '../../adapters/redis/limiter.ts'
import type { Clock, Log } from '../../ports/index.ts'

export function redisStores(url: string, clock: Clock, log: Log, cacheFailed: (error: unknown) => void) {
  const client = redisConnection(url, (error) => log.warn('redis_unavailable', { reason: error.message }))
  const subscriber = redisConnection(url, () => {})
  const limiter = redisLimiter(client)
  return {
    cache: redisCache(client, clock, cacheFailed),
    limiter,
    hub: redisEventHub({ client, subscriber, name: crypto.randomUUID() }),
    readiness: { redis: () => limiter.ping() },
    close: async () => void (await Promise.all([closeRedis(client), closeRedis(subscriber)])),
  }
}
