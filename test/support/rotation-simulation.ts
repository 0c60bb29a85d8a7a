/** Lets the chat's order learn from simulated models that drift, one message after the other; the same for the same seed. */
import { explored } from '../../src/modules/chat/rotation/explore.ts'
import { figuresOf } from '../../src/modules/chat/rotation/figures.ts'
import { talliesOf } from '../../src/modules/chat/rotation/observation.ts'
import { reorder, type Standing } from '../../src/modules/chat/rotation/reorder.ts'
import { scoreOf } from '../../src/modules/chat/rotation/score.ts'
import { added, type Tallies, withinWindow } from '../../src/modules/chat/rotation/tally.ts'
import { fakeRandom } from './fake-random.ts'

/** How a model is at an hour of the simulation. */
export interface SimulatedModel {
  success: number
  firstTokenMs?: number
  costUsd?: number
  /** The share of its answers that a filter withholds. */
  refused?: number
}

interface Simulation {
  seed: number
  hours: number
  perHour: number
  explorePct?: number
  models: Readonly<Record<string, (hour: number) => SimulatedModel>>
}

export interface SimulatedChat {
  /** Messages whose first model answered, with what the answer was worth, by hour. */
  worth: number[]
  /** The same for each fixed first model. */
  fixed: Readonly<Record<string, number[]>>
  /** The first model after each hour. */
  leaders: string[]
  changes: number
  lent: number
}

/** What an answer is worth to a caller: less when its words come late, nothing when they do not come. */
const worthOf = ({ success, firstTokenMs = 500, costUsd = 0, refused = 0 }: SimulatedModel) =>
  success * (1 - refused) * (0.75 + 0.25 * (2000 / (2000 + firstTokenMs)) - Math.min(0.15, costUsd * 10))

export function simulateChat({ seed, hours, perHour, explorePct = 5, models }: Simulation): SimulatedChat {
  const { fraction } = fakeRandom(seed)
  const names = Object.keys(models)
  let tallies: Tallies = new Map()
  let standing: Standing = { order: names, belowFloor: [] }
  const chat = { worth: [] as number[], leaders: [] as string[], changes: 0, lent: 0 }
  const fixed = Object.fromEntries(names.map((name) => [name, [] as number[]]))
  const startMs = Date.UTC(2027, 0, 1)
  for (let hour = 0; hour < hours; hour++) {
    let worth = 0
    for (let message = 0; message < perHour; message++) {
      const moment = hour + message / perHour
      const now = startMs + moment * 3_600_000
      const figures = figuresOf(tallies, now)
      const scores = new Map(names.map((name) => [name, scoreOf(figures.get(name))]))
      const score = (name: string) => scores.get(name) ?? scoreOf(undefined)
      const next = reorder(standing, score)
      if (next.order[0] !== standing.order[0]) chat.changes++
      standing = next
      const lent = explored(standing, score, () => true, { explorePct, fraction })
      if (lent !== null) chat.lent++
      const first = lent ?? standing.order[0] ?? ''
      const chain = [first, ...standing.order.filter((name) => name !== first)]
      worth += worthOf(models[first]?.(moment) ?? { success: 0 })
      tallies = added(
        withinWindow(tallies, now),
        exchange(chain, now, (name) => models[name]?.(moment), fraction),
      )
    }
    chat.worth.push(worth)
    for (const name of names) fixed[name]?.push(perHour * worthOf(models[name]?.(hour + 0.5) ?? { success: 0 }))
    chat.leaders.push(standing.order[0] ?? '')
  }
  return { ...chat, fixed }
}

function exchange(
  chain: readonly string[],
  atMs: number,
  modelAt: (name: string) => SimulatedModel | undefined,
  fraction: () => number,
) {
  const attempts: Parameters<typeof talliesOf>[0]['answer']['attempts'] = []
  let costUsd: number | null = null
  let finishReason: string | null = 'stop'
  for (const provider of chain) {
    const { success, firstTokenMs = 500, costUsd: cost, refused = 0 } = modelAt(provider) ?? { success: 0 }
    const isAnswered = fraction() < success
    const ms = firstTokenMs * (0.6 + 0.8 * fraction())
    const outcome = isAnswered ? ('answered' as const) : ('timeout' as const)
    attempts.push({ provider, outcome, reason: null, latencyMs: ms + 1000, firstTokenMs: isAnswered ? ms : null })
    if (!isAnswered) continue
    costUsd = cost ?? null
    if (fraction() < refused) finishReason = 'content_filter'
    break
  }
  return talliesOf({ answer: { attempts, usage: null, finishReason }, costUsd, atMs }, () => true)
}

export const total = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0)
