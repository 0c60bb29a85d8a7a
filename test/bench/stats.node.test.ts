import { describe, expect, it } from 'vitest'
import { median, pairedRatio, percentile, spread } from '../../bench/stats.ts'

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
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)

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

describe('pairedRatio', () => {
  it('compares what was measured in the same round', () => {
    expect(pairedRatio([10, 20, 60], [10, 10, 20])).toEqual({ median: 2, min: 1, max: 3 })
  })

  it('is one throughout when noise falls on both alike', () => {
    expect(pairedRatio([10, 5, 1], [10, 5, 1])).toEqual({ median: 1, min: 1, max: 1 })
  })
})

describe('spread', () => {
  it('is the distance of the extremes as a part of the median', () => {
    expect(spread([9, 10, 12])).toBeCloseTo(0.3)
    expect(spread([10])).toBe(0)
  })
})
