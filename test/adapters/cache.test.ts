import { createStorage, type Driver } from 'unstorage'
import { describe, expect, it } from 'vitest'
import { memoryCache } from '../../src/adapters/memory/cache.ts'
import { unstorageCache } from '../../src/adapters/unstorage/cache.ts'
import { cacheContract } from '../support/contracts/cache.ts'
import { fakeClock } from '../support/fake-clock.ts'

const clock = fakeClock()
const errors: unknown[] = []
const report = (error: unknown) => void errors.push(error)
const cache = memoryCache(clock, report)
cacheContract('memory', () => ({ cache, clock, errors }), { propertyRuns: 500 })

describe('memoryCache', () => {
  it('forgets what was used longest ago when it holds too many entries', async () => {
    const small = memoryCache(clock, report, { maxEntries: 3 })
    for (const key of ['a', 'b', 'c']) await small.write(key, key, 60_000)
    await small.read('a')
    await small.write('d', 'd', 60_000)
    expect(await small.read('b')).toBeNull()
    expect(await small.read('a')).toMatchObject({ value: 'a' })
  })

  it('stays within its bytes, and keeps nothing larger than all of them', async () => {
    const small = memoryCache(clock, report, { maxBytes: 10_000 })
    for (let key = 0; key < 100; key++) await small.write(`key-${key}`, 'x'.repeat(1_000), 60_000)
    const held = await Promise.all(Array.from({ length: 100 }, (_, key) => small.read(`key-${key}`)))
    expect(held.filter((entry) => entry !== null).length).toBeLessThan(10)
    await small.write('huge', 'x'.repeat(20_000), 60_000)
    expect(await small.read('huge')).toBeNull()
    expect(errors).toEqual([])
  })
})

describe('unstorageCache', () => {
  it.each([
    'garbage',
    '',
    'null',
    '[]',
    '"text"',
    '42',
    '{"value":1}',
    '{"value":1,"storedAt":0,"expiresAt":"9999999999999"}',
    '{"value":1,"storedAt":null,"expiresAt":9999999999999}',
    '{"storedAt":0,"expiresAt":9999999999999}',
    '{"data":1,"ttl":60}',
    '{"value":1,"storedAt":0,"expiresAt":9999999999999',
    'base64:AAAA',
  ])('takes a stored %j for a miss', async (stored) => {
    const storage = createStorage()
    const failures: unknown[] = []
    const strange = unstorageCache(storage, clock, (error) => failures.push(error))
    await storage.setItemRaw('key', stored)
    expect(await strange.read('key')).toBeNull()
    expect(await strange.remove(['key'])).toBe(0)
    expect(failures).toEqual([])
  })

  it('makes a failing store a miss, and reports each failure', async () => {
    const failures: unknown[] = []
    const failing = unstorageCache(createStorage({ driver: failingDriver }), clock, (error) => failures.push(error))
    expect(await failing.read('key')).toBeNull()
    await expect(failing.write('key', 'value', 60_000)).resolves.toBeUndefined()
    await expect(failing.write('key', 'value', 0)).resolves.toBeUndefined()
    expect(await failing.remove(['a', 'b'])).toBe(0)
    expect(failures.map(String)).toEqual(Array(5).fill('Error: the store is down'))
  })
})

const fail = () => {
  throw new Error('the store is down')
}
const failingDriver: Driver = { hasItem: fail, getItem: fail, setItem: fail, removeItem: fail, getKeys: fail }
