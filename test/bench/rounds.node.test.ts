import { describe, expect, it } from 'vitest'
import { discardReason } from '../../bench/method/discard.ts'
import { parseRunQueue, parseTicks, stolen, type Weather, withWeather } from '../../bench/method/machine.ts'
import { type Measure, measureRounds } from '../../bench/method/rounds.ts'

const calm: Weather = { calibrationUs: [100, 101], steal: 0, runQueue: 8 }

describe('discardReason', () => {
  it('keeps rounds of a machine that is busy all the time', () => {
    expect(discardReason([calm, calm])).toBeNull()
    expect(
      discardReason([
        { ...calm, runQueue: 40 },
        { ...calm, runQueue: 35 },
      ]),
    ).toBeNull()
    expect(
      discardReason([
        { ...calm, runQueue: 1 },
        { ...calm, runQueue: 2 },
      ]),
    ).toBeNull()
  })

  it('discards a round in which the host took time away', () => {
    expect(discardReason([calm, { ...calm, steal: 0.031 }])).toBe('stolen time')
    expect(discardReason([calm, { ...calm, steal: 0.03 }])).toBeNull()
  })

  it('discards a round in which the processor changed its speed, within a slice or between two', () => {
    expect(discardReason([calm, { ...calm, calibrationUs: [100, 111] }])).toBe('uneven speed')
    expect(discardReason([calm, { ...calm, calibrationUs: [112, 112] }])).toBe('uneven speed')
    expect(discardReason([calm, { ...calm, calibrationUs: [110, 100] }])).toBeNull()
  })

  it('discards a round whose slices shared the processor with unlike crowds', () => {
    expect(discardReason([calm, { ...calm, runQueue: 16.1 }])).toBe('uneven run queue')
    expect(discardReason([{ ...calm, runQueue: 16 }, calm])).toBeNull()
  })
})

describe('measureRounds', () => {
  const contender = (name: string, log: string[]) => ({
    name,
    run: async () => {
      log.push(name)
      return log.length
    },
  })
  const under =
    (weathers: readonly Weather[]): Measure =>
    async (work) => {
      const result = await work()
      return { result, weather: weathers[Number(result) - 1] ?? calm }
    }

  it('gives turns from either end, until the figures are sure', async () => {
    const log: string[] = []
    const contenders = [contender('a', log), contender('b', log), contender('c', log)]
    const sure = (slices: Map<string, number[]>) => slices.get('a')?.length === 3
    const rounds = await measureRounds(contenders, { rounds: 10 }, sure, under([]))
    expect(log.join('')).toBe('abccbaabc')
    expect(rounds).toMatchObject({ kept: 3, discarded: {} })
    expect(rounds.slices.get('b')).toEqual([2, 5, 8])
  })

  it('drops a round whole, by what the machine did, and tells why', async () => {
    const log: string[] = []
    const contenders = [contender('a', log), contender('b', log)]
    const weathers = [calm, calm, calm, { ...calm, steal: 0.5 }, { ...calm, runQueue: 90 }, calm]
    const rounds = await measureRounds(contenders, { rounds: 4 }, () => false, under(weathers))
    expect(rounds.kept).toBe(2)
    expect(rounds.discarded).toEqual({ 'stolen time': 1, 'uneven run queue': 1 })
    expect(rounds.slices.get('a')).toEqual([1, 8])
    expect(rounds.slices.get('b')).toEqual([2, 7])
  })

  it('keeps all of them for who wants to see that it runs', async () => {
    const rounds = await measureRounds(
      [contender('a', [])],
      { rounds: 1, keepAll: true },
      () => false,
      under([{ ...calm, steal: 1 }]),
    )
    expect(rounds).toMatchObject({ kept: 1, discarded: {} })
  })
})

describe('the weather', () => {
  it('is read from /proc', () => {
    const stat = 'cpu  100 0 50 800 10 0 20 20 5 5\ncpu0 1 2 3\n'
    expect(parseTicks(stat)).toEqual({ all: 1000, stolen: 20 })
    expect(stolen({ all: 1000, stolen: 20 }, { all: 1100, stolen: 25 })).toBe(0.05)
    expect(stolen({ all: 1000, stolen: 20 }, { all: 1000, stolen: 20 })).toBe(0)
    expect(parseRunQueue('10.16 6.22 2.63 11/273 10041\n')).toBe(11)
  })

  it.runIf(process.platform === 'linux')('comes with what was measured', async () => {
    const { result, weather } = await withWeather(async () => 42)
    expect(result).toBe(42)
    expect(Math.min(...weather.calibrationUs)).toBeGreaterThan(0)
    expect(weather.steal).toBeGreaterThanOrEqual(0)
    expect(weather.runQueue).toBeGreaterThanOrEqual(0)
  })
})
