/** Cache, limiter and hub over Redis; loaded only where Redis is configured. */

import { fallbackLimiter } from '../../adapters/memory/fallback-limiter.ts'
import { memoryLimiter } from '../../adapters/memory/limiter.ts'
import { redisCache } from '../../adapters/redis/cache.ts'
import { closeRedis, redisConnection } from '../../adapters/redis/connection.ts'
import { redisEventHub } from '../../adapters/redis/event-hub.ts'
import { redisFailure } from '../../adapters/redis/failure.ts'
import { redisLimiter } from '../../adapters/redis/limiter.ts'
import { outageCache } from '../../adapters/redis/outage-cache.ts'
import { watchRedis } from '../../adapters/redis/watch.ts'
import { outage } from '../../lib/outage.ts'
import type { Clock, Log } from '../../ports/index.ts'

/** `timeoutMs`: the command timeout of Redis; only tests change it. */
export function redisStores(url: string, clock: Clock, log: Log, timeoutMs?: number) {
  const lost = outage({
    began: (reason) => log.warn('redis_unavailable', { reason }),
    ended: (count) => log.info('redis_available_again', { count }),
  })
  const failed = (error: unknown) => lost.failed(redisFailure(error))
  const client = redisConnection(url, failed, timeoutMs)
  const subscriber = redisConnection(url, () => {}, timeoutMs)
  const limiter = fallbackLimiter({
    shared: redisLimiter(client),
    local: memoryLimiter(clock),
    outage: lost,
    clock,
    background: () => {},
  })
  const stopWatching = watchRedis({
    clock,
    check: () => limiter.ping(),
    reconnect: () => [client, subscriber].forEach((connection) => void connection.disconnect(true)),
  })
  return {
    cache: outageCache(redisCache(client, clock, failed), lost),
    limiter,
    hub: redisEventHub({ client, subscriber, name: crypto.randomUUID() }),
    readiness: { redis: () => limiter.ping() },
    close: async () => {
      stopWatching()
      await Promise.all([closeRedis(client), closeRedis(subscriber)])
    },
  }
}
