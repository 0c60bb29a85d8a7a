/** What the last round of probes found and what each service's history came to, as kept in `system_state`. */
import * as v from 'valibot'
import { verdicts } from './health-history.ts'

export const turnKey = 'gateway:truth:turn'
export const roundKey = 'gateway:truth:round'
export const historyKey = (service: string): string => `gateway:truth:service:${service}`
export const hoursKey = (service: string): string => `gateway:truth:hours:${service}`
export const daysKey = (service: string): string => `gateway:truth:days:${service}`

const Verdict = v.picklist(verdicts)

export const ProbeResult = v.object({
  service: v.string(),
  port: v.number(),
  status: Verdict,
  /** Of the answer that counted, else of the first one there was. */
  http_code: v.nullable(v.number()),
  latency_ms: v.nullable(v.number()),
  /** The path that answered 200. */
  endpoint_ok: v.nullable(v.string()),
  /** The first 100 characters of that answer. */
  snippet: v.nullable(v.string()),
  checked_at: v.string(),
  /** Why it is not OK, coarse; null when it is. */
  reason: v.nullable(v.string()),
})
export type ProbeResult = v.InferOutput<typeof ProbeResult>

export const TruthRound = v.object({
  /** Epoch milliseconds at the end of the round. */
  at: v.number(),
  services: v.array(ProbeResult),
  /** Where the report for people is; null where there are no files. */
  reportPath: v.nullable(v.string()),
})
export type TruthRound = v.InferOutput<typeof TruthRound>

const TrendDeparture = v.object({
  kind: v.picklist(['latency', 'relapses']),
  at: v.number(),
  usual: v.number(),
  seen: v.number(),
})

const Hour = v.object({
  hour: v.number(),
  counts: v.record(v.string(), v.number()),
  latencies: v.record(v.string(), v.number()),
})

const Day = v.object({ day: v.number(), counts: v.record(v.string(), v.number()) })

/** A service's history but for the hours and days that are over, which are longer and change seldom. */
export const StoredHistory = v.object({
  recent: v.array(v.tuple([v.number(), Verdict, v.nullable(v.number())])),
  /** The running hour. */
  hour: v.nullable(Hour),
  /** The running day; records from before days were counted have none. */
  day: v.optional(v.nullable(Day), null),
  changes: v.array(v.tuple([v.number(), Verdict, Verdict])),
  since: v.nullable(v.number()),
  trend: v.object({ latency: v.number(), relapses: v.number(), departed: v.nullable(TrendDeparture) }),
})

export const StoredHours = v.array(Hour)
export const StoredDays = v.array(Day)
