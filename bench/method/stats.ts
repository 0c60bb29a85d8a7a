/** The few figures that rounds are summed up in, and how sure they are. */

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

/** A figure, and the limits between which it lies with 95 % confidence; null where too little was measured for any. */
export interface Estimate {
  value: number
  low: number | null
  high: number | null
}

/** Below this many values no pair of them encloses the median with 95 % confidence. */
export const minForInterval = 6

/**
 * The median with an interval of order statistics: the chance that the true median lies outside of the k-th value from
 * either end is that of fewer than k heads in n tosses, for any distribution. NaN is left out.
 */
export function estimate(values: readonly number[]): Estimate {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b)
  const k = ranksOutside(sorted.length)
  const [low, high] = k === 0 ? [null, null] : [at(sorted, k - 1), at(sorted, sorted.length - k)]
  return { value: median(sorted), low, high }
}

/** The most ranks that may be left out at each end, plus one; 0 where even the extremes do not suffice. */
function ranksOutside(n: number): number {
  let tail = 0.5 ** n
  let term = tail
  let k = 0
  while (tail <= 0.025) {
    k++
    term *= (n - k + 1) / k
    tail += term
  }
  return k
}

/** Of the interval, as a part of the figure; infinite where there is no interval. */
export const relativeWidth = ({ value, low, high }: Estimate): number =>
  low === null || high === null || value === 0 ? Number.POSITIVE_INFINITY : (high - low) / Math.abs(value)

/** Of what was measured one after the other in the same round: noise that lasts longer than a round cancels out. */
export const pairedRatio = (ours: readonly number[], theirs: readonly number[]): Estimate =>
  estimate(ours.map((value, round) => value / at(theirs, round)))

export const pairedDifference = (ours: readonly number[], theirs: readonly number[]): Estimate =>
  estimate(ours.map((value, round) => value - at(theirs, round)))

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN
