import { describe, expect, it } from 'vitest'
import { processVitals } from '../../src/entry/node/process-vitals.ts'

describe('processVitals', () => {
  it('tells the processor time since it was asked last', () => {
    const vitals = processVitals()
    const until = performance.now() + 100
    while (performance.now() < until) Math.sqrt(until)
    // Another process may have had the processor for most of it.
    expect(vitals.cpuPercent()).toBeGreaterThan(5)
    expect(vitals.cpuPercent()).toBeLessThan(1000)
  })

  it('tells the memory that the process really holds', () => {
    const gib = processVitals().ramGib()
    expect(gib).toBeGreaterThan(0.01)
    expect(gib).toBeLessThan(4)
  })
})
