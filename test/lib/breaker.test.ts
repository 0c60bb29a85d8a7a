import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  admit,
  type Circuit,
  closedCircuit,
  heal,
  type Outcome,
  probeNow,
  retryAfterMs,
  settle,
} from '../../src/lib/breaker.ts'
import { breakerRules } from '../../src/upstream/layers/breaker-rules.ts'
import { fakeRandom } from '../support/fake-random.ts'

const rules = { failures: 5, cooldownMs: 60_000 }

/** One call that ends at once. */
function call(circuit: Circuit, outcome: Outcome, now: number): { circuit: Circuit; passed: boolean } {
  const admitted = admit(circuit, now)
  if (!admitted) return { circuit, passed: false }
  return { circuit: settle(admitted, admitted.epoch, outcome, rules, now), passed: true }
}

const circuitAfter = (outcomes: Outcome[], now = 0, start: Circuit = closedCircuit) =>
  outcomes.reduce((circuit, outcome) => call(circuit, outcome, now).circuit, start)

const failures = (count: number) => new Array<Outcome>(count).fill('failure')
const open = circuitAfter(failures(5))

/** The circuit with the call in it. */
function admitted(circuit: Circuit, now: number, probeMs?: number): Circuit {
  const next = admit(circuit, now, probeMs)
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
    expect(admit(open, 59_999)).toBeNull()
    expect(retryAfterMs(open, 59_000)).toBe(1000)
    expect(retryAfterMs(open, 70_000)).toBe(0)
    expect(admit(open, 60_000)).toMatchObject({ state: 'half_open' })
  })

  it('is not moved by calls that passed before it opened', () => {
    const early = admitted(closedCircuit, 0).epoch
    for (const outcome of ['success', 'failure', 'unknown'] as const)
      expect(settle(open, early, outcome, rules, 10)).toBe(open)
  })

  it('does not stay open for as long as a clock was set back', () => {
    const opened = circuitAfter(failures(5), 1_000_000)
    expect(admit(opened, 5000)).toMatchObject({ state: 'half_open' })
  })
})

describe('a half-open circuit', () => {
  const probing = admitted(open, 60_000)

  it('lets one probe through and refuses the others', () => {
    expect(admit(probing, 60_000)).toBeNull()
    expect(admit(probing, 119_999)).toBeNull()
  })

  it('closes with the probe’s success', () => {
    expect(settle(probing, probing.epoch, 'success', rules, 60_100)).toMatchObject({ state: 'closed', failures: 0 })
  })

  it('opens for another cool-down with its failure', () => {
    const again = settle(probing, probing.epoch, 'failure', rules, 60_100)
    expect(again).toMatchObject({ state: 'open', failures: 6, openedAt: 60_100 })
    expect(admit(again, 120_099)).toBeNull()
  })

  it('lets the next call probe when the probe told nothing', () => {
    const idle = settle(probing, probing.epoch, 'unknown', rules, 60_100)
    expect(idle.state).toBe('open')
    expect(admit(idle, 60_100)).toMatchObject({ state: 'half_open' })
  })

  it('replaces a probe that never came back, and hears no more of it', () => {
    const second = admitted(probing, 120_000)
    expect(second).toMatchObject({ state: 'half_open', probeStartedAt: 120_000 })
    expect(settle(second, probing.epoch, 'failure', rules, 120_001)).toBe(second)
    expect(settle(second, second.epoch, 'success', rules, 120_002).state).toBe('closed')
  })

  it('gives a probe that may take longer than the cool-down its time', () => {
    const slow = admitted(open, 60_000, 350_000)
    expect(admit(slow, 409_999)).toBeNull()
    expect(admit(slow, 410_000)).not.toBeNull()
  })
})

describe('with a span, a share and a growing cool-down', () => {
  const upstream = breakerRules({ failures: 5, cooldownMs: 60_000 })
  const run = (circuit: Circuit, outcome: Outcome, now: number) => {
    const passing = admit(circuit, now)
    return passing ? settle(passing, passing.epoch, outcome, upstream, now) : circuit
  }
  const failing = (from: number, to: number, everyMs: number, start: Circuit = closedCircuit) => {
    let circuit = start
    for (let now = from; now <= to; now += everyMs) circuit = run(circuit, 'failure', now)
    return circuit
  }

  it('opens for no number of failures in less than a second, and then for a second', () => {
    expect(failing(0, 990, 10).state).toBe('closed')
    expect(failing(0, 1000, 10)).toMatchObject({ state: 'open', cooldownMs: 1000, until: 2000 })
    expect(failing(0, 3000, 1000).state).toBe('closed')
  })

  it('opens for most of many calls in a few seconds, though some succeed', () => {
    let circuit: Circuit = closedCircuit
    for (let call = 0; call < 60 && circuit.state === 'closed'; call++)
      circuit = run(circuit, call % 3 === 0 ? 'success' : 'failure', call * 50)
    expect(circuit.state).toBe('open')
    let half: Circuit = closedCircuit
    for (let call = 0; call < 400; call++) half = run(half, call % 2 === 0 ? 'success' : 'failure', call * 50)
    expect(half.state).toBe('closed')
  })

  it('doubles the cool-down with each failed probe up to the longest, and begins anew after a success', () => {
    let circuit = failing(0, 1000, 10)
    const cooldowns: number[] = []
    for (let probe = 0; probe < 8; probe++) {
      if (circuit.state !== 'open') throw new Error('not open')
      cooldowns.push(circuit.cooldownMs)
      circuit = run(circuit, 'failure', circuit.until)
    }
    expect(cooldowns.map((ms) => ms / 1000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    if (circuit.state !== 'open') throw new Error('not open')
    const { until } = circuit
    expect(failing(until + 10, until + 1010, 10, run(circuit, 'success', until))).toMatchObject({ cooldownMs: 1000 })
  })

  it('lets a probe through when a health check passed that began after the opening', () => {
    const circuit = failing(0, 1000, 10)
    expect(probeNow(circuit, 900, 1100)).toBe(circuit)
    expect(admit(probeNow(circuit, 1050, 1100), 1100)).toMatchObject({ state: 'half_open' })
    const probing = admit(circuit, 2000, 30_000)
    if (!probing) throw new Error('refused')
    expect(admit(probing, 5000)).toBeNull()
    expect(admit(probeNow(probing, 4000, 4100), 5000)).toMatchObject({ probeStartedAt: 5000 })
    expect(probeNow(closedCircuit, 1, 2)).toBe(closedCircuit)
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
          const next = admit(circuit, now)
          if (!next) {
            expect(now - lastChange(circuit)).toBeLessThan(rules.cooldownMs)
            continue
          }
          if (next.state === 'half_open') expect(admit(next, now)).toBeNull()
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
        expect(admit(circuit, now + rules.cooldownMs)).not.toBeNull()
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
