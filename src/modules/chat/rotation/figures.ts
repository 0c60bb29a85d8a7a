/** Sums a model's half hours up: what happened, and what of it counts, of which the older counts less. */
import { bucketMs, type Measure, parseTallyKey, type Tallies, type Tally, windowMs } from './tally.ts'

export interface ModelFigures {
  /** Over the window, as they happened. */
  asked: number
  answered: number
  empties: number
  refusals: number
  thumbsUp: number
  thumbsDown: number
  /** Means of the answers, the newer ones counting more; null where nothing was measured. */
  firstTokenMs: number | null
  tokensPerS: number | null
  costUsd: number | null
  weighted: Weighted
}

/** Counts by age: those of an hour ago are halves. */
export interface Weighted {
  asked: number
  answered: number
  empties: number
  refusals: number
  thumbsUp: number
  thumbsDown: number
}

const halfLifeMs = 3_600_000

interface Sum extends Tally {
  weightedGood: number
  weightedBad: number
  weightedMean: number
}

const nothing: Sum = { good: 0, bad: 0, mean: 0, weightedGood: 0, weightedBad: 0, weightedMean: 0 }

/** By model; one that was not asked is missing. */
export function figuresOf(tallies: Tallies, now: number): Map<string, ModelFigures> {
  const sums = new Map<string, Map<Measure, Sum>>()
  for (const [key, tally] of tallies) {
    const parsed = parseTallyKey(key)
    if (!parsed || parsed.startMs <= now - windowMs - bucketMs || parsed.startMs > now + bucketMs) continue
    const ofModel = sums.get(parsed.model) ?? new Map<Measure, Sum>()
    ofModel.set(parsed.measure, plus(ofModel.get(parsed.measure) ?? nothing, tally, weightOf(now - parsed.startMs)))
    sums.set(parsed.model, ofModel)
  }
  return new Map([...sums].map(([model, ofModel]) => [model, describe((measure) => ofModel.get(measure) ?? nothing)]))
}

/** Of a half hour that began so long ago, by its middle. */
const weightOf = (ageMs: number): number => 0.5 ** (Math.max(0, ageMs - bucketMs / 2) / halfLifeMs)

const plus = (sum: Sum, { good, bad, mean }: Tally, weight: number): Sum => ({
  good: sum.good + good,
  bad: sum.bad + bad,
  mean: 0,
  weightedGood: sum.weightedGood + weight * good,
  weightedBad: sum.weightedBad + weight * bad,
  weightedMean: sum.weightedMean + weight * good * mean,
})

function describe(read: (measure: Measure) => Sum): ModelFigures {
  const [answers, refusals, empties, thumbs] = [read('answers'), read('refusals'), read('empties'), read('thumbs')]
  const msPerToken = meanOf(read('token'))
  return {
    asked: answers.good + answers.bad,
    answered: answers.good,
    ...{ empties: empties.bad, refusals: refusals.bad },
    ...{ thumbsUp: Math.max(0, thumbs.good), thumbsDown: Math.max(0, thumbs.bad) },
    firstTokenMs: meanOf(read('first_token')),
    tokensPerS: msPerToken ? 1000 / msPerToken : null,
    costUsd: meanOf(read('cost')),
    weighted: {
      ...{ asked: answers.weightedGood + answers.weightedBad, answered: answers.weightedGood },
      ...{ empties: empties.weightedBad, refusals: refusals.weightedBad },
      ...{ thumbsUp: Math.max(0, thumbs.weightedGood), thumbsDown: Math.max(0, thumbs.weightedBad) },
    },
  }
}

const meanOf = ({ weightedGood, weightedMean }: Sum): number | null =>
  weightedGood > 0 ? weightedMean / weightedGood : null
