/** What one exchange teaches about the models that were asked. */
import type { Answer, Attempt } from '../chain/answer.ts'
import { type Measure, type Tally, tallyKey } from './tally.ts'

export interface Lesson {
  answer: Pick<Answer, 'attempts' | 'usage' | 'finishReason'>
  /** US dollars; null where no price is known. */
  costUsd: number | null
  atMs: number
}

/** An answer that came faster came in one piece. */
const minSpeakingMs = 100
/** What endpoints call an answer that a filter withheld. */
const refusals: ReadonlySet<string> = new Set(['content_filter', 'refusal'])

export function talliesOf(lesson: Lesson, isModel: (name: string) => boolean): Map<string, Tally> {
  const tallies = new Map<string, Tally>()
  for (const attempt of lesson.answer.attempts) {
    if (attempt.latencyMs === null || !isModel(attempt.provider)) continue
    for (const [measure, tally] of measured(attempt, attempt.latencyMs, lesson))
      tallies.set(tallyKey(lesson.atMs, measure, attempt.provider), tally)
  }
  return tallies
}

function* measured(attempt: Attempt, latencyMs: number, lesson: Lesson): Generator<[Measure, Tally]> {
  const { outcome, firstTokenMs } = attempt
  if (outcome !== 'answered') {
    yield ['answers', { good: 0, bad: 1, mean: 0 }]
    if (outcome === 'empty') yield ['empties', { good: 0, bad: 1, mean: 0 }]
    return
  }
  yield ['answers', { good: 1, bad: 0, mean: latencyMs }]
  const { usage, finishReason } = lesson.answer
  if (firstTokenMs !== null) {
    yield ['first_token', { good: 1, bad: 0, mean: firstTokenMs }]
    const speakingMs = latencyMs - firstTokenMs
    const tokens = usage?.completionTokens ?? 0
    if (tokens > 0 && speakingMs >= minSpeakingMs) yield ['token', { good: tokens, bad: 0, mean: speakingMs / tokens }]
  }
  if (lesson.costUsd !== null) yield ['cost', { good: 1, bad: 0, mean: lesson.costUsd }]
  if (finishReason !== null && refusals.has(finishReason)) yield ['refusals', { good: 0, bad: 1, mean: 0 }]
}

export const thumbs = ['up', 'down'] as const
export type Thumb = (typeof thumbs)[number]

/** A thumb that was changed takes back what it said before. */
export function thumbTally(before: Thumb | null, now: Thumb | null): Tally {
  const count = (thumb: Thumb) => Number(now === thumb) - Number(before === thumb)
  return { good: count('up'), bad: count('down'), mean: 0 }
}
