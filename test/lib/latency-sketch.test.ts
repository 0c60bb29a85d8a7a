import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LatencySketch, mergedSketches, sketchPercentile, withLatency } from '../../src/lib/latency-sketch.ts'

const sketchOf = (latencies: readonly number[]): LatencySketch => latencies.reduce(withLatency, {} as LatencySketch)
const someLatencies = fc.array(fc.double({ min: 0.2, max: 30_000, noNaN: true }), { minLength: 1, maxLength: 200 })

describe('a latency sketch', () => {
  it('has no percentile without latencies', () => {
    expect(sketchPercentile({}, 50)).toBeNull()
  })

  it('is 5 % off at most', () => {
    fc.assert(
      fc.property(someLatencies, fc.constantFrom(0, 50, 95, 99, 100), (latencies, p) => {
        const sorted = latencies.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil((sorted.length * p) / 100)) - 1] ?? 0
        const read = sketchPercentile(sketchOf(latencies), p) ?? 0
        expect(Math.abs(read - exact)).toBeLessThanOrEqual(0.05 * exact + 0.01)
      }),
    )
  })

  it('says the same of parts put together as of the whole', () => {
    fc.assert(
      fc.property(someLatencies, someLatencies, (a, b) => {
        expect(mergedSketches([sketchOf(a), sketchOf(b)])).toEqual(sketchOf([...a, ...b]))
      }),
    )
  })

  it('takes what the clock cannot tell for the shortest', () => {
    expect(sketchPercentile(sketchOf([0, -1]), 50)).toBeLessThanOrEqual(0.1)
  })
})
