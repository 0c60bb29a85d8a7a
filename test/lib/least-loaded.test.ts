/** The choice between servers, simulated with seeded arrivals and durations. */
import { describe, expect, it } from 'vitest'
import { leastLoaded } from '../../src/lib/least-loaded.ts'
import { fakeRandom } from '../support/fake-random.ts'

const server = (weight: number) => {
  const ends: number[] = []
  return { weight, credit: 0, load: () => ends.length, ends, served: 0 }
}

interface Load {
  weights: readonly number[]
  /** Mean milliseconds of a request at each server. */
  durations: readonly number[]
  perSecond: number
  seconds?: number
  seed?: number
}

/** Poisson arrivals, exponential durations. Gives each server's share and the mean duration of all requests. */
function simulate({ weights, durations, perSecond, seconds = 60, seed = 7 }: Load) {
  const random = fakeRandom(seed)
  const exponential = (mean: number) => -Math.log(1 - random.fraction()) * mean
  const servers = weights.map(server)
  let total = 0
  let count = 0
  for (let now = 0; now < seconds * 1000; now += exponential(1000 / perSecond)) {
    for (const { ends } of servers) while (ends.length > 0 && (ends[0] as number) <= now) ends.shift()
    const chosen = leastLoaded(servers) as (typeof servers)[number]
    const duration = exponential(durations[servers.indexOf(chosen)] as number)
    chosen.ends.push(now + duration)
    chosen.ends.sort((a, b) => a - b)
    chosen.served++
    total += duration
    count++
  }
  return { shares: servers.map(({ served }) => served / count), meanMs: total / count }
}

describe('the least loaded server', () => {
  it('is none of none, and the only one', () => {
    expect(leastLoaded([])).toBeUndefined()
    const only = server(5)
    expect(leastLoaded([only])).toBe(only)
  })

  it('gives turns by weight, none in a row, while nobody is busy', () => {
    const [heavy, light] = [server(3), server(1)]
    const turns = Array.from({ length: 8 }, () => (leastLoaded([heavy, light]) === heavy ? 'h' : 'l'))
    expect(turns.join('')).toBe('hhlhhhlh')
  })

  it('is the one with the least in flight among equal weights, however large the weights are', () => {
    const servers = [server(100), server(100), server(99)]
    for (const [index, busy] of [2, 1, 3].entries()) servers[index]?.ends.push(...Array<number>(busy).fill(0))
    expect(leastLoaded(servers)).toBe(servers[1])
  })

  it.each([2, 20, 200, 2000])('keeps to the weights at %i requests a second', (perSecond) => {
    const { shares } = simulate({
      weights: [3, 1],
      durations: [50, 50],
      perSecond,
      seconds: 8000 / perSecond,
    })
    expect(shares[0]).toBeGreaterThan(0.7)
    expect(shares[0]).toBeLessThan(0.8)
  })

  it('spares a server that has become slow, where turns alone would not', () => {
    const { shares, meanMs } = simulate({ weights: [1, 1, 1], durations: [20, 20, 400], perSecond: 300, seconds: 20 })
    expect(shares[2]).toBeLessThan(0.08)
    // A third of the requests would have taken 400 ms: 147 on average.
    expect(meanMs).toBeLessThan(55)
  })

  it('lets no server be more than a request busier than another of its weight at its choice', () => {
    const random = fakeRandom(3)
    const servers = [server(2), server(2), server(2)]
    for (let i = 0; i < 5000; i++) {
      if (random.fraction() < 0.45) servers[Math.floor(random.fraction() * 3)]?.ends.pop()
      else {
        const chosen = leastLoaded(servers) as (typeof servers)[number]
        expect(chosen.load()).toBe(Math.min(...servers.map(({ load }) => load())))
        chosen.ends.push(0)
      }
    }
  })

  it('is fair again at once after a server was away', () => {
    const [one, other] = [server(1), server(1)]
    for (let i = 0; i < 1000; i++) leastLoaded([one])
    const turns = Array.from({ length: 10 }, () => leastLoaded([one, other]))
    expect(turns.filter((each) => each === one)).toHaveLength(5)
  })
})
