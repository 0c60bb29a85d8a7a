import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { breakerTables, flapCost, newRule, outageCost } from './breaker-simulation.ts'

describe('an upstream asked 50 times a second', () => {
  it('that is away for less than a second is answered again at once', () => {
    for (const seconds of [0.1, 0.3]) expect(outageCost(newRule, seconds)).toMatchObject({ refusedWhileUp: 0 })
    expect(outageCost(newRule, 0.3).recoveryS).toBeLessThan(0.1)
  })

  it('is answered again within a few seconds, however long it was away', () => {
    for (const seconds of [3, 10, 60]) expect(outageCost(newRule, seconds).recoveryS).toBeLessThan(5)
    expect(outageCost(newRule, 60).wasted).toBeLessThan(70)
  })

  it('that restarts every two seconds passes what it can answer', () => {
    expect(flapCost(newRule, 15).answered).toBeGreaterThan(80)
  })

  it('costs what docs/proxying.md says', () => {
    expect(readFileSync('docs/proxying.md', 'utf8')).toContain(breakerTables())
  })
})
