import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkedRate, type Decision, decide, type Rate } from '../../src/lib/gcra.ts'
import { fakeRandom } from '../support/fake-random.ts'

const start = 1_800_000_000_000
const minute = 60_000

/** Limits of every kind: those that divide the window evenly, and those that do not. */
const anyRate: fc.Arbitrary<Rate> = fc
  .record({ limit: fc.integer({ min: 1, max: 6_000 }), windowMs: fc.integer({ min: 7, max: 10 * minute }) })
  .filter(({ limit, windowMs }) => limit <= windowMs)

/** Pauses between requests: mostly none or short, sometimes longer than any window. */
const anyPauses = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 3_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 * minute }) },
  ),
  { maxLength: 300 },
)

/** Takes at each moment, and gives the moments that passed. */
function passedAt(rate: Rate, moments: readonly number[]): number[] {
  let tat: number | undefined
  return moments.filter((moment) => {
    const decision = decide(tat, rate, moment)
    tat = decision.tat
    return decision.allowed
  })
}

function burst(rate: Rate, count: number, nowMs = start, tat?: number): Decision[] {
  const decisions: Decision[] = []
  for (let made = 0; made < count; made++) decisions.push(decide(decisions.at(-1)?.tat ?? tat, rate, nowMs))
  return decisions
}

const momentsAfter = (pauses: readonly number[]): number[] => {
  let now = start
  return pauses.map((pause) => {
    now += pause
    return now
  })
}

const intervalUs = (rate: Rate): number => Math.ceil((rate.windowMs * 1000) / rate.limit)

