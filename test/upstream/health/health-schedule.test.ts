import { describe, expect, it } from 'vitest'
import { addAnswer, nextCheckMs, noStreak } from '../../../src/upstream/health/health-schedule.ts'

const verdictsAfter = (answers: string) => {
  let history = noStreak
  return [...answers].map((answer) => {
    history = addAnswer(history, answer === '+')
    return history.verdict
  })
}

describe('nextCheckMs', () => {
  it('looks closer while a failure is new', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 100].map((failures) => nextCheckMs(failures, 0.5))).toEqual([
      5000, 1000, 1000, 2000, 2000, 2000, 5000, 5000,
    ])
  })

  it('varies by ten percent', () => {
    expect([nextCheckMs(0, 0), nextCheckMs(0, 0.999_999)]).toEqual([4500, 5500])
  })
})

describe('addAnswer', () => {
  it('believes the first answer at once', () => {
    expect(verdictsAfter('+')).toEqual(['up'])
    expect(verdictsAfter('-')).toEqual(['down'])
  })

  it('takes three failures in a row to call a module down', () => {
    expect(verdictsAfter('+--+--')).not.toContain('down')
    expect(verdictsAfter('+---').at(-1)).toBe('down')
  })

  it('takes two passes in a row to call it up again', () => {
    expect(verdictsAfter('-+-+-')).not.toContain('up')
    expect(verdictsAfter('-++').at(-1)).toBe('up')
  })
})
