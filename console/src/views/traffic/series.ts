/** Buckets as lines: a bucket in which nothing was measured breaks the line. */
import type { BucketPoint, MetricBuckets } from '../../../../src/features/metrics/series/schema.ts'

type Series = MetricBuckets['series'][number]
type Value = (point: BucketPoint) => number | null

export const lineOf = (
  data: MetricBuckets,
  name: string,
  quantile: string | null = null,
  value: Value = ({ mean }) => mean,
) => withGaps(find(data, name, quantile)?.points ?? [], data.bucket_seconds, value)

/** From the requests behind the medians: a minute without any leaves no latency. */
export const perMinute = (data: MetricBuckets) =>
  lineOf(data, 'latency_ms', 'p50', ({ requests }) => (requests ?? 0) / (data.bucket_seconds / 60))

const find = ({ series }: MetricBuckets, name: string, quantile: string | null): Series | undefined =>
  series.find((each) => each.metric_name === name && each.quantile === quantile)

function withGaps(points: readonly BucketPoint[], step: number, value: Value) {
  const times: number[] = []
  const values: (number | null)[] = []
  for (const point of points) {
    const at = Date.parse(point.at) / 1000
    const last = times.at(-1)
    if (last !== undefined && at - last > step * 2.5) {
      times.push(last + step)
      values.push(null)
    }
    times.push(at)
    values.push(value(point))
  }
  return { times, values }
}

/** Of all buckets together. */
export function totalsOf({ metric_name, quantile, unit, points }: Series) {
  const count = points.reduce((sum, point) => sum + point.count, 0)
  return {
    name: [metric_name, quantile, unit && `(${unit})`].filter(Boolean).join(' '),
    count,
    min: Math.min(...points.map(({ min }) => min)),
    mean: points.reduce((sum, point) => sum + point.count * point.mean, 0) / Math.max(1, count),
    max: Math.max(...points.map(({ max }) => max)),
  }
}
