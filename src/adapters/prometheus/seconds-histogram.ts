/**
 * A histogram of seconds for every request: prom-client's own looks a series up by a text of all its labels, and counts a
 * bucket under the text of its bound, which cost more than the rest of a request's metrics (docs/performance.md).
 */
import type { Metric, Registry } from 'prom-client'

/** The bounds of every histogram. */
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

interface HistogramOptions<Label extends string> {
  name: string
  help: string
  labelNames: readonly Label[]
  registry: Registry
}

interface Series<Label extends string> {
  labels: Record<Label, string>
  /** Of each bucket alone; the last holds what is over all bounds. */
  counts: number[]
  sum: number
}

export interface SecondsHistogram<Label extends string> {
  observe(labels: Readonly<Record<Label, string>>, seconds: number): void
  counts(): { labels: Readonly<Record<Label, string>>; count: number }[]
}

export function secondsHistogram<Label extends string>(options: HistogramOptions<Label>): SecondsHistogram<Label> {
  const { name, help, labelNames, registry } = options
  const all: Series<Label>[] = []
  const root: Level<Label> = new Map()

  /** One level of maps for each label. */
  function seriesOf(labels: Readonly<Record<Label, string>>): Series<Label> {
    let level = root
    for (let index = 0; index < labelNames.length - 1; index++) {
      const value = labels[labelNames[index] as Label]
      const next = (level.get(value) as Level<Label> | undefined) ?? new Map()
      if (next.size === 0) level.set(value, next)
      level = next
    }
    const value = labels[labelNames[labelNames.length - 1] as Label]
    const known = level.get(value) as Series<Label> | undefined
    if (known) return known
    const series = { labels: { ...labels }, counts: new Array<number>(secondsBuckets.length + 1).fill(0), sum: 0 }
    level.set(value, series)
    all.push(series)
    return series
  }

  const get = async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: all.flatMap(valuesOf(name)) })
  registry.registerMetric({ name, get } as unknown as Metric)
  return {
    observe(labels, seconds) {
      const series = seriesOf(labels)
      const bucket = bucketOf(seconds)
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
      series.sum += seconds
    },
    counts: () => all.map(({ labels, counts }) => ({ labels, count: counts.reduce((sum, each) => sum + each, 0) })),
  }
}

type Level<Label extends string> = Map<string, Level<Label> | Series<Label>>

function bucketOf(seconds: number): number {
  for (let index = 0; index < secondsBuckets.length; index++)
    if (seconds <= (secondsBuckets[index] as number)) return index
  return secondsBuckets.length
}

/** In the order and form of prom-client. */
const valuesOf = (name: string) =>
  function values<Label extends string>({ labels, counts, sum }: Series<Label>) {
    let count = 0
    const buckets = counts.map((each, index) => {
      count += each
      return { metricName: `${name}_bucket`, labels: { le: secondsBuckets[index] ?? '+Inf', ...labels }, value: count }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  }
