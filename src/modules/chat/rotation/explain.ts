/** Says in a sentence why a model stands where it does. */
import { marginOf, type ScoreOf, type Standing } from './reorder.ts'
import type { Score } from './score.ts'

const percent = (share: number) => `${Math.round(share * 100)} %`
const worth = ({ value }: Score) => value.toFixed(2)

/** Of a new order, by its first difference. */
export function whyChanged(before: Standing, after: Standing, scoreOf: ScoreOf): string {
  const at = after.order.findIndex((model, index) => model !== before.order[index])
  const [risen, passed] = [after.order[at], before.order[at]]
  if (risen === undefined || passed === undefined) return 'a model passed below or above the floor of quality'
  if (after.belowFloor.includes(passed)) return `${passed} is below the floor of quality: ${quality(scoreOf(passed))}`
  if (before.belowFloor.includes(risen))
    return `${risen} is above the floor of quality again: ${quality(scoreOf(risen))}`
  const [up, down] = [scoreOf(risen), scoreOf(passed)]
  return `${risen} passed ${passed}: worth ${worth(up)} over ${worth(down)}, success ${percent(up.success)} over ${percent(down.success)}`
}

const quality = (score: Score) => `${percent(score.quality)} of its answers are good`

/** Of a model in its place. */
export function whyHere(standing: Standing, model: string, scoreOf: ScoreOf): string {
  const { order, belowFloor } = standing
  if (belowFloor.includes(model)) return `below the floor of quality: ${quality(scoreOf(model))}`
  const before = order[order.indexOf(model) - 1]
  if (before === undefined) return 'first: no other model is better by more than chance'
  const [mine, theirs] = [scoreOf(model), scoreOf(before)]
  if (mine.value <= theirs.value) return `worth ${worth(mine)}, less than ${before}`
  return `worth ${worth(mine)} over the ${worth(theirs)} of ${before}, which is not yet ${marginOf(mine, theirs).toFixed(2)} more`
}
