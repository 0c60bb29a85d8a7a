/** The few figures that rounds are summed up in. */

/** The middle of the values; NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return Number.isInteger(middle) ? (at(sorted, middle - 1) + at(sorted, middle)) / 2 : at(sorted, Math.floor(middle))
}

/** Nearest rank: the smallest value that at least `p` percent of all do not exceed. */
export function percentile(values: ArrayLike<number>, p: number): number {
  const sorted = Float64Array.from(values).sort()
  return at(sorted, Math.max(0, Math.ceil((sorted.length * p) / 100) - 1))
}

export interface Ratio {
  median: number
  min: number
  max: number
}

/** Of what was measured one after the other in the same round: noise that lasts longer than a round cancels out. */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Ratio {
  const ratios = ours.map((value, round) => value / at(theirs, round))
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) }
}

/** How far the rounds lie apart, as a part of their median. */
export const spread = (values: readonly number[]): number =>
  (Math.max(...values) - Math.min(...values)) / median(values)

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN
