import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisCache } from '../../src/adapters/redis/cache.ts'
import { closeRedis, redisConnection } from '../../src/adapters/redis/connection.ts'
import type { Cache } from '../../src/ports/index.ts'
import { cacheContract } from '../support/contracts/cache.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { startRedis } from '../support/redis.ts'
import { stuckMs } from '../support/stuck.ts'

const server = await startRedis()

describe.skipIf(!server)('redisCache', () => {
  const clock = fakeClock()
  const errors: unknown[] = []
  const connect = () => redisConnection(server?.url ?? '', () => {}, stuckMs)
  let client: ReturnType<typeof connect>
  let cache: Cache

  const becomesReady = () => new Promise((ready) => client.once('ready', ready))

  beforeAll(async () => {
    client = connect()
    await becomesReady()
    cache = redisCache(client, clock, (error) => errors.push(error))
  })

  afterAll(async () => {
    await closeRedis(client)
    await server?.stop()
  })

  cacheContract('redis', () => ({ cache, clock, errors }), { propertyRuns: 300 })

  it('lets Redis itself drop what has ended', async () => {
    await cache.write('dropped', 'value', 60_000)
    expect(await client.ttl('vx11:cache:dropped')).toBeGreaterThan(55)
    await cache.write('shorter', 'value', 1)
    expect(await client.pttl('vx11:cache:shorter')).toBeLessThanOrEqual(1_000)
  })

  it('takes what somebody else stored for a miss', async () => {
    await client.set('vx11:cache:strange', 'garbage')
    expect(await cache.read('strange')).toBeNull()
    await client.lpush('vx11:cache:list', 'x')
    expect(await cache.read('list')).toBeNull()
    expect(errors.splice(0).map(String)).toEqual([expect.stringContaining('WRONGTYPE')])
  })

  it('shows its keys under its own prefix alone', async () => {
    await client.set('elsewhere', 'x')
    expect((await client.keys('*')).filter((key) => !key.startsWith('vx11:cache:'))).toEqual(['elsewhere'])
  })

  it('is a miss while Redis is down, says so, and works again afterwards', async () => {
    await cache.write('lost', 'value', 60_000)
    await server?.kill()
    const began = performance.now()
    expect(await cache.read('lost')).toBeNull()
    await cache.write('ignored', 'value', 60_000)
    expect(await cache.remove(['lost'])).toBe(0)
    expect(performance.now() - began).toBeLessThan(stuckMs)
    expect(errors.splice(0)).toHaveLength(3)

    const back = becomesReady()
    await server?.start()
    await back
    await cache.write('found', 'value', 60_000)
    expect(await cache.read('found')).toMatchObject({ value: 'value' })
    expect(errors).toEqual([])
  })
})
