/** What every Limiter must hold to. */
import { describe, expect, it } from 'vitest'
import type { Limiter, LimitRule } from '../../../src/ports/index.ts'

export interface LimiterSubject {
  limiter: Limiter
  /** Lets `ms` pass for this key: a store that keeps its own time has its timestamp moved back instead. */
  advance(key: string, rule: LimitRule, ms: number): Promise<void>
  /** How far the store's time may run on by itself during one test; 0 for a clock that stands still. */
  driftMs: number
}

const hour = 3_600_000
const hundred: LimitRule = { name: 'hundred', limit: 100, windowMs: hour }
const three: LimitRule = { name: 'three', limit: 3, windowMs: hour }

export function limiterContract(name: string, subject: () => LimiterSubject): void {
  let made = 0
  /** Stores outlive a test: each works on keys of its own. */
  const freshKey = (): string => `key-${++made}`

  const takeMany = (key: string, rule: LimitRule, count: number) =>
    Promise.all(Array.from({ length: count }, () => subject().limiter.take(key, rule)))

  function expectAbout(actual: number, expected: number): void {
    expect(actual).toBeLessThanOrEqual(expected)
    expect(actual).toBeGreaterThanOrEqual(expected - subject().driftMs)
  }

  describe(`${name}: limiter contract`, () => {
    it('lets exactly 100 of 150 concurrent requests pass and refuses the next', async () => {
      const key = freshKey()
      const verdicts = await takeMany(key, hundred, 150)
      const passed = verdicts.filter(({ allowed }) => allowed)
      expect(passed).toHaveLength(100)
      expect(passed.map(({ remaining }) => remaining).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 100 }, (_, i) => i),
      )

      const refused = await subject().limiter.take(key, hundred)
      expect(refused).toMatchObject({ allowed: false, remaining: 0 })
      expectAbout(refused.retryAfterMs, hour / 100)
      expectAbout(refused.resetMs, hour)
    })

    it('says with each answer what is left and when it is whole again', async () => {
      const key = freshKey()
      const [first, second, third] = [
        await takeMany(key, three, 1),
        await takeMany(key, three, 1),
        await takeMany(key, three, 1),
      ].flat()
      expect(first).toMatchObject({ allowed: true, remaining: 2, retryAfterMs: 0 })
      expectAbout(first?.resetMs ?? 0, hour / 3)
      expect(second).toMatchObject({ allowed: true, remaining: 1, retryAfterMs: 0 })
      expect(third).toMatchObject({ allowed: true, remaining: 0 })
      expectAbout(third?.retryAfterMs ?? 0, hour / 3)
      expectAbout(third?.resetMs ?? 0, hour)
    })

    it('gives back one request per interval, not the whole window at its end', async () => {
      const key = freshKey()
      const { advance, limiter } = subject()
      await takeMany(key, three, 3)
      await advance(key, three, hour / 3)
      expect((await takeMany(key, three, 2)).map(({ allowed }) => allowed)).toEqual([true, false])
      await advance(key, three, hour / 3 - 60_000)
      expect(await limiter.take(key, three)).toMatchObject({ allowed: false })
      await advance(key, three, 60_000)
      expect(await limiter.take(key, three)).toMatchObject({ allowed: true })
    })

    it('lets a refused caller pass after retryAfterMs, and never gives more than the limit', async () => {
      const key = freshKey()
      const { advance, limiter } = subject()
      await takeMany(key, three, 3)
      const { retryAfterMs } = await limiter.take(key, three)
      await advance(key, three, retryAfterMs)
      expect((await takeMany(key, three, 2)).map(({ allowed }) => allowed)).toEqual([true, false])
      await advance(key, three, 100 * hour)
      expect((await takeMany(key, three, 5)).filter(({ allowed }) => allowed)).toHaveLength(3)
    })

    it('does not count what it refuses', async () => {
      const key = freshKey()
      const { advance, limiter } = subject()
      await takeMany(key, three, 30)
      await advance(key, three, hour / 3)
      expect(await limiter.take(key, three)).toMatchObject({ allowed: true })
    })

    it('peeks without spending', async () => {
      const key = freshKey()
      const { limiter } = subject()
      const untouched = { allowed: true, remaining: 3, retryAfterMs: 0, resetMs: 0 }
      expect(await limiter.peek(key, three)).toEqual(untouched)
      expect(await limiter.peek(key, three)).toEqual(untouched)
      await limiter.take(key, three)
      expect(await limiter.peek(key, three)).toMatchObject({ allowed: true, remaining: 2 })
      await takeMany(key, three, 2)
      const spent = await limiter.peek(key, three)
      expect(spent).toMatchObject({ allowed: false, remaining: 0 })
      expectAbout(spent.retryAfterMs, hour / 3)
    })

    it('keeps keys and rules apart', async () => {
      const [key, other] = [freshKey(), freshKey()]
      const { limiter } = subject()
      await takeMany(key, three, 3)
      expect(await limiter.take(other, three)).toMatchObject({ allowed: true, remaining: 2 })
      expect(await limiter.take(key, { ...three, name: 'elsewhere' })).toMatchObject({ allowed: true, remaining: 2 })
      expect(await limiter.take(key, three)).toMatchObject({ allowed: false })
    })

    it('holds a rule that became smaller to its new window', async () => {
      const key = freshKey()
      await takeMany(key, three, 3)
      const { retryAfterMs, resetMs } = await subject().limiter.peek(key, { ...three, windowMs: 60_000 })
      expectAbout(retryAfterMs, 20_000)
      expectAbout(resetMs, 60_000)
    })

    it('counts every awkward key by itself', async () => {
      const { limiter } = subject()
      const spent: unknown[] = []
      for (const key of awkwardKeys) {
        const { remaining } = await limiter.take(key, three)
        if (remaining !== 2) spent.push(key)
      }
      expect(spent).toEqual([])
      for (const key of awkwardKeys) expect(await limiter.peek(key, three)).toMatchObject({ remaining: 2 })
    })

    it('answers a ping', async () => {
      await expect(subject().limiter.ping()).resolves.toBeUndefined()
    })
  })
}

/** No two may be taken for each other, whatever a store makes of its keys. */
const awkwardKeys = [
  '',
  ' ',
  ':',
  '::',
  '::1',
  'a b',
  'a  b',
  'a:b',
  'a/b',
  'a\\b',
  'a?b',
  'a?c',
  'a#b',
  'a%3Ab',
  '.',
  '..',
  '../a',
  'line\nbreak',
  'line\r\nbreak',
  'nul\0byte',
  '*',
  '{tag}',
  'ключ',
  'clé',
  'cle\u0301',
  '鍵🔑',
  '\ud800',
  '\udfff',
  '\ufffd',
  '~',
  '__proto__',
  'x'.repeat(128),
  'x'.repeat(129),
  'x'.repeat(10_240),
  `${'x'.repeat(10_239)}y`,
  '🔑'.repeat(2_560),
]
