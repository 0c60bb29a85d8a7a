import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  calmTrend,
  followTrend,
  type HealthSample,
  type HealthTrend,
  trendRules,
} from '../../../src/modules/health-history/health-trend.ts'
import { fakeRandom } from '../../support/fake-random.ts'

type Look = Pick<HealthSample, 'passed' | 'ms'>

const minuteMs = 60_000
const remembered = 120

/** Follows one look a minute, and gives the minutes in which a departure was told. */
function follow(minutes: number, look: (minute: number) => Look): { told: number[]; kinds: string[] } {
  let trend: HealthTrend = calmTrend
  let recent: HealthSample[] = []
  const told: number[] = []
  const kinds: string[] = []
  for (let minute = 0; minute < minutes; minute++) {
    const sample = { at: minute * minuteMs, ...look(minute) }
    const next = followTrend(trend, recent, sample)
    if (next.departed && !trend.departed) {
      told.push(minute)
      kinds.push(next.departed.kind)
    }
    trend = next
    recent = [...recent, sample].slice(-remembered)
  }
  return { told, kinds }
}

/** Lognormal latency, as those of networks are; seeded, so that a rate is a figure and no luck. */
function noise(seed: number, { spread = 0.3, spikes = 0, failures = 0, memory = 0 } = {}) {
  const random = fakeRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.fraction())) * Math.cos(2 * Math.PI * random.fraction())
  let drift = 0
  return (factor = 1): Look => {
    drift = memory * drift + spread * Math.sqrt(1 - memory ** 2) * normal()
    if (random.fraction() < failures) return { passed: false, ms: null }
    return { passed: true, ms: 100 * factor * Math.exp(drift) * (random.fraction() < spikes ? 10 : 1) }
  }
}

const weekMinutes = 7 * 24 * 60

describe('a service that behaves as it used to', () => {
  // docs/truth.md has the rates over seventy service-days.
  it.each([
    ['usual noise', { spread: 0.3 }, 0],
    ['strong noise with spikes of ten times the latency', { spread: 0.5, spikes: 0.02 }, 0],
    ['noise that remembers half of itself', { memory: 0.5 }, 1],
    ['one lost answer in a thousand', { failures: 0.001 }, 0],
    ['one lost answer in a hundred', { failures: 0.01 }, 2],
  ])('raises next to no alarm in a week of %s', (_what, kind, max) => {
    const next = noise(7, kind)
    expect(follow(weekMinutes, () => next()).told.length).toBeLessThanOrEqual(max)
  })

  it('raises none for a single answer, however slow', () => {
    expect(follow(200, (minute) => ({ passed: true, ms: minute === 100 ? 60_000 : 100 })).told).toEqual([])
  })

  it('raises none before it has a history', () => {
    const early = trendRules.minBaseline + trendRules.lag
    expect(follow(early, (minute) => ({ passed: true, ms: 10 * 2 ** minute })).told).toEqual([])
  })

  it('raises none for sleep, or for one outage however long', () => {
    const asleep = follow(300, (m) => (m > 100 && m < 200 ? { passed: null, ms: null } : { passed: true, ms: 100 }))
    const down = follow(300, (m) => (m > 100 && m < 200 ? { passed: false, ms: null } : { passed: true, ms: 100 }))
    expect([asleep.told, down.told]).toEqual([[], []])
  })
})

describe('a service that departs from its history', () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1)
  const delays = (factor: (minute: number) => number) =>
    seeds.map((seed) => {
      const next = noise(seed)
      return (follow(400, (minute) => next(minute < 200 ? 1 : factor(minute - 200))).told[0] ?? 999) - 200
    })
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

  it('is told within a quarter of an hour when it becomes three times as slow', () => {
    const found = delays(() => 3)
    expect(Math.max(...found)).toBeLessThanOrEqual(15)
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0)
  })

  it('is told about when a creeping latency has doubled', () => {
    const found = delays((minute) => 1 + minute / 30)
    expect(median(found)).toBeLessThanOrEqual(40)
    expect(Math.max(...found)).toBeLessThanOrEqual(60)
  })

  it('is told when it fails again and again between good answers', () => {
    const found = follow(400, (m) =>
      m >= 200 && m % 3 === 0 ? { passed: false, ms: null } : { passed: true, ms: 100 },
    )
    expect(found.kinds).toEqual(['relapses'])
    expect(found.told[0]).toBeLessThanOrEqual(212)
  })

  it('is told once, and again only after it has been itself in between', () => {
    const slow = (m: number) => (m >= 100 && m < 160) || (m >= 320 && m < 380)
    const { told } = follow(500, (m) => ({ passed: true, ms: slow(m) ? 500 : 100 }))
    expect(told).toHaveLength(2)
    expect(told[0]).toBeGreaterThanOrEqual(100)
    expect(told[0]).toBeLessThan(115)
    expect(told[1]).toBeGreaterThanOrEqual(320)
  })

  it('that stays slow becomes its own new history', () => {
    const end = follow(500, (m) => ({ passed: true, ms: m < 100 ? 100 : 500 }))
    expect(end.told).toHaveLength(1)
  })
})

describe('the charts', () => {
  const anyLook = fc.record({
    passed: fc.constantFrom(true, false, null),
    ms: fc.option(fc.oneof(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.constant(0)), { nil: null }),
  })

  it('stay finite and within their thresholds, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(anyLook, { maxLength: 200 }), (looks) => {
        let trend = calmTrend
        looks.forEach((look, i) => {
          const before = looks.slice(0, i).map((each, at) => ({ at, ...each }))
          trend = followTrend(trend, before, { at: i, ...look })
          expect(trend.latency).toBeGreaterThanOrEqual(0)
          expect(trend.latency).toBeLessThanOrEqual(trendRules.latencyThreshold)
          expect(trend.relapses).toBeGreaterThanOrEqual(0)
          expect(trend.relapses).toBeLessThanOrEqual(trendRules.relapseThreshold)
        })
      }),
      { numRuns: 50 },
    )
  })

  it('do not move when the latency falls, nor for a look that expected nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 99, noNaN: true }), (ms) => {
        const before = Array.from({ length: 60 }, (_, at) => ({ at, passed: true, ms: 100 }))
        expect(followTrend(calmTrend, before, { at: 60, passed: true, ms })).toEqual(calmTrend)
        const drifted = { latency: 3, relapses: 1, departed: null }
        expect(followTrend(drifted, before, { at: 60, passed: null, ms: null })).toEqual(drifted)
      }),
    )
  })
})
