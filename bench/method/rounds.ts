/** Gives contenders short slices in turn, A B then B A, until the figures are sure enough or the limit is reached. */
import { type DiscardReason, discardReason } from './discard.ts'
import { type Weather, withWeather } from './machine.ts'

export interface Contender<T> {
  name: string
  /** One slice. */
  run(): Promise<T>
}

export interface Limits {
  /** Rounds in all, discarded ones too. */
  rounds: number
  /** Keeps every round, also those of a busy machine: to see that the bench runs. */
  keepAll?: boolean
}

export interface Rounds<T> {
  /** By contender; the n-th of each are of the same round. */
  slices: Map<string, T[]>
  kept: number
  discarded: Partial<Record<DiscardReason, number>>
}

export type Measure = <T>(work: () => Promise<T>) => Promise<{ result: T; weather: Weather }>

export async function measureRounds<T>(
  contenders: readonly Contender<T>[],
  limits: Limits,
  isSure: (slices: Rounds<T>['slices']) => boolean,
  measure: Measure = withWeather,
): Promise<Rounds<T>> {
  const rounds: Rounds<T> = { slices: new Map(contenders.map(({ name }) => [name, []])), kept: 0, discarded: {} }
  for (let round = 0; round < limits.rounds; round++) {
    // In turn from either end: what gets slower all the time slows both sides of a pair alike.
    const order = round % 2 === 0 ? contenders : contenders.toReversed()
    await runRound(order, rounds, limits, measure)
    if (isSure(rounds.slices)) break
  }
  return rounds
}

async function runRound<T>(
  order: readonly Contender<T>[],
  rounds: Rounds<T>,
  { keepAll }: Limits,
  measure: Measure,
): Promise<void> {
  const results: [string, T][] = []
  const weather: Weather[] = []
  for (const { name, run } of order) {
    const slice = await measure(run)
    results.push([name, slice.result])
    weather.push(slice.weather)
  }
  const reason = keepAll ? null : discardReason(weather)
  if (reason) {
    rounds.discarded[reason] = (rounds.discarded[reason] ?? 0) + 1
    return
  }
  rounds.kept++
  for (const [name, result] of results) rounds.slices.get(name)?.push(result)
}
