/** Values of several instances as one line: by minute, the worst or the sum of them. */
import type { Metric } from '../../../../src/features/metrics/series/schema.ts'

type Value = (metric: Metric) => number | null

export function seriesOf(
  metrics: readonly Metric[],
  valueIn: Value = ({ value }) => value,
  joined: 'most' | 'sum' = 'most',
) {
  const minutes = new Map<number, number>()
  for (const metric of metrics) {
    const value = valueIn(metric)
    const minute = Math.floor(Date.parse(metric.ts ?? '') / 60_000) * 60
    if (value === null || Number.isNaN(minute)) continue
    const before = minutes.get(minute)
    minutes.set(minute, before === undefined ? value : joined === 'sum' ? before + value : Math.max(before, value))
  }
  const sorted = [...minutes].sort(([a], [b]) => a - b)
  return withGaps(sorted)
}

/** A minute without a value breaks the line. */
function withGaps(sorted: readonly (readonly [number, number])[]) {
  const times: number[] = []
  const values: (number | null)[] = []
  for (const [minute, value] of sorted) {
    const last = times.at(-1)
    if (last !== undefined && minute - last > 150) {
      times.push(last + 60)
      values.push(null)
    }
    times.push(minute)
    values.push(value)
  }
  return { times, values }
}
