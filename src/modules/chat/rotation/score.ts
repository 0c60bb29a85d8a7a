/** What a model is worth: success times quality times usefulness, each between 0 and 1, and how sure that is. */
import type { ModelFigures } from './figures.ts'

export interface Score {
  value: number
  /** One standard error of `value`. */
  error: number
  success: number
  quality: number
  /** Of speed and cost. */
  usefulness: number
  /** How many answers, empties and thumbs the quality rests on. */
  judged: number
}

const scoreRules = {
  /** A model is taken for this good before it was asked, as if it had been so often. */
  prior: { success: 0.8, asked: 1 },
  /** An operator's thumb says more than an answer that nobody judged. */
  thumb: 3,
  /** Answers that are taken for good beforehand. */
  goodBefore: 2,
  /** Of usefulness: what remains is every answer's. */
  shares: { firstToken: 0.25, speed: 0.1, cost: 0.15 },
  /** Where half of a share is lost. */
  half: { firstTokenMs: 2000, tokensPerS: 30, costUsd: 0.005 },
  /** Answers of one model differ by this much. */
  spread: 0.1,
} as const

const unknown: ModelFigures['weighted'] = {
  ...{ asked: 0, answered: 0, empties: 0, refusals: 0, thumbsUp: 0, thumbsDown: 0 },
}

export function scoreOf(figures: ModelFigures | undefined): Score {
  const { asked, answered, empties, refusals, thumbsUp, thumbsDown } = figures?.weighted ?? unknown
  const { prior, thumb, goodBefore, spread } = scoreRules
  // Empty answers came, but they are no good ones: quality has them.
  const success = (answered + empties + prior.success * prior.asked) / (asked + prior.asked)
  const good = Math.max(0, answered - refusals) + thumb * thumbsUp
  const bad = refusals + empties + thumb * thumbsDown
  const quality = (good + goodBefore) / (good + bad + goodBefore)
  const usefulness = usefulnessOf(figures)
  const chance = (usefulness * quality) ** 2 * ((success * (1 - success)) / (asked + prior.asked))
  const differing = (success * quality * spread) ** 2 / (asked + prior.asked)
  return {
    value: success * quality * usefulness,
    error: Math.sqrt(chance + differing),
    ...{ success, quality, usefulness, judged: good + bad },
  }
}

function usefulnessOf(figures: ModelFigures | undefined): number {
  const { shares, half } = scoreRules
  const rest = 1 - shares.firstToken - shares.speed - shares.cost
  const { firstTokenMs = null, tokensPerS = null, costUsd = null } = figures ?? {}
  return (
    rest +
    shares.firstToken * (firstTokenMs === null ? 0.5 : half.firstTokenMs / (half.firstTokenMs + firstTokenMs)) +
    shares.speed * (tokensPerS === null ? 0.5 : tokensPerS / (half.tokensPerS + tokensPerS)) +
    shares.cost * (costUsd === null ? 0.5 : half.costUsd / (half.costUsd + costUsd))
  )
}
