/** A service's probes in bounded memory: two hours of samples, a week of hourly sums, 90 days of daily counts. */

import { type LatencySketch, mergedSketches, sketchPercentile, withLatency } from '../../lib/latency-sketch.ts'
import { calmTrend, followTrend, type HealthSample, type HealthTrend } from './health-trend.ts'

export const verdicts = ['OK', 'BROKEN', 'OFF_BY_POLICY', 'UNKNOWN'] as const
export type ServiceVerdict = (typeof verdicts)[number]

/** `ms`: until it answered; null when it did not. */
export type ServiceSample = readonly [at: number, verdict: ServiceVerdict, ms: number | null]
export type VerdictChange = readonly [at: number, from: ServiceVerdict, to: ServiceVerdict]

export interface HourOfLooks {
  /** Hours since the epoch. */
  hour: number
  /** Probes by verdict. */
  counts: Readonly<Record<string, number>>
  latencies: LatencySketch
}

export interface DayOfLooks {
  /** Days since the epoch, in UTC. */
  day: number
  /** Looks by verdict. */
  counts: HourOfLooks['counts']
}

/** All oldest first. */
export interface HealthHistory {
  recent: readonly ServiceSample[]
  hours: readonly HourOfLooks[]
  days: readonly DayOfLooks[]
  changes: readonly VerdictChange[]
  /** The first probe with the current verdict; null before any probe. */
  since: number | null
  trend: HealthTrend
}

export const noHistory: HealthHistory = { recent: [], hours: [], days: [], changes: [], since: null, trend: calmTrend }

const hourMs = 3_600_000
const dayMs = 24 * hourMs
export const historyBounds = { recentMs: 2 * hourMs, recent: 150, hours: 7 * 24, days: 90, changes: 50 } as const

/** A clock that was set back drops what now lies in the future. */
export function withLook(history: HealthHistory, look: ServiceSample): HealthHistory {
  const [at, verdict] = look
  const recent = history.recent.filter(([then]) => then < at && then > at - historyBounds.recentMs)
  const last = history.changes.at(-1)?.[2] ?? history.recent.at(-1)?.[1]
  const change: VerdictChange[] = last !== undefined && last !== verdict ? [[at, last, verdict]] : []
  return {
    recent: [...recent, look].slice(-historyBounds.recent),
    hours: withHour(history.hours, look),
    days: withDay(history.days, look),
    changes: [...history.changes, ...change].slice(-historyBounds.changes),
    since: change.length > 0 ? at : (history.since ?? at),
    trend: followTrend(history.trend, recent.map(sampleOf), sampleOf(look)),
  }
}

const emptyHour: Omit<HourOfLooks, 'hour'> = { counts: {}, latencies: {} }

function withHour(hours: readonly HourOfLooks[], [at, verdict, ms]: ServiceSample): HourOfLooks[] {
  const hour = Math.floor(at / hourMs)
  const kept = hours.filter((each) => each.hour > hour - historyBounds.hours && each.hour < hour)
  const { counts, latencies } = hours.find((each) => each.hour === hour) ?? emptyHour
  return [
    ...kept,
    { hour, counts: counted(counts, verdict), latencies: ms === null ? latencies : withLatency(latencies, ms) },
  ]
}

function withDay(days: readonly DayOfLooks[], [at, verdict]: ServiceSample): DayOfLooks[] {
  const day = Math.floor(at / dayMs)
  const kept = days.filter((each) => each.day > day - historyBounds.days && each.day < day)
  const { counts } = days.find((each) => each.day === day) ?? emptyHour
  return [...kept, { day, counts: counted(counts, verdict) }]
}

const counted = (counts: HourOfLooks['counts'], verdict: ServiceVerdict): HourOfLooks['counts'] => ({
  ...counts,
  [verdict]: (counts[verdict] ?? 0) + 1,
})

/** Off by policy or unknown: neither passed nor failed. */
const sampleOf = ([at, verdict, ms]: ServiceSample): HealthSample => ({
  at,
  passed: verdict === 'OK' ? true : verdict === 'BROKEN' ? false : null,
  ms,
})

