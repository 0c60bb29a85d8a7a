import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { durableObjectLimiter, type LimiterObject } from '../../src/adapters/durable-object/limiter.ts'
import { storeLimitKey } from '../../src/adapters/system/store-key.ts'
import type { LimitRule } from '../../src/ports/index.ts'
import { limiterContract } from '../support/contracts/limiter.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      LIMITER: DurableObjectNamespace<LimiterObject>
    }
  }
}

const limiter = durableObjectLimiter(env.LIMITER)

const hour = 3_600_000
const rule: LimitRule = { name: 'evicted', limit: 100, windowMs: hour }

const stubOf = (key: string, { name }: LimitRule = rule) =>
  env.LIMITER.get(env.LIMITER.idFromName(storeLimitKey(key, name)))

/** The object keeps its own time, so its timestamp is moved back instead, where it is kept and then in memory. */
async function advance(key: string, of: LimitRule, ms: number): Promise<void> {
  const stub = stubOf(key, of)
  await runInDurableObject(stub, async (_object, { storage }) => {
    const tat = await storage.get<number>('tat')
    if (tat !== undefined) await storage.put('tat', tat - ms * 1000)
  })
  await evictDurableObject(stub)
}

const takeMany = (key: string, count: number, of = rule) =>
  Promise.all(Array.from({ length: count }, () => limiter.take(key, of)))

const storedKeys = (key: string, of = rule) =>
  runInDurableObject(stubOf(key, of), async (_object, { storage }) => [...(await storage.list()).keys()])

limiterContract('durable object', () => ({ limiter, advance, driftMs: 30_000 }))

it('lets exactly N of N + k pass when the object is evicted half-way', async () => {
  const before = await takeMany('evicted', 60)
  await evictDurableObject(stubOf('evicted'))
  const after = await takeMany('evicted', 60)
  expect(before.filter(({ allowed }) => allowed)).toHaveLength(60)
  expect(after.filter(({ allowed }) => allowed)).toHaveLength(40)
  await evictDurableObject(stubOf('evicted'))
  expect(await limiter.peek('evicted', rule)).toMatchObject({ allowed: false, remaining: 0 })
})

it('writes nothing for an allowance that is back before an eviction can come', async () => {
  const brisk: LimitRule = { name: 'brisk', limit: 5_000, windowMs: 60_000 }
  await takeMany('far from the limit', 100, brisk)
  expect(await storedKeys('far from the limit', brisk)).toEqual([])
  await takeMany('near the limit', 1_000, brisk)
  expect(await storedKeys('near the limit', brisk)).toEqual(['tat'])
})

it('leaves nothing behind once the allowance is back', async () => {
  await takeMany('fleeting', 3)
  expect(await runDurableObjectAlarm(stubOf('fleeting'))).toBe(true)
  expect(await storedKeys('fleeting')).toEqual(['tat'])
  await advance('fleeting', rule, hour)
  expect(await runDurableObjectAlarm(stubOf('fleeting'))).toBe(true)
  expect(await storedKeys('fleeting')).toEqual([])
  expect(await runDurableObjectAlarm(stubOf('fleeting'))).toBe(false)
  await takeMany('fleeting', 3)
  expect(await runDurableObjectAlarm(stubOf('fleeting'))).toBe(true)
})

it('stores again, and deletes again, after its storage was emptied without an eviction', async () => {
  const stub = stubOf('returning')
  for (const _round of ['first', 'second']) {
    await takeMany('returning', 3)
    await runInDurableObject(stub, (object) => Reflect.set(object, 'tat', Date.now() * 1000))
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await storedKeys('returning')).toEqual([])
  }
})

it('never stores for a caller that only looks', async () => {
  await limiter.peek('looked at', rule)
  expect(await storedKeys('looked at')).toEqual([])
})
