/** Long spans of measurements in at most some 360 buckets, so that a month reads like an hour. */

import { onDatabase, orDegraded } from '../../../db/database-timeout.ts'
import { isoMoment } from '../../../lib/moment-forms.ts'
import { type BucketRow, readBuckets } from '../store.ts'
import type { BucketPoint, MetricBuckets, MetricBucketsQuery } from './schema.ts'
import { type SeriesDeps, unitOf } from './service.ts'

/** In seconds; nothing is measured more often than once a minute. */
const widths = [60, 300, 900, 1800, 3600, 7200]
const maxBuckets = 372

const widthOf = (spanS: number): number => widths.find((width) => spanS / width <= maxBuckets) ?? 7200

export async function readMetricBuckets(
  deps: SeriesDeps,
  { period }: MetricBucketsQuery,
  correlationId: string,
): Promise<MetricBuckets> {
  const bucket_seconds = widthOf(period)
  const sinceMs = deps.clock.now() - period * 1000
  const nothing: Pick<MetricBuckets, 'series'> = { series: [] }
  const reading = onDatabase(deps, async (db) => ({ series: seriesOf(await readBuckets(db, sinceMs, bucket_seconds)) }))
  const common = { window_seconds: period, bucket_seconds, degraded: false, correlation_id: correlationId }
  return { ...common, ...(await orDegraded(reading, nothing)) }
}

function seriesOf(rows: readonly BucketRow[]): MetricBuckets['series'] {
  const groups = Map.groupBy(rows, ({ name, quantile }) => JSON.stringify([name, quantile]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const points = group.map(
      ({ at, count, min, mean, max, requests }): BucketPoint => ({
        at: isoMoment(at * 1000),
        count,
        min,
        mean,
        max,
        requests,
      }),
    )
    return { metric_name: first.name, quantile: first.quantile, unit: unitOf(first.name), points }
  })
}
