/** Cache in Redis, shared by all instances; uses the limiter's connection. */
import type { Redis } from 'ioredis'
import { createStorage, defineDriver } from 'unstorage'
import type { Cache, Clock } from '../../ports/index.ts'
import { unstorageCache } from '../unstorage/cache.ts'

const PREFIX = 'vx11:cache:'

export const redisCache = (client: Redis, clock: Clock, onError: (error: unknown) => void): Cache =>
  unstorageCache(createStorage({ driver: redisDriver(client) }), clock, onError)

/** unstorage's own Redis driver opens a second connection whose offline queue waits for a server that is down. */
const redisDriver = defineDriver((client: Redis) => ({
  name: 'vx11-redis',
  hasItem: async (key) => (await client.exists(PREFIX + key)) === 1,
  getItem: (key) => client.get(PREFIX + key),
  setItem: async (key, value, { ttl }) => void (await client.set(PREFIX + key, value, 'EX', ttl)),
  removeItem: async (key) => void (await client.unlink(PREFIX + key)),
  async getKeys() {
    const keys: string[] = []
    for await (const page of client.scanStream({ match: `${PREFIX}*` })) keys.push(...page)
    return keys.map((key) => key.slice(PREFIX.length))
  },
}))
