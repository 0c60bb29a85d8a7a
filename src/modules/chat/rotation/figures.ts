/** Sums a model's half hours up: what happened, and what of it counts, of which the older counts less. */
import { bucketMs, type Measure, parseTallyKey, type Tallies, type Tally, windowMs } from './tally.ts'
import { turnedAt } from './turn.ts'

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

/** Counts that are less the older they are, without those from before the model turned. */
export interface Weighted {
  asked: number
  answered: number
  empties: number
  refusals: number
  thumbsUp: number
  thumbsDown: number
}

const hourMs = 3_600_000
const longestMs = 8 * hourMs
/** After which time a count is half: the shortest that leaves enough. What is seldom asked is remembered for longer. */
const halfLivesMs = [hourMs, 2 * hourMs, 4 * hourMs, longestMs] as const
const enough = 16

interface Row {
  startMs: number
  measure: Measure
  tally: Tally
}

interface Sum extends Tally {
  weightedGood: number
  weightedBad: number
  weightedMean: number
}

const nothing: Sum = { good: 0, bad: 0, mean: 0, weightedGood: 0, weightedBad: 0, weightedMean: 0 }

/** By model; one that was not asked is missing. */
export function figuresOf(tallies: Tallies, now: number): Map<string, ModelFigures> {
  const rows = new Map<string, Row[]>()
  for (const [key, tally] of tallies) {
    const parsed = parseTallyKey(key)
    if (!parsed || parsed.startMs <= now - windowMs - bucketMs || parsed.startMs > now + bucketMs) continue
    const { model, startMs, measure } = parsed
    const ofModel = rows.get(model)
    const row = { startMs, measure, tally }
    if (ofModel) ofModel.push(row)
    else rows.set(model, [row])
  }
  return new Map([...rows].map(([model, ofModel]) => [model, summed(ofModel, now)]))
}

function summed(rows: readonly Row[], now: number): ModelFigures {
  const weightOf = weights(rows, now)
  const sums = new Map<Measure, Sum>()
  for (const { startMs, measure, tally } of rows)
    sums.set(measure, plus(sums.get(measure) ?? nothing, tally, weightOf(startMs)))
  return describe((measure) => sums.get(measure) ?? nothing)
}

/** Of a half hour by its start. */
function weights(rows: readonly Row[], now: number): (startMs: number) => number {
  const answers = rows
    .flatMap(({ startMs, measure, tally: { good, bad } }) => (measure === 'answers' ? [{ startMs, good, bad }] : []))
    .toSorted((one, other) => other.startMs - one.startMs)
  const turned = turnedAt(answers) ?? Number.NEGATIVE_INFINITY
  const fading = (halfLifeMs: number) => (startMs: number) =>
    startMs < turned ? 0 : 0.5 ** (Math.max(0, now - startMs - bucketMs / 2) / halfLifeMs)
  const leaves = (weightOf: (startMs: number) => number) =>
    answers.reduce((sum, { startMs, good, bad }) => sum + weightOf(startMs) * (good + bad), 0)
  const halfLifeMs = halfLivesMs.find((each) => leaves(fading(each)) >= enough) ?? longestMs
  return fading(halfLifeMs)
}

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
