/** The learned order of the chat over days of simulated models: its regret, its changes, and how soon it comes back. */
import { afterAll, describe, expect, it } from 'vitest'
import { type SimulatedModel, simulateChat, total } from '../support/rotation-simulation.ts'

const hours = 48
const seeds = [1, 2, 3, 4, 5, 6]
const always = (model: SimulatedModel) => () => model

interface Scenario {
  models: Readonly<Record<string, (hour: number) => SimulatedModel>>
  /** By messages an hour: the largest mean regret, in percent, and the most changes in two days. */
  bounds: Readonly<Record<30 | 120, readonly [regretPct: number, changes: number]>>
}

const alike = (success: number) => ({ one: always({ success }), two: always({ success }), three: always({ success }) })

const scenarios: Readonly<Record<string, Scenario>> = {
  'three alike, 95 % answer': { models: alike(0.95), bounds: { 30: [1, 1], 120: [1, 1] } },
  'three alike, 70 % answer': { models: alike(0.7), bounds: { 30: [1, 4], 120: [1, 4] } },
  'the first fails for twelve hours': {
    models: {
      one: (hour) => ({ success: hour >= 12 && hour < 24 ? 0.02 : 0.98 }),
      two: always({ success: 0.93, firstTokenMs: 1500 }),
    },
    bounds: { 30: [0, 3], 120: [0, 3] },
  },
  'the first becomes slow': {
    models: {
      one: (hour) => ({ success: 0.97, firstTokenMs: hour > 12 ? 6000 : 400 }),
      two: always({ success: 0.97, firstTokenMs: 800 }),
    },
    bounds: { 30: [3, 2], 120: [3, 2] },
  },
  'two take turns at being good': {
    models: {
      one: (hour) => ({ success: Math.sin(hour / 8) > 0 ? 0.45 : 0.95 }),
      two: (hour) => ({ success: Math.sin(hour / 8) > 0 ? 0.95 : 0.45 }),
      three: always({ success: 0.8 }),
    },
    bounds: { 30: [0, 6], 120: [0, 6] },
  },
  'the first answers 60 %, the other 95 %': {
    models: { one: always({ success: 0.6 }), two: always({ success: 0.95 }) },
    bounds: { 30: [4, 2], 120: [3, 2] },
  },
  'a filter withholds 60 % of the first': {
    models: { one: always({ success: 0.97, refused: 0.6 }), two: always({ success: 0.9, firstTokenMs: 2500 }) },
    bounds: { 30: [5, 2], 120: [3, 2] },
  },
  'the first costs 2 cents, the other a twentieth of one': {
    models: { one: always({ success: 0.97, costUsd: 0.02 }), two: always({ success: 0.97, costUsd: 0.0005 }) },
    bounds: { 30: [6, 2], 120: [4, 2] },
  },
}

const rows: string[] = []

describe('the learned order over two days', () => {
  it.each(Object.keys(scenarios).flatMap((name) => ([30, 120] as const).map((perHour) => [name, perHour] as const)))(
    '%s, %d messages an hour',
    (name, perHour) => {
      const { models, bounds } = scenarios[name] as Scenario
      const chats = seeds.map((seed) => simulateChat({ seed, hours, perHour, models }))
      const mean = (of: (chat: (typeof chats)[number]) => number) => total(chats.map(of)) / chats.length
      const best = ({ fixed }: (typeof chats)[number]) => Math.max(...Object.values(fixed).map(total))
      const regretPct = mean((chat) => (100 * (best(chat) - total(chat.worth))) / best(chat))
      const fixedPct = mean((chat) => (100 * (best(chat) - total(chat.fixed.one ?? []))) / best(chat))
      const changes = mean((chat) => chat.changes)
      rows.push(`| ${name} | ${perHour} | ${fixedPct.toFixed(1)} | ${regretPct.toFixed(1)} | ${changes.toFixed(1)} |`)
      const [maxRegret, maxChanges] = bounds[perHour]
      expect(regretPct).toBeLessThanOrEqual(maxRegret)
      expect(changes).toBeLessThanOrEqual(maxChanges)
    },
  )
})

afterAll(() => {
  const head =
    '| models | messages an hour | regret of the first as fixed order, % | of the learned order, % | changes in two days |'
  process.stdout.write(`\n${[head, '|---|---|---|---|---|', ...rows].join('\n')}\n`)
})