describe('decide', () => {
  it('lets exactly N of N + k requests of one moment pass, whatever the rate', () => {
    fc.assert(
      fc.property(anyRate, fc.integer({ min: 1, max: 50 }), (rate, more) => {
        const decisions = burst(rate, rate.limit + more)
        expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(rate.limit)
        expect(decisions.slice(0, rate.limit).every(({ allowed }) => allowed)).toBe(true)
        expect(decisions.map(({ remaining }) => remaining).slice(0, rate.limit)).toEqual(
          Array.from({ length: rate.limit }, (_, index) => rate.limit - 1 - index),
        )
      }),
    )
  })

  it('never lets more than limit + elapsed * rate pass in any interval', () => {
    fc.assert(
      fc.property(anyRate, anyPauses, (rate, pauses) => {
        const passed = passedAt(rate, momentsAfter(pauses))
        for (const [from, begin] of passed.entries()) {
          for (const [offset, end] of passed.slice(from).entries()) {
            const max = rate.limit + ((end - begin) * rate.limit) / rate.windowMs
            if (offset + 1 > max) throw new Error(`${offset + 1} passed in ${end - begin} ms`)
          }
        }
      }),
    )
  })

  it('decides like a token bucket that counts its tokens', () => {
    fc.assert(
      fc.property(anyRate, anyPauses, (rate, pauses) => {
        const bucket = tokenBucket(rate)
        let tat: number | undefined
        for (const moment of momentsAfter(pauses)) {
          const decision = decide(tat, rate, moment)
          tat = decision.tat
          expect({ allowed: decision.allowed, remaining: decision.remaining }).toEqual(bucket(moment))
        }
      }),
    )
  })

  it('names the first millisecond at which one request passes, and at which all do', () => {
    fc.assert(
      fc.property(anyRate, fc.integer({ min: 0, max: 6_100 }), (rate, spent) => {
        const { tat, retryAfterMs, resetMs } = burst(rate, spent + 1).at(-1) ?? expect.fail()
        expect(decide(tat, rate, start + retryAfterMs, 0).allowed).toBe(true)
        if (retryAfterMs > 0) expect(decide(tat, rate, start + retryAfterMs - 1, 0).allowed).toBe(false)
        expect(decide(tat, rate, start + resetMs, 0).remaining).toBe(rate.limit)
        expect(decide(tat, rate, start + resetMs - 1, 0).remaining).toBeLessThan(rate.limit)
      }),
    )
  })

  it('spaces the requests of a caller that never stops by the refill interval', () => {
    const everyMillisecond = Array.from({ length: 3 * minute }, (_, ms) => start + ms)
    const passed = passedAt({ limit: 10, windowMs: minute }, everyMillisecond).map((moment) => moment - start)
    expect(passed.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, ms) => ms))
    expect(passed.slice(10, 14)).toEqual([6_000, 12_000, 18_000, 24_000])
    expect(passed).toHaveLength(10 + 29)
  })

  it('holds its rate over an hour of random traffic', () => {
    const rate = { limit: 100, windowMs: minute }
    const random = fakeRandom(42)
    const moments = momentsAfter(Array.from({ length: 20_000 }, () => Math.floor(random.fraction() * 360)))
    const passed = passedAt(rate, moments)
    const elapsed = (moments.at(-1) ?? 0) - start
    expect(passed.length).toBeLessThanOrEqual(100 + (elapsed / minute) * 100)
    expect(passed.length).toBeGreaterThan((elapsed / minute) * 100 * 0.98)
  })

  it('gives nothing away by rounding, however long the traffic lasts', () => {
    const rate = { limit: 7, windowMs: 10 }
    const passed = passedAt(
      rate,
      Array.from({ length: 10_001 }, (_, ms) => start + ms),
    )
    expect(passed.length).toBeLessThanOrEqual(7 + 7_000)
    expect(passed.length).toBeGreaterThan(6_990)
  })

  it('spends nothing when it only looks', () => {
    const rate = { limit: 2, windowMs: minute }
    expect(decide(undefined, rate, start, 0)).toEqual({
      allowed: true,
      tat: start * 1000,
      remaining: 2,
      retryAfterMs: 0,
      resetMs: 0,
    })
    const { tat } = burst(rate, 2).at(-1) ?? expect.fail()
    expect(decide(tat, rate, start, 0)).toEqual({
      allowed: false,
      tat,
      remaining: 0,
      retryAfterMs: 30_000,
      resetMs: minute,
    })
  })

  it('counts a clock that went back as one empty bucket at most', () => {
    const rate = { limit: 10, windowMs: minute }
    const { tat } = burst(rate, 10).at(-1) ?? expect.fail()
    const back = decide(tat, rate, start - 3_600_000)
    expect(back).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 6_000, resetMs: minute })
    expect(burst(rate, 20, start - 3_600_000 + minute, back.tat).filter(({ allowed }) => allowed)).toHaveLength(10)
  })

  it('gives a clock that goes back and forth no more than the limit', () => {
    fc.assert(
      fc.property(anyRate, fc.array(fc.integer({ min: -5_000, max: 0 }), { maxLength: 200 }), (rate, offsets) => {
        const passed = passedAt(
          rate,
          offsets.map((offset) => start + offset),
        )
        expect(passed.length).toBeLessThanOrEqual(rate.limit + Math.floor(5_000_000 / intervalUs(rate)))
      }),
    )
  })

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, -1, 0, undefined])('takes a stored %s for an untouched key', (tat) => {
    expect(decide(tat, { limit: 5, windowMs: minute }, start)).toMatchObject({ allowed: true, remaining: 4 })
  })

  it.each([Number.POSITIVE_INFINITY, Number.MAX_VALUE])('takes a stored %s for an empty bucket', (tat) => {
    const decision = decide(tat, { limit: 5, windowMs: minute }, start)
    expect(decision).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 12_000, resetMs: minute })
    expect(decision.tat).toBe((start + minute) * 1000)
  })
})

describe('checkedRate', () => {
  it('gives back a rate that can be kept', () => {
    const rate = { limit: 5_000, windowMs: minute, name: 'ip' }
    expect(checkedRate(rate)).toBe(rate)
    expect(checkedRate({ limit: 1, windowMs: 1 })).toEqual({ limit: 1, windowMs: 1 })
  })

  it.each([0, -1, 0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 60_000_001])('refuses a limit of %s', (limit) => {
    expect(() => checkedRate({ limit, windowMs: minute })).toThrow(/^limit must/)
  })

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses a window of %s', (windowMs) => {
    expect(() => checkedRate({ limit: 1, windowMs })).toThrow(/^windowMs must/)
  })
})

/** The plain model: tokens, added as time passes, up to the limit; counted in parts of a token to stay exact. */
function tokenBucket(rate: Rate) {
  const token = intervalUs(rate)
  let parts = token * rate.limit
  let last = start
  return (nowMs: number) => {
    parts = Math.min(token * rate.limit, parts + (nowMs - last) * 1000)
    last = nowMs
    const allowed = parts >= token
    if (allowed) parts -= token
    return { allowed, remaining: Math.floor(parts / token) }
  }
}
