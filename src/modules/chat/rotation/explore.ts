/** Which model a message is lent to, so that more is learned of it; most messages are lent to none. */
import type { ScoreOf, Standing } from './reorder.ts'

/** Of the messages that may be lent, those that go to a model below the floor. */
const lowShare = 0.25
/** How many standard errors an unsure model is thought better than it seems. */
const optimism = 2

interface Chances {
  /** Of a hundred. */
  explorePct: number
  /** From 0 to below 1. */
  fraction(): number
}

/**
 * Null for most messages. `mayLead` are the models that could be asked now. The one that may be best is chosen, so that
 * what was not asked for long comes up again, and what recovered is found.
 */
export function explored(
  { order, belowFloor }: Standing,
  scoreOf: ScoreOf,
  mayLead: (model: string) => boolean,
  { explorePct, fraction }: Chances,
): string | null {
  if (fraction() * 100 >= explorePct) return null
  const wantsLow = fraction() < lowShare
  const others = order.slice(1).filter((model) => belowFloor.includes(model) === wantsLow && mayLead(model))
  const promise = (model: string) => {
    const { value, error } = scoreOf(model)
    return value + optimism * error
  }
  return others.toSorted((one, other) => promise(other) - promise(one))[0] ?? null
}
