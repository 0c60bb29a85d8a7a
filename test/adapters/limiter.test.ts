import { describe, expect, it } from 'vitest'
import { memoryLimiter } from '../../src/adapters/memory/limiter.ts'
import { timestampTable } from '../../src/adapters/memory/timestamp-table.ts'
import type { LimitRule } from '../../src/ports/index.ts'
import { limiterContract } from '../support/contracts/limiter.ts'
import { fakeClock } from '../support/fake-clock.ts'

const clock = fakeClock()
const limiter = memoryLimiter(clock)
limiterContract('memory', () => ({ limiter, advance: (_key, _rule, ms) => clock.advance(ms), driftMs: 0 }))

const rule: LimitRule = { name: 'chat', limit: 10, windowMs: 60_000 }

describe('memoryLimiter under a flood of keys', () => {
  it('remembers the keys that are used up while ten times its capacity of fresh keys goes by', async () => {
    const flooded = memoryLimiter(fakeClock(), { maxKeys: 500 })
    const usedUp = Array.from({ length: 50 }, (_, index) => `used up ${index}`)
    for (const key of usedUp) for (let request = 0; request < 10; request++) await flooded.take(key, rule)
    for (let key = 0; key < 5_000; key++) await flooded.take(`fresh ${key}`, rule)
    const verdicts = await Promise.all(usedUp.map((key) => flooded.peek(key, rule)))
    expect(verdicts.filter(({ allowed }) => allowed)).toEqual([])
  })

  it('goes on answering when every key it holds is live', async () => {
    const flooded = memoryLimiter(fakeClock(), { maxKeys: 3 })
    for (let key = 0; key < 100; key++) expect(await flooded.take(`key ${key}`, rule)).toMatchObject({ remaining: 9 })
  })
})

describe('timestampTable', () => {
  it('never holds more than its maximum', () => {
    const table = timestampTable(100)
    let max = 0
    for (let key = 0; key < 10_000; key++) {
      table.set(`key ${key}`, 1_000_000 + key, key)
      max = Math.max(max, table.size())
    }
    expect(max).toBe(100)
    expect(table.get('key 9999')).toBe(1_009_999)
  })

  it('forgets what has passed while new keys come, long before it is full', () => {
    const table = timestampTable(1_000_000)
    for (let now = 0; now < 20_000; now++) table.set(`key ${now}`, now + 100, now)
    expect(table.size()).toBeLessThanOrEqual(300)
  })

  it('keeps every live key while there is room', () => {
    const table = timestampTable(1_000)
    for (let key = 0; key < 1_000; key++) table.set(`key ${key}`, 5_000, 0)
    for (let key = 0; key < 1_000; key++) expect(table.get(`key ${key}`)).toBe(5_000)
  })

  it('forgets the one that passes first when all it holds pass after the newcomer', () => {
    const table = timestampTable(3)
    for (const [key, timestamp] of Object.entries({ a: 300, b: 100, c: 200 })) table.set(key, timestamp, 0)
    table.set('d', 50, 0)
    expect(['a', 'b', 'c', 'd'].map(table.get)).toEqual([300, undefined, 200, 50])
  })

  it('makes room for nobody when a known key moves on', () => {
    const table = timestampTable(2)
    table.set('a', 10, 0)
    table.set('b', 20, 0)
    table.set('a', 30, 0)
    expect([table.get('a'), table.get('b'), table.size()]).toEqual([30, 20, 2])
  })
})
