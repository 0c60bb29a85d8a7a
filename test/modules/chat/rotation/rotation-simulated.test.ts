/** The learned order against the best fixed one, on models that drift; `npm run prove` lets it run for days. */
import { describe, expect, it } from 'vitest'
import { simulateChat, total } from '../../../support/rotation-simulation.ts'

const always = (model: { success: number; firstTokenMs?: number; refused?: number }) => () => model
const regret = ({ worth, fixed }: ReturnType<typeof simulateChat>) => {
  const best = Math.max(...Object.values(fixed).map(total))
  return (best - total(worth)) / best
}

describe('the learned order', () => {
  it('leaves a failing first model, and takes it back once it has recovered', () => {
    const chat = simulateChat({
      ...{ seed: 1, hours: 24, perHour: 60 },
      models: {
        first: (hour) => ({ success: hour >= 3 && hour < 7 ? 0.02 : 0.98 }),
        second: always({ success: 0.75, firstTokenMs: 1500 }),
      },
    })
    expect(chat.leaders.slice(0, 3)).toEqual(['first', 'first', 'first'])
    expect(chat.leaders[4]).toBe('second')
    expect(chat.leaders.at(-1)).toBe('first')
    expect(chat.changes).toBe(2)
  })

  it('costs little against the best fixed order, and saves much against a bad one', () => {
    const chat = simulateChat({
      ...{ seed: 2, hours: 12, perHour: 60 },
      models: { bad: always({ success: 0.5 }), good: always({ success: 0.97 }) },
    })
    expect(regret(chat)).toBeLessThan(0.08)
    expect(total(chat.fixed.bad ?? [])).toBeLessThan(0.7 * total(chat.worth))
  })

  it('is left alone by noise', () => {
    const alike = always({ success: 0.9 })
    const chats = [1, 2, 3].map((seed) =>
      simulateChat({ seed, hours: 10, perHour: 40, models: { one: alike, two: alike, three: alike } }),
    )
    expect(chats.reduce((sum, { changes }) => sum + changes, 0)).toBeLessThanOrEqual(1)
  })

  it('puts a model whose answers are withheld behind the others, and asks it seldom', () => {
    const chat = simulateChat({
      ...{ seed: 4, hours: 12, perHour: 60 },
      models: { prudish: always({ success: 0.99, refused: 0.7 }), slow: always({ success: 0.9, firstTokenMs: 4000 }) },
    })
    expect(chat.leaders.slice(2)).toEqual(Array(10).fill('slow'))
    expect(chat.lent).toBeLessThan(0.05 * 12 * 60)
  })

  it('lends no more messages than it may, and none where it may not', () => {
    const models = { one: always({ success: 0.9 }), two: always({ success: 0.9 }) }
    const lent = (explorePct: number) => simulateChat({ seed: 5, hours: 10, perHour: 60, explorePct, models }).lent
    expect(lent(0)).toBe(0)
    expect(lent(10) / 600).toBeLessThanOrEqual(0.12)
    expect(lent(10) / 600).toBeGreaterThanOrEqual(0.04)
  })
})
