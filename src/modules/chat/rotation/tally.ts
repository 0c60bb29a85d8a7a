/** What was measured of one model in one half hour: counts and a mean, as a row of `chat_providers_stats` holds them. */
import { isoMoment } from '../../../lib/moment-forms.ts'

/** What a row's counts and mean are of; docs/rotation.md says it for operators. */
const measures = ['answers', 'first_token', 'token', 'cost', 'refusals', 'empties', 'thumbs'] as const
export type Measure = (typeof measures)[number]

export interface Tally {
  good: number
  bad: number
  /** Of the good ones. */
  mean: number
}

/** By the key of its row. */
export type Tallies = ReadonlyMap<string, Tally>

export const bucketMs = 1_800_000
/** Older half hours are forgotten. */
export const windowMs = 24 * 3_600_000

/** Sorts after digits and before letters, so that these rows are one range among those of the providers. */
export const learnedPrefix = '@'
export const learnedEnd = 'A'

/** Sorts by time. */
const bucketPrefix = (atMs: number): string =>
  `${learnedPrefix}${isoMoment(Math.floor(atMs / bucketMs) * bucketMs).slice(0, 16)}Z`

export const tallyKey = (atMs: number, measure: Measure, model: string): string =>
  `${bucketPrefix(atMs)} ${measure} ${model}`

const form = /^@(\d{4}-\d\d-\d\dT\d\d:\d\dZ) ([a-z_]+) (\S+)$/

/** Null for a key in another form. */
export function parseTallyKey(key: string): { startMs: number; measure: Measure; model: string } | null {
  const [, moment = '', word, model = ''] = form.exec(key) ?? []
  const measure = measures.find((each) => each === word)
  const startMs = Date.parse(moment)
  return measure === undefined || Number.isNaN(startMs) ? null : { startMs, measure, model }
}

/** Where one of the two is empty, the other one itself. */
export function added(tallies: Tallies, more: Tallies): Tallies {
  if (more.size === 0 || tallies.size === 0) return tallies.size === 0 ? more : tallies
  const sum = new Map(tallies)
  for (const [key, tally] of more) sum.set(key, together(sum.get(key), tally))
  return sum
}

function together(one: Tally | undefined, other: Tally): Tally {
  if (!one) return other
  const good = one.good + other.good
  const mean = good > 0 ? (one.good * one.mean + other.good * other.mean) / good : one.mean
  return { good, bad: one.bad + other.bad, mean }
}

/** Without what is older than the window, so that memory stays bounded while the database does not answer. */
export const withinWindow = (tallies: Tallies, now: number): Map<string, Tally> => {
  const oldest = oldestPrefix(now)
  return new Map([...tallies].filter(([key]) => key >= oldest))
}

export const oldestPrefix = (now: number): string => bucketPrefix(now - windowMs)

export const isWithinWindow = (atMs: number, now: number): boolean => bucketPrefix(atMs) >= oldestPrefix(now)