export interface AvailabilityReading {
  looks: number
  /** OK probes in percent of the OK and BROKEN ones; null without any. */
  availabilityPct: number | null
  p50Ms: number | null
  p95Ms: number | null
}

export const overHour = ({ recent }: HealthHistory, now: number): AvailabilityReading => {
  const looks = recent.filter(([at]) => at > now - hourMs && at <= now)
  const latencies = looks.reduce<LatencySketch>(
    (sketch, [, , ms]) => (ms === null ? sketch : withLatency(sketch, ms)),
    {},
  )
  return availability(
    verdicts.map((verdict) => ({ [verdict]: looks.filter((look) => look[1] === verdict).length })),
    latencies,
  )
}

/** By whole hours: the running one and as many before it as make up the span. */
export function overHours({ hours }: HealthHistory, now: number, span: number): AvailabilityReading {
  const last = Math.floor(now / hourMs)
  const within = hours.filter(({ hour }) => hour > last - span && hour <= last)
  return availability(
    within.map(({ counts }) => counts),
    mergedSketches(within.map(({ latencies }) => latencies)),
  )
}

/** What was seen in one hour or day; all zero without a check. */
export interface LooksOfSpan {
  /** When it began, in epoch milliseconds. */
  at: number
  ok: number
  broken: number
  asleep: number
}

/** The last so many hours, oldest first, the running one included; hours without a look among them. */
export const hourByHour = ({ hours }: HealthHistory, now: number, span: number): LooksOfSpan[] =>
  oneByOne(new Map(hours.map(({ hour, counts }) => [hour, counts])), now, span, hourMs)

/** The last hour by twelve times five minutes, the last of them up to `now`. */
export function minutesByFive({ recent }: HealthHistory, now: number): LooksOfSpan[] {
  const eachMs = hourMs / 12
  return Array.from({ length: 12 }, (_, index) => {
    const end = now - (11 - index) * eachMs
    const looks = recent.filter(([at]) => at > end - eachMs && at <= end)
    const count = (verdict: ServiceVerdict) => looks.filter((look) => look[1] === verdict).length
    return { at: end - eachMs, ok: count('OK'), broken: count('BROKEN'), asleep: count('OFF_BY_POLICY') }
  })
}

/** The last seven days by quarters, the running hour included. */
export function daysByQuarter(history: HealthHistory, now: number): LooksOfSpan[] {
  const hours = hourByHour(history, now, 7 * 24)
  return Array.from({ length: 28 }, (_, index) => {
    const six = hours.slice(index * 6, index * 6 + 6)
    const sum = (of: 'ok' | 'broken' | 'asleep') => six.reduce((total, hour) => total + hour[of], 0)
    return { at: six[0]?.at ?? now, ok: sum('ok'), broken: sum('broken'), asleep: sum('asleep') }
  })
}

/** The same by days of UTC. */
export const dayByDay = ({ days }: HealthHistory, now: number, span: number): LooksOfSpan[] =>
  oneByOne(new Map(days.map(({ day, counts }) => [day, counts])), now, span, dayMs)

function oneByOne(seen: ReadonlyMap<number, HourOfLooks['counts']>, now: number, span: number, eachMs: number) {
  const first = Math.floor(now / eachMs) - span + 1
  return Array.from({ length: span }, (_, index): LooksOfSpan => {
    const { OK = 0, BROKEN = 0, OFF_BY_POLICY = 0 } = seen.get(first + index) ?? {}
    return { at: (first + index) * eachMs, ok: OK, broken: BROKEN, asleep: OFF_BY_POLICY }
  })
}

function availability(counts: readonly HourOfLooks['counts'][], latencies: LatencySketch): AvailabilityReading {
  const total = (verdict: ServiceVerdict) => counts.reduce((sum, each) => sum + (each[verdict] ?? 0), 0)
  const [well, broken] = [total('OK'), total('BROKEN')]
  return {
    looks: verdicts.reduce((sum, verdict) => sum + total(verdict), 0),
    availabilityPct: well + broken === 0 ? null : Math.round((well / (well + broken)) * 1e5) / 1e3,
    p50Ms: sketchPercentile(latencies, 50),
    p95Ms: sketchPercentile(latencies, 95),
  }
}
