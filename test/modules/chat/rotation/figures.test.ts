/** How measurements become figures, scores and an order. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { figuresOf } from '../../../../src/modules/chat/rotation/figures.ts'
import { type Lesson, talliesOf, thumbTally } from '../../../../src/modules/chat/rotation/observation.ts'
import { reorder } from '../../../../src/modules/chat/rotation/reorder.ts'
import { type Score, scoreOf } from '../../../../src/modules/chat/rotation/score.ts'
import {
  added,
  learnedEnd,
  learnedPrefix,
  parseTallyKey,
  type Tallies,
  tallyKey,
  withinWindow,
} from '../../../../src/modules/chat/rotation/tally.ts'
import { turnedAt } from '../../../../src/modules/chat/rotation/turn.ts'

const now = Date.UTC(2027, 0, 15, 12, 10)
const hourMs = 3_600_000

const lesson = (more: Partial<Lesson['answer']> = {}, atMs = now): Lesson => ({
  answer: {
    attempts: [{ provider: 'a', outcome: 'answered', reason: null, latencyMs: 3000, firstTokenMs: 1000 }],
    usage: { promptTokens: 9, completionTokens: 50, reasoningTokens: null, totalTokens: 59 },
    finishReason: 'stop',
    ...more,
  },
  costUsd: 0.002,
  atMs,
})
const learn = (...lessons: Lesson[]) =>
  lessons.reduce<Tallies>(
    (sum, each) =>
      added(
        sum,
        talliesOf(each, (name) => name !== 'madre'),
      ),
    new Map(),
  )

describe('an exchange', () => {
  it('teaches success, first token, speed and cost of the model that answered', () => {
    expect(figuresOf(learn(lesson()), now).get('a')).toMatchObject({
      ...{ asked: 1, answered: 1, empties: 0, refusals: 0 },
      ...{ firstTokenMs: 1000, tokensPerS: 25, costUsd: 0.002 },
    })
  })

  it('teaches failures of those before it, and nothing of who is no model or was not asked', () => {
    const attempts: Lesson['answer']['attempts'] = [
      { provider: 'a', outcome: 'empty', reason: null, latencyMs: 10, firstTokenMs: null },
      { provider: 'b', outcome: 'cooling_down', reason: null, latencyMs: null, firstTokenMs: null },
      { provider: 'madre', outcome: 'answered', reason: null, latencyMs: 10, firstTokenMs: 10 },
    ]
    const figures = figuresOf(learn(lesson({ attempts })), now)
    expect([...figures.keys()]).toEqual(['a'])
    expect(figures.get('a')).toMatchObject({ asked: 1, answered: 0, empties: 1, firstTokenMs: null, costUsd: null })
  })

  it('names no speed for an answer that came at once, nor without a count of tokens', () => {
    const attempts = [{ ...(lesson().answer.attempts[0] as Lesson['answer']['attempts'][number]), latencyMs: 1050 }]
    expect(figuresOf(learn(lesson({ attempts })), now).get('a')?.tokensPerS).toBeNull()
    expect(figuresOf(learn(lesson({ usage: null })), now).get('a')?.tokensPerS).toBeNull()
  })

  it('counts an answer that a filter withheld', () => {
    expect(figuresOf(learn(lesson({ finishReason: 'content_filter' })), now).get('a')?.refusals).toBe(1)
  })
})

describe('figures', () => {
  const many = (count: number, atMs: number, outcome: 'answered' | 'timeout' = 'answered') => {
    const attempt = { provider: 'a', outcome, reason: null, latencyMs: 3000, firstTokenMs: null }
    return Array.from({ length: count }, () => lesson({ attempts: [attempt] }, atMs))
  }
  const weightedOf = (...lessons: Lesson[][]) => figuresOf(learn(...lessons.flat()), now).get('a')?.weighted.asked ?? 0

  it('count those of an hour ago half where much is asked, and remember for longer where little is', () => {
    expect(weightedOf(many(40, now), many(40, now - hourMs))).toBeCloseTo(60, -1)
    const [seldom, often] = [weightedOf(many(8, now - 4 * hourMs)), weightedOf(many(400, now - 4 * hourMs))]
    expect(seldom / 8).toBeGreaterThan(0.7)
    expect(often / 400).toBeLessThan(0.1)
  })

  it('forget what is older than a day', () => {
    expect(figuresOf(learn(lesson({}, now - 23 * hourMs)), now).get('a')?.answered).toBe(1)
    expect(figuresOf(learn(lesson({}, now - 25 * hourMs)), now).get('a')).toBeUndefined()
    expect(withinWindow(learn(lesson({}, now - 25 * hourMs)), now).size).toBe(0)
  })

  it('leave out what was before a model turned, and count it as it happened all the same', () => {
    const turned = figuresOf(learn(...many(3, now), ...many(12, now - hourMs, 'timeout')), now).get('a')
    expect(turned).toMatchObject({ asked: 15, answered: 3 })
    expect(turned?.weighted).toMatchObject({ asked: turned?.weighted.answered })
    const noise = figuresOf(learn(...many(2, now), ...many(12, now - hourMs, 'timeout')), now).get('a')
    expect(noise?.weighted.asked).toBeGreaterThan(10)
  })

  it('are the same in whatever order and parts they are added up', () => {
    const lessons = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 90_000 }), cut: fc.boolean() }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(lessons, (given) => {
        const each = given.map(({ ms }) =>
          learn(
            lesson({
              attempts: [{ provider: 'a', outcome: 'answered', reason: null, latencyMs: ms, firstTokenMs: ms / 2 }],
            }),
          ),
        )
        const [left, right] = [each.filter((_, i) => given[i]?.cut), each.filter((_, i) => !given[i]?.cut)]
        const sum = (parts: Tallies[]) => parts.reduce<Tallies>((one, other) => added(one, other), new Map())
        const [whole, parts] = [sum(each), added(sum(left), sum(right))]
        for (const [key, tally] of whole) {
          expect(parts.get(key)?.good).toBe(tally.good)
          expect(parts.get(key)?.mean).toBeCloseTo(tally.mean, 6)
        }
      }),
    )
  })

  it('have keys that sort by time within a range of their own', () => {
    const keys = [now - hourMs, now].map((at) => tallyKey(at, 'first_token', 'deepseek_r1/deepseek-chat'))
    expect(keys.toSorted()).toEqual(keys)
    expect(keys.every((key) => key >= learnedPrefix && key < learnedEnd)).toBe(true)
    expect(parseTallyKey(keys[1] ?? '')).toEqual({
      ...{ measure: 'first_token', model: 'deepseek_r1/deepseek-chat' },
      startMs: Date.UTC(2027, 0, 15, 12, 0),
    })
    for (const other of ['deepseek_r1', '@x', '@2027-01-15T12:00Z nothing a', '@9999-99-99T99:99Z cost a'])
      expect(parseTallyKey(other), other).toBeNull()
  })

  it('take back what a changed thumb said before', () => {
    const key = tallyKey(now, 'thumbs', 'a')
    const [down, up] = [thumbTally(null, 'down'), thumbTally('down', 'up')]
    const after = added(new Map([[key, down]]), new Map([[key, up]]))
    expect(figuresOf(after, now).get('a')).toMatchObject({ thumbsUp: 1, thumbsDown: 0 })
  })
})

describe('a turn', () => {
  const hours = (...counts: [good: number, bad: number][]) =>
    counts.map(([good, bad], index) => ({ good, bad, startMs: now - index * hourMs }))

  it('is the newest half hour from which on a model answers clearly otherwise than just before', () => {
    expect(turnedAt([])).toBeNull()
    expect(turnedAt(hours([20, 0]))).toBeNull()
    expect(turnedAt(hours([3, 0], [0, 12]))).toBe(now)
    expect(turnedAt(hours([0, 3], [3, 0], [40, 0]))).toBe(now)
    expect(turnedAt(hours([2, 0], [1, 0], [0, 2], [0, 9]))).toBe(now - hourMs)
  })

  it('is seen after a long outage, whatever was before that', () => {
    expect(turnedAt(hours([3, 0], [0, 2], [0, 2], [0, 9], [500, 0]))).toBe(now)
  })

  it('is no noise', () => {
    expect(turnedAt(hours([2, 1], [20, 1], [15, 0]))).toBeNull()
    expect(turnedAt(hours([0, 2], [20, 0]))).toBeNull()
    expect(turnedAt(hours([7, 8], [12, 3], [8, 7]))).toBeNull()
  })
})

describe('the next order', () => {
  const score = (value: number, more: Partial<Score> = {}): Score => ({
    ...{ value, error: 0.01, success: value, quality: 1, usefulness: 1, judged: 100 },
    ...more,
  })
  const by = (scores: Record<string, Score>) => (model: string) => scores[model] ?? score(0)
  const start = { order: ['a', 'b', 'c'], belowFloor: [] }

  it('changes for a difference that is large and certain', () => {
    expect(reorder(start, by({ a: score(0.5), b: score(0.7), c: score(0.6) })).order).toEqual(['b', 'c', 'a'])
    expect(reorder(start, by({ a: score(0.5), b: score(0.54), c: score(0.5) }))).toEqual(start)
    const unsure = by({ a: score(0.5), b: score(0.7, { error: 0.2 }), c: score(0.5) })
    expect(reorder(start, unsure)).toEqual(start)
  })

  it('does not go back for the margin that it came by', () => {
    const there = reorder(start, by({ a: score(0.5), b: score(0.56), c: score(0.1) }))
    expect(there.order[0]).toBe('b')
    expect(reorder(there, by({ a: score(0.6), b: score(0.56), c: score(0.1) })).order[0]).toBe('b')
    expect(reorder(there, by({ a: score(0.62), b: score(0.56), c: score(0.1) })).order[0]).toBe('a')
  })

  it('puts low quality last, however much it is worth, until it is clearly better', () => {
    const low = (quality: number, judged = 10) =>
      by({ a: score(0.9, { quality, judged }), b: score(0.3), c: score(0.2) })
    const out = reorder(start, low(0.5))
    expect(out).toEqual({ order: ['b', 'c', 'a'], belowFloor: ['a'] })
    expect(reorder(out, low(0.7)).belowFloor).toEqual(['a'])
    expect(reorder(out, low(0.8))).toEqual({ order: ['a', 'b', 'c'], belowFloor: [] })
    expect(reorder(start, low(0.5, 4)).belowFloor).toEqual([])
  })

  it('has each model once, whatever the scores are', () => {
    const anyScore = fc.record({
      ...{ value: fc.double({ noNaN: true, min: 0, max: 1 }), error: fc.double({ noNaN: true, min: 0, max: 1 }) },
      ...{ success: fc.constant(1), quality: fc.double({ noNaN: true, min: 0, max: 1 }) },
      ...{ usefulness: fc.constant(1), judged: fc.nat(20) },
    })
    fc.assert(
      fc.property(fc.array(anyScore, { minLength: 5, maxLength: 5 }), (scores) => {
        const order = ['a', 'b', 'c', 'd', 'e']
        const next = reorder({ order, belowFloor: [] }, (model) => scores[order.indexOf(model)] as Score)
        expect(next.order.toSorted()).toEqual(order)
      }),
    )
  })
})

describe('a score', () => {
  it('is between 0 and 1 and finite, whatever was counted', () => {
    const count = fc.integer({ min: 0, max: 1e9 })
    const weighted = fc.record({
      ...{ asked: count, answered: count, empties: count, refusals: count, thumbsUp: count, thumbsDown: count },
    })
    const measured = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: null })
    fc.assert(
      fc.property(weighted, measured, measured, measured, (counts, firstTokenMs, tokensPerS, costUsd) => {
        const answered = Math.min(counts.answered, counts.asked)
        const sound = { ...counts, answered, empties: Math.min(counts.empties, counts.asked - answered) }
        const score = scoreOf({ ...sound, firstTokenMs, tokensPerS, costUsd, weighted: sound })
        for (const part of [score.value, score.success, score.quality, score.usefulness]) {
          expect(part).toBeGreaterThanOrEqual(0)
          expect(part).toBeLessThanOrEqual(1)
        }
        expect(Number.isFinite(score.error)).toBe(true)
      }),
    )
  })

  it('grows with speed, and falls with the price', () => {
    const of = (more: object) => {
      const counts = { asked: 20, answered: 20, empties: 0, refusals: 0, thumbsUp: 0, thumbsDown: 0 }
      return scoreOf({ ...counts, firstTokenMs: 500, tokensPerS: 40, costUsd: 0.001, ...more, weighted: counts }).value
    }
    expect(of({ firstTokenMs: 100 })).toBeGreaterThan(of({}))
    expect(of({ tokensPerS: 10 })).toBeLessThan(of({}))
    expect(of({ costUsd: 0.01 })).toBeLessThan(of({}))
  })
})
