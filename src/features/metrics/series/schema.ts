/** What GET /operator/api/metrics takes and gives (contract P5, shared/shapes). */
import * as v from 'valibot'
import { KeyCursor, Next } from '../../../lib/list-cursor.ts'
import { CappedInteger, QueryInteger } from '../../../lib/query-integer.ts'

const maxSpanS = 31 * 86_400
const unitSeconds = { m: 60, h: 3600, d: 86_400 } as const

const Period = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^[1-9]\d{0,3}[mhd]$/, 'Expected a span such as 15m, 24h or 7d'),
    v.transform((text) => Number.parseInt(text, 10) * unitSeconds[text.slice(-1) as keyof typeof unitSeconds]),
    v.maxValue(maxSpanS),
  ),
  '1h',
)

/** `period` is `15m`, `1h`, `24h`, `7d` and the like; `window_seconds` takes precedence. */
export const MetricsQuery = v.object({
  name: v.optional(v.pipe(v.string(), v.maxLength(64))),
  module: v.optional(v.pipe(v.string(), v.maxLength(64))),
  window_seconds: v.optional(QueryInteger(1, maxSpanS)),
  period: Period,
  /** Capped at 10 000, as in v7. */
  limit: v.optional(CappedInteger(1, 10_000), '1000'),
  cursor: v.optional(KeyCursor),
})
export type MetricsQuery = v.InferOutput<typeof MetricsQuery>

const Unit = v.picklist(['%', 'GiB', 'ms', 's', ''])

export const Metric = v.object({
  metric_id: v.string(),
  metric_name: v.nullable(v.string()),
  value: v.nullable(v.number()),
  module: v.nullable(v.string()),
  unit: Unit,
  timestamp: v.nullable(v.string()),
  ts: v.nullable(v.string()),
  dimensions: v.record(v.string(), v.unknown()),
})
export type Metric = v.InferOutput<typeof Metric>

/** Statistics over the newest 10 000 values of the span. Latencies are per-minute quantiles. */
export const MetricStatistics = v.object({
  metric_name: v.string(),
  quantile: v.nullable(v.string()),
  unit: Unit,
  count: v.number(),
  min: v.number(),
  max: v.number(),
  avg: v.number(),
  p50: v.number(),
  p95: v.number(),
  p99: v.number(),
})
export type MetricStatistics = v.InferOutput<typeof MetricStatistics>

export const MetricsRead = v.object({
  metrics: v.array(Metric),
  count: v.number(),
  /** The span holds more than `limit` rows. */
  has_more: v.boolean(),
  next: Next,
  window_seconds: v.number(),
  statistics: v.array(MetricStatistics),
  degraded: v.boolean(),
  error: v.optional(v.literal('database_unavailable')),
  correlation_id: v.string(),
})
export type MetricsRead = v.InferOutput<typeof MetricsRead>

export const MetricBucketsQuery = v.object({ period: Period })
export type MetricBucketsQuery = v.InferOutput<typeof MetricBucketsQuery>

export const BucketPoint = v.object({
  /** Begin of the bucket. */
  at: v.string(),
  count: v.number(),
  min: v.number(),
  mean: v.number(),
  max: v.number(),
  /** The requests behind latencies; null for other series. */
  requests: v.nullable(v.number()),
})
export type BucketPoint = v.InferOutput<typeof BucketPoint>

export const MetricBuckets = v.object({
  window_seconds: v.number(),
  bucket_seconds: v.number(),
  /** Buckets in which nothing was measured are left out. Memory and chat are summed over instances. */
  series: v.array(
    v.object({
      metric_name: v.string(),
      quantile: v.nullable(v.string()),
      unit: Unit,
      points: v.array(BucketPoint),
    }),
  ),
  degraded: v.boolean(),
  error: v.optional(v.literal('database_unavailable')),
  correlation_id: v.string(),
})
export type MetricBuckets = v.InferOutput<typeof MetricBuckets>

export const BucketsDisabled = v.object({
  error: v.literal('feature_disabled'),
  flag: v.literal('VX11_METRICS_ENABLED'),
  series: v.array(v.never()),
  correlation_id: v.string(),
})

export const MetricsDisabled = v.object({
  error: v.literal('feature_disabled'),
  flag: v.literal('VX11_METRICS_ENABLED'),
  metrics: v.array(Metric),
  count: v.literal(0),
  next: v.null(),
  correlation_id: v.string(),
})
