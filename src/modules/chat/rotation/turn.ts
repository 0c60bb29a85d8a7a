/** Finds when a model turned: since when it answers clearly more, or clearly less, than just before. */
import type { Tally } from './tally.ts'

/** Answers of one half hour. */
export type Stretch = Pick<Tally, 'good' | 'bad'> & { startMs: number }

const turnRules = {
  /** Standard errors of the difference. Most moments of a day are compared, so that two would be found by chance. */
  errors: 3.5,
  /** Attempts on each side; fewer say nothing. */
  least: 3,
  /** Attempts before the moment that are looked at: what was long before it is not what it turned from. */
  before: 12,
} as const

/** The start of the first half hour after the newest turn; null where there was none. Takes the newest first. */
export function turnedAt(stretches: readonly Stretch[]): number | null {
  let after = nothing
  for (const [index, stretch] of stretches.entries()) {
    after = together(after, stretch)
    const before = nearest(stretches.slice(index + 1))
    if (differ(after, before)) return stretch.startMs
  }
  return null
}

type Counts = Pick<Tally, 'good' | 'bad'>
const nothing: Counts = { good: 0, bad: 0 }
const together = (one: Counts, other: Counts): Counts => ({ good: one.good + other.good, bad: one.bad + other.bad })
const asked = ({ good, bad }: Counts): number => good + bad

function nearest(stretches: readonly Stretch[]): Counts {
  let sum = nothing
  for (const stretch of stretches) {
    if (asked(sum) >= turnRules.before) break
    sum = together(sum, stretch)
  }
  return sum
}

function differ(one: Counts, other: Counts): boolean {
  const [few, many] = [asked(one), asked(other)].toSorted((a, b) => a - b) as [number, number]
  if (few < turnRules.least) return false
  const share = (one.good + other.good) / (few + many)
  const error = Math.sqrt(share * (1 - share) * (1 / few + 1 / many))
  return Math.abs(one.good / asked(one) - other.good / asked(other)) > turnRules.errors * error
}
