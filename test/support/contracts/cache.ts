/** What every Cache must hold to. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cache } from '../../../src/ports/index.ts'
import type { FakeClock } from '../fake-clock.ts'

export interface CacheSubject {
  cache: Cache
  clock: FakeClock
  /** What the store did wrong so far. */
  errors: unknown[]
}

export function cacheContract(name: string, subject: () => CacheSubject, { propertyRuns = 100 } = {}): void {
  let made = 0
  /** Stores outlive a test: each works on keys of its own. */
  const freshKey = (): string => `test:key-${++made}`

  describe(`${name}: cache contract`, () => {
    it('gives back what was written, with the moments that bound its life', async () => {
      const { cache, clock } = subject()
      const key = freshKey()
      expect(await cache.read(key)).toBeNull()
      await cache.write(key, { status: 'ok', modules: [1, 2] }, 60_000)
      expect(await cache.read(key)).toEqual({
        value: { status: 'ok', modules: [1, 2] },
        storedAt: clock.now(),
        expiresAt: clock.now() + 60_000,
      })
    })

    it('ends an entry to the millisecond, also below what a store can', async () => {
      const { cache, clock } = subject()
      for (const ttlMs of [1, 250, 1_000, 60_000]) {
        const key = freshKey()
        await cache.write(key, 'value', ttlMs)
        await clock.advance(ttlMs - 1)
        expect(await cache.read(key)).toMatchObject({ value: 'value' })
        await clock.advance(1)
        expect(await cache.read(key)).toBeNull()
      }
    })

    it('lets a write replace the value and its deadline', async () => {
      const { cache, clock } = subject()
      const key = freshKey()
      await cache.write(key, 'old', 1_000)
      await clock.advance(900)
      await cache.write(key, 'new', 1_000)
      await clock.advance(900)
      expect(await cache.read(key)).toMatchObject({ value: 'new' })
    })

    it.each([0, -1, -60_000, Number.NaN, 0.4, Number.NEGATIVE_INFINITY])(
      'keeps nothing for a life of %d ms, nor what was there',
      async (ttlMs) => {
        const { cache, errors } = subject()
        const key = freshKey()
        await cache.write(key, 'old', 60_000)
        await cache.write(key, 'new', ttlMs)
        expect(await cache.read(key)).toBeNull()
        expect(errors).toEqual([])
      },
    )

    it.each([Number.MAX_SAFE_INTEGER, Number.MAX_VALUE, Number.POSITIVE_INFINITY, 2 ** 31])(
      'gives a life of %d ms an end',
      async (ttlMs) => {
        const { cache, clock, errors } = subject()
        const key = freshKey()
        await cache.write(key, 'value', ttlMs)
        const entry = await cache.read(key)
        expect(entry).toMatchObject({ value: 'value' })
        expect(entry?.expiresAt).toBeLessThanOrEqual(clock.now() + 31 * 24 * 3_600_000)
        expect(errors).toEqual([])
      },
    )

    it('counts as removed only what was alive, each key once', async () => {
      const { cache, clock } = subject()
      const [live, also, dead, never] = [freshKey(), freshKey(), freshKey(), freshKey()]
      await cache.write(dead, 'value', 1_000)
      await clock.advance(1_000)
      await cache.write(live, 'value', 60_000)
      await cache.write(also, null, 60_000)
      expect(await cache.remove([live, live, also, dead, never])).toBe(2)
      expect(await cache.read(live)).toBeNull()
      expect(await cache.remove([live, also, dead])).toBe(0)
      expect(await cache.remove([])).toBe(0)
    })

    it('keeps the value as it was when written, and gives each reader a copy', async () => {
      const { cache } = subject()
      const key = freshKey()
      const value = { list: [1] }
      await cache.write(key, value, 60_000)
      value.list.push(2)
      const first = await cache.read<typeof value>(key)
      first?.value.list.push(3)
      expect((await cache.read<typeof value>(key))?.value).toEqual({ list: [1] })
    })

    it('holds one whole value after concurrent writes', async () => {
      const { cache, errors } = subject()
      const key = freshKey()
      const values = Array.from({ length: 20 }, (_, writer) => ({ writer, text: String(writer).repeat(100) }))
      await Promise.all(values.map((value) => cache.write(key, value, 60_000)))
      expect(values).toContainEqual((await cache.read(key))?.value)
      expect(errors).toEqual([])
    })

    it('gives back any JSON value unchanged', async () => {
      const { cache, errors } = subject()
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), async (value) => {
          const key = freshKey()
          await cache.write(key, value, 60_000)
          expect((await cache.read(key))?.value).toEqual(JSON.parse(JSON.stringify(value)))
        }),
        { numRuns: propertyRuns },
      )
      expect(errors).toEqual([])
    })

    it.each([
      ['__proto__ as a key', JSON.parse('{"__proto__":{"polluted":true},"constructor":1}')],
      ['text that looks like JSON', '{"value":1}'],
      ['text that looks like base64', 'base64:AAAA'],
      ['the word null', 'null'],
      ['the empty text', ''],
      ['100 kB of text', 'é'.repeat(50_000)],
    ])('gives back %s', async (_, value) => {
      const { cache } = subject()
      const key = freshKey()
      await cache.write(key, value, 60_000)
      expect(JSON.stringify((await cache.read(key))?.value)).toBe(JSON.stringify(value))
    })

    it('reports a value that is no JSON, and keeps nothing', async () => {
      const { cache, errors } = subject()
      const key = freshKey()
      await cache.write(key, { big: 1n }, 60_000)
      expect(await cache.read(key)).toBeNull()
      expect(errors.splice(0)).toHaveLength(1)
      await cache.write(key, undefined, 60_000)
      expect(await cache.read(key)).toBeNull()
    })

    it('keeps awkward keys apart', async () => {
      const { cache, errors } = subject()
      await Promise.all(awkwardKeys.map((key, index) => cache.write(key, index, 60_000)))
      const values = await Promise.all(awkwardKeys.map(async (key) => (await cache.read(key))?.value))
      expect(values).toEqual(awkwardKeys.map((_, index) => index))
      expect(await cache.remove(awkwardKeys)).toBe(awkwardKeys.length)
      expect(errors).toEqual([])
    })
  })
}

/** No two may be taken for each other, whatever a store makes of its keys. */
const awkwardKeys = [
  '',
  ' ',
  ':',
  'a:b',
  'a::b',
  ':a:b',
  'a/b',
  'a\\b',
  'a?b',
  'a?c',
  'a#b',
  '.',
  '..',
  'a:..:b',
  'line\nbreak',
  'nul\0byte',
  '*',
  'ключ',
  '鍵🔑',
  '\ud800',
  '\ufffd',
  '~',
  'key$',
  '__proto__',
  'x'.repeat(128),
  'x'.repeat(129),
  'x'.repeat(10_240),
  `${'x'.repeat(10_239)}y`,
]
