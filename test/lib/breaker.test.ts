import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit, type Circuit, closedCircuit, heal, type Outcome, retryAfterMs, settle } from '../../src/lib/breaker.ts'
import { fakeRandom } from '../support/fake-random.ts'

const rules = { failures: 5, cooldownMs: 60_000 }

/** One call that ends at once. */
function call(circuit: Circuit, outcome: Outcome, now: number): { circuit: Circuit; passed: boolean } {
  const admitted = admit(circuit, rules, now)
  if (!admitted) return { circuit, passed: false }
  return { circuit: settle(admitted, admitted.epoch, outcome, rules, now), passed: true }
}

const circuitAfter = (outcomes: Outcome[], now = 0, start: Circuit = closedCircuit) =>
  outcomes.reduce((circuit, outcome) => call(circuit, outcome, now).circuit, start)

const failures = (count: number) => new Array<Outcome>(count).fill('failure')
const open = circuitAfter(failures(5))

/** The circuit with the call in it. */
function admitted(circuit: Circuit, now: number, probeMs?: number): Circuit {
  const next = admit(circuit, rules, now, probeMs)
  if (!next) throw new Error('refused')
  return next
}

describe('a closed circuit', () => {
  it('opens with the fifth failure in a row, not before', () => {
    expect(circuitAfter(failures(4))).toMatchObject({ state: 'closed', failures: 4 })
    expect(open).toMatchObject({ state: 'open', failures: 5 })
  })

  it('starts to count again after a success', () => {
    expect(circuitAfter([...failures(4), 'success', ...failures(4)]).state).toBe('closed')
  })

  it('does not count what tells nothing', () => {
    expect(circuitAfter([...failures(4), 'unknown', 'unknown'])).toMatchObject({ state: 'closed', failures: 4 })
  })
})

describe('an open circuit', () => {
  it('refuses everybody until the cool-down is over, and says how long that is', () => {
    expect(admit(open, rules, 59_999)).toBeNull()
    expect(retryAfterMs(open, rules, 59_000)).toBe(1000)
    expect(retryAfterMs(open, rules, 70_000)).toBe(0)
    expect(admit(open, rules, 60_000)).toMatchObject({ state: 'half_open' })
  })

  it('is not moved by calls that passed before it opened', () => {
    const early = admitted(closedCircuit, 0).epoch
    for (const outcome of ['success', 'failure', 'unknown'] as const)
      expect(settle(open, early, outcome, rules, 10)).toBe(open)
  })

  it('does not stay open for as long as a clock was set back', () => {
    const opened = circuitAfter(failures(5), 1_000_000)
    expect(admit(opened, rules, 5000)).toMatchObject({ state: 'half_open' })
  })
})

describe('a half-open circuit', () => {
  const probing = admitted(open, 60_000)

  it('lets one probe through and refuses the others', () => {
    expect(admit(probing, rules, 60_000)).toBeNull()
    expect(admit(probing, rules, 119_999)).toBeNull()
  })

  it('closes with the probe’s success', () => {
    expect(settle(probing, probing.epoch, 'success', rules, 60_100)).toMatchObject({ state: 'closed', failures: 0 })
  })

  it('opens for another cool-down with its failure', () => {
    const again = settle(probing, probing.epoch, 'failure', rules, 60_100)
    expect(again).toMatchObject({ state: 'open', failures: 6, openedAt: 60_100 })
    expect(admit(again, rules, 120_099)).toBeNull()
  })

  it('lets the next call probe when the probe told nothing', () => {
    const idle = settle(probing, probing.epoch, 'unknown', rules, 60_100)
    expect(idle.state).toBe('open')
    expect(admit(idle, rules, 60_100)).toMatchObject({ state: 'half_open' })
  })

  it('replaces a probe that never came back, and hears no more of it', () => {
    const second = admitted(probing, 120_000)
    expect(second).toMatchObject({ state: 'half_open', probeStartedAt: 120_000 })
    expect(settle(second, probing.epoch, 'failure', rules, 120_001)).toBe(second)
    expect(settle(second, second.epoch, 'success', rules, 120_002).state).toBe('closed')
  })

  it('gives a probe that may take longer than the cool-down its time', () => {
    const slow = admitted(open, 60_000, 350_000)
    expect(admit(slow, rules, 409_999)).toBeNull()
    expect(admit(slow, rules, 410_000)).not.toBeNull()
  })
})

describe('heal', () => {
  it('closes what is open or half open, and leaves a closed circuit as it is', () => {
    const closing = circuitAfter(failures(3))
    expect(heal(closing)).toBe(closing)
    expect(heal(open)).toMatchObject({ state: 'closed', failures: 0 })
    const probing = admitted(open, 60_000)
    expect(settle(heal(probing), probing.epoch, 'failure', rules, 60_001)).toMatchObject({ state: 'closed' })
  })
})

describe('whatever happens', () => {
  const step = fc.record({
    passes: fc.integer({ min: 0, max: 40_000 }),
    outcome: fc.constantFrom<Outcome | 'lost'>('success', 'failure', 'unknown', 'lost'),
  })

  it('lets no second probe through, opens with no fewer failures, and is never locked for good', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let circuit: Circuit = closedCircuit
        let now = 0
        let inARow = 0
        const earlier: number[] = []
        for (const { passes, outcome } of steps) {
          now += passes
          const next = admit(circuit, rules, now)
          if (!next) {
            expect(now - lastChange(circuit)).toBeLessThan(rules.cooldownMs)
            continue
          }
          if (next.state === 'half_open') expect(admit(next, rules, now)).toBeNull()
          for (const epoch of earlier)
            if (epoch !== next.epoch) expect(settle(next, epoch, 'failure', rules, now)).toBe(next)
          circuit = next
          earlier.push(next.epoch)
          if (outcome === 'lost') continue
          const settled = settle(next, next.epoch, outcome, rules, now)
          inARow = outcome === 'failure' ? inARow + 1 : outcome === 'success' ? 0 : inARow
          if (next.state === 'closed' && settled.state === 'open') expect(inARow).toBeGreaterThanOrEqual(rules.failures)
          circuit = settled
        }
        expect(admit(circuit, rules, now + rules.cooldownMs)).not.toBeNull()
      }),
    )
  })
})

function lastChange(circuit: Circuit): number {
  if (circuit.state === 'closed') throw new Error('a closed circuit refuses nobody')
  return circuit.state === 'open' ? circuit.openedAt : circuit.probeStartedAt
}

describe('an upstream that fails for a minute at 500 requests a second', () => {
  it('gets the failures that open the circuit, one probe for each cool-down, and all traffic within one of its recovery', () => {
    const random = fakeRandom(7)
    const recoversAt = 200_000
    const probes: number[] = []
    let circuit: Circuit = closedCircuit
    let reached = 0
    let firstGood = 0
    for (let now = 0; now < 300_000; now += 2) {
      const up = now >= recoversAt
      const before = circuit.state
      const result = call(circuit, up ? 'success' : random.fraction() < 0.001 ? 'unknown' : 'failure', now)
      circuit = result.circuit
      if (!result.passed) continue
      if (!up) reached++
      if (!up && before !== 'closed') probes.push(now)
      if (up && firstGood === 0) firstGood = now
    }
    expect(reached).toBeLessThanOrEqual(5 + probes.length + 1)
    expect(probes).toHaveLength(3)
    expect(firstGood - recoversAt).toBeLessThanOrEqual(rules.cooldownMs)
    expect(circuit.state).toBe('closed')
  })
})
