/** A sketch of latencies with bins that grow by 10 %: percentiles of a week in a few numbers, at most 5 % off. */

/** Counts per bin; sketches are merged by adding the counts. */
export type LatencySketch = Readonly<Record<string, number>>

const growth = 1.1
const minMs = 0.1

export const withLatency = (sketch: LatencySketch, ms: number): LatencySketch => {
  const bin = Math.max(0, Math.ceil(Math.log(ms / minMs) / Math.log(growth)))
  return { ...sketch, [bin]: (sketch[bin] ?? 0) + 1 }
}

export function mergedSketches(sketches: readonly LatencySketch[]): LatencySketch {
  const merged: Record<string, number> = {}
  for (const sketch of sketches) for (const bin in sketch) merged[bin] = (merged[bin] ?? 0) + (sketch[bin] ?? 0)
  return merged
}

/** Nearest rank, `p` from 0 to 100; null without latencies. */
export function sketchPercentile(sketch: LatencySketch, p: number): number | null {
  const bins = Object.entries(sketch)
    .map(([bin, count]) => [Number(bin), count] as const)
    .toSorted(([a], [b]) => a - b)
  let left = Math.max(1, Math.ceil((bins.reduce((sum, [, count]) => sum + count, 0) * p) / 100))
  for (const [bin, count] of bins) {
    left -= count
    // The geometric middle of the bin.
    if (left <= 0) return Math.round(minMs * growth ** (bin - 0.5) * 100) / 100
  }
  return null
}
