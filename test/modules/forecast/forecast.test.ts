/** What is predicted of a resource, when that is announced, and when nothing can be said. */
import { like } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { systemState } from '../../../src/db/schema/madre.ts'
import { roomInDatabase } from '../../../src/db/size.ts'
import { nextAlarm, noAlarm } from '../../../src/modules/forecast/alarm.ts'
import { resourceForecasts } from '../../../src/modules/forecast/forecasts.ts'
import { forecast } from '../../../src/modules/forecast/trend.ts'
import type { StorageReading } from '../../../src/ports/index.ts'
import { awayDatabase } from '../../support/absent-database.ts'
import { fakeRandom } from '../../support/fake-random.ts'
import { testApp } from '../../support/test-app.ts'

const database = testDatabase()
const minuteMs = 60_000
const gib = 2 ** 30
const series = (count: number, left: (minute: number) => number) =>
  Array.from({ length: count }, (_, minute) => ({ at: minute * minuteMs, left: left(minute) }))

describe('a forecast', () => {
  it('says when what shrinks steadily is used up', () => {
    const found = forecast(series(60, (minute) => 1000 - 10 * minute))
    expect(found).toMatchObject({ reason: null })
    expect(found.perHour).toBeCloseTo(600, 6)
    expect(found.at).toBeCloseTo(100 * minuteMs, 3)
  })

  it('is little moved by noise and by single outliers', () => {
    const { fraction } = fakeRandom(3)
    const found = forecast(series(120, (m) => 10_000 - 10 * m + 100 * fraction() - (m % 25 === 0 ? 5000 : 0)))
    expect((found.at ?? 0) / minuteMs).toBeGreaterThan(850)
    expect((found.at ?? 0) / minuteMs).toBeLessThan(1150)
  })

  it('is none for what grows, stays, goes to and fro, or was seen too seldom', () => {
    const { fraction } = fakeRandom(4)
    for (const left of [(m: number) => 100 + m, () => 100, () => 100 * fraction(), (m: number) => 100 - (m % 10)])
      expect(forecast(series(60, left))).toMatchObject({ at: null, reason: 'not_shrinking' })
    expect(forecast(series(14, (m) => 100 - m))).toEqual({ at: null, perHour: null, reason: 'too_few_samples' })
    expect(forecast([]).reason).toBe('too_few_samples')
  })

  it('is finite and not before the last sample, whatever was measured', () => {
    const left = fc.array(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), { maxLength: 80 })
    fc.assert(
      fc.property(left, (values) => {
        const { at, reason } = forecast(values.map((value, minute) => ({ at: minute * minuteMs, left: value })))
        expect(at === null).toBe(reason !== null)
        if (at !== null) expect(at).toBeGreaterThanOrEqual((values.length - 1) * minuteMs)
      }),
    )
  })
})

describe('an alarm', () => {
  const rules = { horizonMs: 1000, raiseAfter: 3 }
  const follow = (...looks: (number | null)[]) => looks.reduce((alarm, inMs) => nextAlarm(alarm, inMs, rules), noAlarm)

  it('is raised by near forecasts in a row, and not by some', () => {
    expect(follow(900, 900, 900).isRaised).toBe(true)
    expect(follow(900, 900, null, 900, 900).isRaised).toBe(false)
    expect(follow(1001, 1001, 1001).isRaised).toBe(false)
  })

  it('is over only after a long quiet time', () => {
    const quiet = (count: number, inMs: number | null) => follow(900, 900, 900, ...Array(count).fill(inMs))
    expect(quiet(9, null).isRaised).toBe(true)
    expect(quiet(10, null).isRaised).toBe(false)
    expect(quiet(20, 1400).isRaised).toBe(true)
    expect(follow(900, 900, 900, ...Array(9).fill(null), 900, null).isRaised).toBe(true)
  })
})

