/** When something will be used up, from how much of it was left: the median slope of all pairs (Theil 1950, Sen 1968). */

export interface Sample {
  at: number
  /** How much is left before the limit. */
  left: number
}

export type NoForecast = 'too_few_samples' | 'not_shrinking'

export interface Forecast {
  /** Units an hour; null with a reason. */
  perHour: number | null
  /** Epoch milliseconds; null with a reason. */
  at: number | null
  reason: NoForecast | null
}

const minSamples = 15
const maxSamples = 60
/** Of chance, half of all pairs shrink. */
const minShrinking = 0.75
const hourMs = 3_600_000

/** Oldest first. */
export function forecast(samples: readonly Sample[]): Forecast {
  const last = samples.at(-1)
  if (!last || samples.length < minSamples) return { perHour: null, at: null, reason: 'too_few_samples' }
  const slopes = slopesOf(thinned(samples))
  const perMs = -(slopes[slopes.length >> 1] ?? 0)
  const shrinking = slopes.filter((slope) => slope < 0).length / Math.max(1, slopes.length)
  if (!(perMs > 0) || shrinking < minShrinking)
    return { perHour: Math.max(0, perMs * hourMs), at: null, reason: 'not_shrinking' }
  return { perHour: perMs * hourMs, at: last.at + Math.max(0, last.left) / perMs, reason: null }
}

/** The newest among them, so that the forecast starts from now. */
function thinned(samples: readonly Sample[]): Sample[] {
  const each = Math.ceil(samples.length / maxSamples)
  return samples.filter((_, index) => (samples.length - 1 - index) % each === 0)
}

function slopesOf(samples: readonly Sample[]): number[] {
  const slopes: number[] = []
  for (const [index, { at, left }] of samples.entries())
    for (const before of samples.slice(0, index))
      if (at > before.at) slopes.push((left - before.left) / (at - before.at))
  return slopes.sort((one, other) => one - other)
}
