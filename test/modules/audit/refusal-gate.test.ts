import { describe, expect, it } from 'vitest'
import { refusalGate } from '../../../src/modules/audit/refusal-gate.ts'
import { fakeClock } from '../../support/fake-clock.ts'

describe('which refusals are recorded', () => {
  it('are five alike in a minute, and the next one counts those that were left out', async () => {
    const clock = fakeClock()
    const gate = refusalGate(clock)
    const verdicts = Array.from({ length: 12 }, () => gate('link window.open forbidden', true))
    expect(verdicts.filter((verdict) => verdict !== undefined)).toEqual(Array(5).fill({ leftOut: 0 }))
    expect(gate('link window.close forbidden', true)).toEqual({ leftOut: 0 })
    await clock.advance(60_000)
    expect(gate('link window.open forbidden', true)).toEqual({ leftOut: 7 })
    expect(gate('link window.open forbidden', true)).toEqual({ leftOut: 0 })
  })

  it('are sixty a minute of all unknown callers, and of known ones as before', async () => {
    const clock = fakeClock()
    const gate = refusalGate(clock)
    const recorded = Array.from({ length: 500 }, (_, nth) => gate(`address-${nth}`, false)).filter(Boolean)
    expect(recorded).toHaveLength(60)
    expect(gate('link', true)).toEqual({ leftOut: 0 })
    await clock.advance(60_000)
    expect(gate('address-499', false)).toEqual({ leftOut: 1 })
  })

  it('stay bounded in memory, whatever callers come', () => {
    const gate = refusalGate(fakeClock())
    for (let nth = 0; nth < 2000; nth++) expect(gate(`k-${nth}`, true)).toBeDefined()
    const more = Array.from({ length: 100 }, (_, nth) => gate(`more-${nth}`, true)).filter(Boolean)
    expect(more).toHaveLength(5)
  })
})
