import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxRetries, maxRetryAfterMs, parseRetryAfter, pauseMs } from '../../src/lib/backoff.ts'

const now = Date.UTC(1994, 10, 6, 8, 49, 30)

describe('pauseMs', () => {
  it('spreads three retries over 100, 250 and 625 ms', () => {
    expect([0, 1, 2, 3].map((retry) => pauseMs(retry, 0.999_999))).toEqual([99, 249, 624, null])
    expect(pauseMs(0, 0)).toBe(0)
    expect(maxRetries).toBe(3)
  })

  it('waits at least as long as it was asked to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 0, max: maxRetryAfterMs }),
        (retry, fraction, asked) => {
          const wait = pauseMs(retry, fraction, asked)
          expect(wait).toBeGreaterThanOrEqual(asked)
          expect(wait).toBeLessThan(asked + 625)
        },
      ),
    )
  })

  it('gives up rather than come back too early', () => {
    expect(pauseMs(0, 0, maxRetryAfterMs)).toBe(5000)
    expect(pauseMs(0, 0, maxRetryAfterMs + 1)).toBeNull()
  })
})

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    ['120', 120_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 7000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 7000],
    ['Sun Nov  6 08:49:37 1994', 7000],
    ['Sun, 06 Nov 1994 08:49:00 GMT', 0],
  ])('reads %s', (value, ms) => expect(parseRetryAfter(value, now)).toBe(ms))

  it.each([
    undefined,
    '',
    '-1',
    '1.5',
    ' 7',
    '0x10',
    '12345678901',
    'soon',
    '2026-11-20',
    'Sun, 06 Foo 1994 08:49:37 GMT',
  ])('takes %j for silence', (value) => expect(parseRetryAfter(value, now)).toBe(0))

  it('takes a repeated field for silence', () => expect(parseRetryAfter(['1', '2'], now)).toBe(0))
})
