import { describe, expect, it } from 'vitest'
import {
  estimate,
  median,
  minForInterval,
  pairedDifference,
  pairedRatio,
  percentile,
  relativeWidth,
} from '../../bench/method/stats.ts'

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

describe('median', () => {
  it('is the middle value, or the mean of the two middle ones', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([7])).toBe(7)
  })

  it('is no number without values', () => {
    expect(median([])).toBeNaN()
  })

  it('leaves its values in their order', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('percentile', () => {
  const hundred = upTo(100).reverse()

  it('takes the nearest rank', () => {
    expect(percentile(hundred, 50)).toBe(50)
    expect(percentile(hundred, 99)).toBe(99)
    expect(percentile(hundred, 100)).toBe(100)
    expect(percentile(hundred, 0)).toBe(1)
  })

  it('is the only value of one, and no number of none', () => {
    expect(percentile([5], 99)).toBe(5)
    expect(percentile([], 99)).toBeNaN()
  })
})

describe('estimate', () => {
  it('has the ranks that tables of the sign test give for 95 %', () => {
    const ranks = (n: number) => {
      const { low, high } = estimate(upTo(n))
      return [low, high]
    }
    expect(ranks(6)).toEqual([1, 6])
    expect(ranks(8)).toEqual([1, 8])
    expect(ranks(9)).toEqual([2, 8])
    expect(ranks(15)).toEqual([4, 12])
    expect(ranks(20)).toEqual([6, 15])
    expect(ranks(40)).toEqual([14, 27])
  })

  it('has no interval where even the extremes are too close', () => {
    expect(estimate(upTo(minForInterval - 1))).toEqual({ value: 3, low: null, high: null })
    expect(estimate(upTo(minForInterval)).low).not.toBeNull()
    expect(estimate([]).value).toBeNaN()
  })

  it('leaves out what is no number', () => {
    expect(estimate([Number.NaN, 2, Number.POSITIVE_INFINITY, 4])).toEqual({ value: 3, low: null, high: null })
  })

  it('encloses the true median about as often as it says', () => {
    let seed = 1
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed / 2 ** 32
    }
    // Skewed, as what takes time is: its median is ln 2.
    const draws = Array.from({ length: 2000 }, () => estimate(upTo(15).map(() => -Math.log(1 - random()))))
    const enclosing = draws.filter(({ low, high }) => (low ?? 1) <= Math.LN2 && Math.LN2 <= (high ?? 0))
    expect(enclosing.length / draws.length).toBeGreaterThan(0.94)
  })

  it('tells how wide its interval is', () => {
    expect(relativeWidth({ value: 2, low: 1.9, high: 2.1 })).toBeCloseTo(0.1)
    expect(relativeWidth({ value: -2, low: -2.1, high: -1.9 })).toBeCloseTo(0.1)
    expect(relativeWidth({ value: 2, low: null, high: null })).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('pairs', () => {
  it('compare what was measured in the same round', () => {
    expect(pairedRatio([10, 20, 60], [10, 10, 20]).value).toBe(2)
    expect(pairedDifference([10, 20, 60], [10, 10, 20]).value).toBe(10)
  })

  it('are one throughout when noise falls on both alike', () => {
    const noisy = [10, 5, 1, 7, 30, 2]
    expect(pairedRatio(noisy, noisy)).toEqual({ value: 1, low: 1, high: 1 })
  })

  it('say nothing of a round in which nothing was answered', () => {
    expect(pairedRatio([10, 20], [0, 10]).value).toBe(2)
  })
})
