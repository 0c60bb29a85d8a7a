import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dayByDay,
  daysByQuarter,
  type HealthHistory,
  historyBounds,
  hourByHour,
  minutesByFive,
  noHistory,
  overHour,
  overHours,
  type ServiceSample,
  type ServiceVerdict,
  verdicts,
  withLook,
} from '../../../src/modules/health-history/health-history.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const startMs = 1_800_000_000_000

const historyAfter = (looks: readonly ServiceSample[]): HealthHistory => looks.reduce(withLook, noHistory)
const everyMinute = (minutes: number, look: (minute: number) => [ServiceVerdict, number | null]): ServiceSample[] =>
  Array.from({ length: minutes }, (_, minute) => [startMs + minute * minuteMs, ...look(minute)])

describe('the history of a service', () => {
  it('tells changes, and since when the verdict holds', () => {
    const words: ServiceVerdict[] = ['OK', 'OK', 'BROKEN', 'BROKEN', 'OK']
    const history = historyAfter(everyMinute(5, (minute) => [words[minute] ?? 'OK', null]))
    expect(history.changes).toEqual([
      [startMs + 2 * minuteMs, 'OK', 'BROKEN'],
      [startMs + 4 * minuteMs, 'BROKEN', 'OK'],
    ])
    expect(history.since).toBe(startMs + 4 * minuteMs)
    expect(historyAfter(everyMinute(1, () => ['OK', 1])).since).toBe(startMs)
  })

  it('remembers a change after a pause longer than its samples live', () => {
    const history = historyAfter([
      [startMs, 'OK', 1],
      [startMs + 3 * hourMs, 'OK', 1],
      [startMs + 6 * hourMs, 'BROKEN', null],
    ])
    expect(history.changes).toEqual([[startMs + 6 * hourMs, 'OK', 'BROKEN']])
  })

  it('counts as available what was OK among what was asked', () => {
    const words: ServiceVerdict[] = ['OK', 'OK', 'OK', 'BROKEN', 'OFF_BY_POLICY', 'UNKNOWN']
    const history = historyAfter(everyMinute(6, (minute) => [words[minute] ?? 'OK', null]))
    const now = startMs + 6 * minuteMs
    const expected = { looks: 6, availabilityPct: 75, p50Ms: null, p95Ms: null }
    expect(overHour(history, now)).toEqual(expected)
    expect(overHours(history, now, 24)).toEqual(expected)
    const asleep = historyAfter(everyMinute(3, () => ['OFF_BY_POLICY', null]))
    expect(overHour(asleep, now).availabilityPct).toBeNull()
    expect(overHour(noHistory, now)).toMatchObject({ looks: 0, availabilityPct: null })
  })

  it('forgets by the hour, the day and the week', () => {
    // A day of failures, then a day of health.
    const history = historyAfter(everyMinute(2 * 1440, (minute) => [minute < 1440 ? 'BROKEN' : 'OK', 5]))
    const now = startMs + 2 * 1440 * minuteMs - 1
    expect(overHour(history, now)).toMatchObject({ looks: 60, availabilityPct: 100 })
    expect(overHours(history, now, 24)).toMatchObject({ availabilityPct: 100 })
    expect(overHours(history, now, 7 * 24)).toMatchObject({ looks: 2880, availabilityPct: 50 })
    expect(overHours(history, now + 7 * 24 * hourMs, 7 * 24).looks).toBe(0)
  })

  it('drops what a clock that was set back puts into the future', () => {
    const history = historyAfter([
      [startMs + 5 * hourMs, 'BROKEN', null],
      [startMs, 'OK', 1],
    ])
    expect(history.recent).toEqual([[startMs, 'OK', 1]])
    expect(overHours(history, startMs, 24)).toMatchObject({ looks: 1, availabilityPct: 100 })
  })

  it('takes bounded room, whatever comes in whatever order', () => {
    const anyLook = fc.tuple(
      fc.integer({ min: startMs, max: startMs + 30 * 24 * hourMs }),
      fc.constantFrom(...verdicts),
      fc.option(fc.double({ min: 0, max: 9000, noNaN: true }), { nil: null }),
    )
    fc.assert(
      fc.property(fc.array(anyLook, { maxLength: 400 }), (looks) => {
        const history = historyAfter(looks)
        expect(history.recent.length).toBeLessThanOrEqual(historyBounds.recent)
        expect(history.hours.length).toBeLessThanOrEqual(historyBounds.hours)
        expect(history.days.length).toBeLessThanOrEqual(historyBounds.days)
        expect(history.changes.length).toBeLessThanOrEqual(historyBounds.changes)
        expect(history.recent.map(([at]) => at)).toEqual(history.recent.map(([at]) => at).toSorted((a, b) => a - b))
      }),
      { numRuns: 50 },
    )
  })

  it('tells hours and days one by one, those without a look among them, and forgets after 90 days', () => {
    const day = 24 * hourMs
    const start = Math.floor(startMs / day) * day
    const looks: ServiceSample[] = [
      [start, 'OK', 1],
      [start + 2 * hourMs, 'BROKEN', null],
      [start + 3 * hourMs, 'OFF_BY_POLICY', null],
    ]
    const history = historyAfter([...looks, [start + 89 * day, 'OK', 1]])
    const none = { ok: 0, broken: 0, asleep: 0 }
    expect(dayByDay(history, start + 89 * day, 90)).toEqual([
      { at: start, ok: 1, broken: 1, asleep: 1 },
      ...Array.from({ length: 88 }, (_, index) => ({ at: start + (index + 1) * day, ...none })),
      { at: start + 89 * day, ...none, ok: 1 },
    ])
    const hours = hourByHour(historyAfter(looks), start + 3 * hourMs, 3)
    expect(hours).toEqual([
      { at: start + hourMs, ...none },
      { at: start + 2 * hourMs, ...none, broken: 1 },
      { at: start + 3 * hourMs, ...none, asleep: 1 },
    ])
    const later = withLook(history, [start + 90 * day, 'OK', 1])
    expect(later.days.map(({ day: each }) => each - start / day)).toEqual([89, 90])
  })

  it('tells an hour in twelve parts and a week in 28, each look in one of them', () => {
    const looks = everyMinute(59, (minute) => [minute < 55 ? 'OK' : minute < 57 ? 'BROKEN' : 'OFF_BY_POLICY', null])
    const now = startMs + 58 * minuteMs
    const parts = minutesByFive(historyAfter(looks), now)
    expect(parts).toHaveLength(12)
    expect(parts[0]).toEqual({ at: now - hourMs, ok: 4, broken: 0, asleep: 0 })
    expect(parts[11]).toEqual({ at: now - 5 * minuteMs, ok: 1, broken: 2, asleep: 2 })
    const start = Math.floor(startMs / hourMs) * hourMs
    const week: ServiceSample[] = [
      [start, 'OK', 1],
      [start + 6 * hourMs, 'BROKEN', null],
      [start + 167 * hourMs, 'OFF_BY_POLICY', null],
    ]
    const quarters = daysByQuarter(historyAfter(week), start + 167 * hourMs)
    expect(quarters.map(({ at }) => (at - start) / hourMs)).toEqual(Array.from({ length: 28 }, (_, each) => each * 6))
    expect(quarters.map(({ ok, broken, asleep }) => [ok, broken, asleep]).filter((each) => each.some(Boolean))).toEqual(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    )
  })

  it('of a busy week is some 30 KB of JSON', () => {
    const history = historyAfter(everyMinute(7 * 1440, (minute) => ['OK', 20 + ((minute * 7919) % 200)]))
    expect(JSON.stringify(history).length).toBeLessThan(40_000)
  })
})
