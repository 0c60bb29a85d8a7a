/** The next order of the models: a change needs a margin that noise does not reach, and low quality goes to the end. */
import type { Score } from './score.ts'

export interface Standing {
  /** Every model once, the first to be asked first. */
  order: readonly string[]
  /** Those whose quality is too low. */
  belowFloor: readonly string[]
}

const orderRules = {
  /** A model passes another that is at least this much worse ... */
  margin: 0.05,
  /** ... and by so many standard errors of the difference. */
  errors: 2,
  /** Below the first a model is taken out, from the second on it is let in again. */
  floor: { out: 0.6, in: 0.75 },
  /** Fewer judgements say nothing of quality. */
  minJudged: 5,
} as const

export type ScoreOf = (model: string) => Score

export function reorder({ order, belowFloor }: Standing, scoreOf: ScoreOf): Standing {
  const low = order.filter((model) => isLow(scoreOf(model), belowFloor.includes(model)))
  const sorted = [...order]
  for (let end = 1; end < sorted.length; end++)
    for (let at = end; at > 0 && passes(sorted[at] as string, sorted[at - 1] as string, low, scoreOf); at--)
      sorted.splice(at - 1, 2, sorted[at] as string, sorted[at - 1] as string)
  return { order: sorted, belowFloor: low }
}

function isLow({ quality, judged }: Score, wasLow: boolean): boolean {
  const { floor, minJudged } = orderRules
  return judged >= minJudged && quality < (wasLow ? floor.in : floor.out)
}

function passes(model: string, before: string, low: readonly string[], scoreOf: ScoreOf): boolean {
  if (low.includes(model) !== low.includes(before)) return low.includes(before)
  const [challenger, holder] = [scoreOf(model), scoreOf(before)]
  return challenger.value - holder.value > marginOf(challenger, holder)
}

/** How much better a model has to be to pass another. */
export const marginOf = (challenger: Score, holder: Score): number =>
  Math.max(orderRules.margin, orderRules.errors * Math.hypot(challenger.error, holder.error))
