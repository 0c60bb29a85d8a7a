/** What the truth routes give. */
import * as v from 'valibot'
import { verdicts } from '../../modules/health-history/health-history.ts'
import { ProbeResult } from '../../modules/health-history/truth-record.ts'

export const TruthQuery = v.object({ format: v.optional(v.picklist(['json', 'md']), 'json') })

const Availability = v.object({
  /** Number of probes in that time. */
  looks: v.number(),
  /** OK probes in percent of the OK and BROKEN ones; null without any. */
  availability_pct: v.nullable(v.number()),
  /** Of its OK answers, 5 % off at most; null without any. */
  p50_ms: v.nullable(v.number()),
  p95_ms: v.nullable(v.number()),
})
export type Availability = v.InferOutput<typeof Availability>

/** Looks of a part of the span by what they found; all zero without a check. */
const PartOfTruth = v.object({ at: v.string(), ok: v.number(), broken: v.number(), asleep: v.number() })

const Prediction = v.object({
  /** `latency`: it answers ever more slowly. `relapses`: it fails more and more often between good answers. */
  kind: v.picklist(['latency', 'relapses']),
  since: v.string(),
  /** In ms for `latency`; relapses per look, and the sum on their chart, for `relapses`. */
  usual: v.number(),
  seen: v.number(),
})

export const ServiceTruth = v.object({
  ...ProbeResult.entries,
  /** Since when the verdict holds; null where no history is. */
  since: v.nullable(v.string()),
  last_hour: v.nullable(Availability),
  last_24_hours: v.nullable(Availability),
  last_7_days: v.nullable(Availability),
  /** The last 24 hours, oldest first, the running one included. */
  hours: v.nullable(v.array(PartOfTruth)),
  /** The last hour in twelve parts, and the last seven days in 28, oldest first. */
  hour_parts: v.nullable(v.array(PartOfTruth)),
  week_parts: v.nullable(v.array(PartOfTruth)),
  /** Null while it behaves as it used to. */
  prediction: v.nullable(Prediction),
})
export type ServiceTruth = v.InferOutput<typeof ServiceTruth>

const Report = {
  generated_at: v.string(),
  age_s: v.number(),
  /** Why there is no history; null when there is. */
  history_missing: v.nullable(v.picklist(['database_unavailable', 'not_recorded_yet'])),
  correlation_id: v.string(),
}

export const RuntimeTruthReport = v.object({
  ...Report,
  services: v.array(ServiceTruth),
  summary: v.object({
    total: v.number(),
    ok: v.number(),
    broken: v.number(),
    off_by_policy: v.number(),
    unknown: v.number(),
  }),
  /** Where the same stands as Markdown; null where the platform has no files. */
  report_path: v.nullable(v.string()),
})
export type RuntimeTruthReport = v.InferOutput<typeof RuntimeTruthReport>

const VerdictWord = v.picklist(verdicts)

export const ServiceTruthReport = v.object({
  ...Report,
  service: ServiceTruth,
  /** The last 50, oldest first. */
  changes: v.array(v.object({ at: v.string(), from: VerdictWord, to: VerdictWord })),
  /** Of the last two hours, oldest first. */
  recent: v.array(v.object({ at: v.string(), status: VerdictWord, latency_ms: v.nullable(v.number()) })),
})
export type ServiceTruthReport = v.InferOutput<typeof ServiceTruthReport>
