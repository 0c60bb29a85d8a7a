import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latencyHistogram } from '../../src/lib/latency-histogram.ts'
import { sampleWindow } from '../../src/lib/percentile.ts'

describe('latencyHistogram', () => {
  it('knows nothing of nothing', () => {
    expect(latencyHistogram().percentile(50)).toBeNull()
  })

  it('names the nearest rank, exact to one in a hundred', () => {
    const duration = fc.double({ min: 0.02, max: 20_000_000, noNaN: true })
    const durations = fc.array(duration, { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(durations, fc.constantFrom(0, 50, 95, 99, 100), (samples, p) => {
        const histogram = latencyHistogram()
        const exact = sampleWindow(samples.length)
        for (const sample of samples) {
          histogram.add(sample)
          exact.add(sample)
        }
        const ratio = (histogram.percentile(p) ?? 0) / (exact.percentile(p) ?? 0)
        expect(ratio).toBeGreaterThan(0.99)
        expect(ratio).toBeLessThan(1.01)
      }),
    )
  })

  it.each([0, -1, 0.001])('takes %d ms for its shortest', (ms) => {
    const histogram = latencyHistogram()
    histogram.add(ms)
    expect(histogram.percentile(50)).toBeCloseTo(0.01, 5)
  })

  it.each([1e12, Number.POSITIVE_INFINITY])('counts %d ms among the longest', (ms) => {
    const histogram = latencyHistogram()
    histogram.add(ms)
    expect(histogram.percentile(99)).toBeGreaterThan(20_000_000)
    expect(histogram.count).toBe(1)
  })
})