describe('the forecasts of a gateway', () => {
  function measured(storage?: () => Promise<StorageReading>, waiting?: () => number) {
    const { deps, announced, clock } = testApp()
    const events = { ...deps.events, ...(waiting && { waiting }) }
    const forecasts = resourceForecasts({ ...deps, events, ...(storage && { readStorage: storage }) })
    const minutes = async (count: number) => {
      for (let minute = 0; minute < count; minute++) {
        await clock.advance(minuteMs)
        await forecasts.measure()
      }
    }
    const of = (name: string) => forecasts.read().forecasts.find((each) => each.name === name)
    return { announced, clock, minutes, of }
  }

  it('tells once of a disk that fills within a day, and again only after a quiet time', async () => {
    let [free, rate] = [10 * gib, gib / 60]
    const { announced, minutes, of, clock } = measured(async () => {
      free -= rate
      return { freeBytes: free, diskBytes: 100 * gib, walBytes: 0, isShared: false }
    })
    await minutes(30)
    expect(announced).toHaveLength(1)
    expect(announced[0]).toMatchObject({
      ...{
        type: 'gateway.health.predicted',
        severity: 'warn',
        summary: expect.stringMatching(/^disk_full in \d+ min/),
      },
      payload: { kind: 'disk_full', limit: 100 * gib },
    })
    expect(((of('disk_full')?.at ?? 0) - clock.now()) / minuteMs).toBeCloseTo(570, -1)
    rate = 0
    await minutes(150)
    expect(of('disk_full')).toMatchObject({ at: null, reason: 'not_shrinking', isRaised: false })
    rate = gib / 60
    await minutes(150)
    const told = ['gateway.health.predicted', 'gateway.health.recovered', 'gateway.health.predicted']
    expect(announced.map(({ type }) => type)).toEqual(told)
  })

  it('tells of a log that is never checkpointed, and not of one that is', async () => {
    let minute = 0
    const growing = measured(async () => ({
      freeBytes: gib,
      diskBytes: gib,
      walBytes: 8 * 2 ** 20 * minute++,
      isShared: false,
    }))
    await growing.minutes(25)
    expect(growing.announced.map(({ payload }) => payload)).toMatchObject([{ kind: 'wal_growth' }])
    let other = 0
    const usual = measured(async () => ({
      freeBytes: gib,
      diskBytes: gib,
      walBytes: 2 ** 20 * (other++ % 4),
      isShared: false,
    }))
    await usual.minutes(60)
    expect(usual.announced).toEqual([])
  })

  it('tells of events that wait ever longer', async () => {
    let waiting = 0
    const { announced, minutes, of } = measured(undefined, () => (waiting += 700))
    await minutes(20)
    expect(announced.map(({ payload }) => payload)).toMatchObject([{ kind: 'event_backlog', limit: 20_000 }])
    expect(of('event_backlog')?.used).toBe(14_000)
  })

  it('gives the reason where it cannot say', async () => {
    const nowhere = measured()
    expect(nowhere.of('disk_full')).toMatchObject({ at: null, used: null, reason: 'not_measured_yet' })
    await nowhere.minutes(1)
    expect(nowhere.of('disk_full')?.reason).toBe('not_measured_here')
    expect(nowhere.of('token_budget')?.reason).toBe('no_limit')
    const broken = measured(() => Promise.reject(new Error('gone')))
    await broken.minutes(1)
    expect(broken.of('wal_growth')).toMatchObject({ used: null, reason: 'unreadable' })
  })

  it('go on in the next instance where all share what is measured, and are told once', async () => {
    await database().open().delete(systemState).where(like(systemState.key, 'gateway:forecast:%'))
    let bytes = 0
    let waiting = 0
    const { deps, announced, clock } = testApp({ deps: { database: database() } })
    const { waiting: _, ...events } = deps.events
    const shared = {
      ...deps,
      readStorage: async () => ({ freeBytes: gib - bytes, diskBytes: gib, walBytes: null, isShared: true }),
      readEventBacklog: async () => waiting,
    }
    const isolate = () => resourceForecasts({ ...shared, events })
    for (let minute = 0; minute < 30; minute++) {
      await clock.advance(minuteMs)
      bytes += gib / 100
      waiting += 100
      await isolate().measure()
      await isolate().measure()
    }
    const last = isolate()
    await last.measure()
    const of = (name: string) => last.read().forecasts.find((each) => each.name === name)
    expect(((of('disk_full')?.at ?? 0) - clock.now()) / minuteMs).toBeCloseTo(70, 3)
    expect(of('disk_full')).toMatchObject({ limit: gib, reason: null, isRaised: true })
    expect(of('event_backlog')).toMatchObject({ used: 3000, reason: null, isRaised: false })
    expect(of('wal_growth')).toMatchObject({ reason: 'not_measured_here' })
    expect(announced.map(({ payload }) => payload)).toMatchObject([{ kind: 'disk_full' }])
  })

  it('say nothing of what all share while the database does not answer', async () => {
    const { deps } = testApp({ deps: { database: awayDatabase } })
    const readStorage = async () => ({ freeBytes: 1, diskBytes: gib, walBytes: null, isShared: true })
    const forecasts = resourceForecasts({ ...deps, readStorage })
    await forecasts.measure()
    expect(forecasts.read().forecasts[0]).toMatchObject({ name: 'disk_full', used: null, reason: 'unreadable' })
  })
})

describe('the room in a database that is no file', () => {
  it('is what it may have less what it has', async () => {
    const room = await roomInDatabase(database(), gib)()
    expect(room).toMatchObject({ diskBytes: gib, walBytes: null, isShared: true })
    expect(room.freeBytes).toBeGreaterThan(gib / 2)
    expect(room.freeBytes).toBeLessThan(gib)
    expect((await roomInDatabase(database(), 1)()).freeBytes).toBe(0)
  })
})
