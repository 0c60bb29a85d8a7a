/** Reads measurements: the newest of a span, and the span's statistics. */

import { onDatabase, orDegraded } from '../../../db/database-timeout.ts'
import { parseObject } from '../../../lib/json-text.ts'
import { keyCursor } from '../../../lib/list-cursor.ts'
import { zonedMoment } from '../../../lib/moment.ts'
import type { Deps } from '../../../ports/index.ts'
import { readMeasurements, readStatistics, type Statistics } from '../store.ts'
import type { Metric, MetricStatistics, MetricsQuery, MetricsRead } from './schema.ts'

export type SeriesDeps = Pick<Deps, 'clock' | 'config' | 'database' | 'log'>

const nothing: Pick<MetricsRead, 'metrics' | 'count' | 'has_more' | 'next' | 'statistics'> = {
  metrics: [],
  count: 0,
  has_more: false,
  next: null,
  statistics: [],
}

export async function readSeries(deps: SeriesDeps, query: MetricsQuery, correlationId: string): Promise<MetricsRead> {
  const { name, module, limit, period, window_seconds = period, cursor } = query
  const span = { sinceMs: deps.clock.now() - window_seconds * 1000, name, module }
  const reading = onDatabase(deps, async (db): Promise<typeof nothing> => {
    const [rows, statistics] = await Promise.all([
      readMeasurements(db, { ...span, cursor }, limit + 1),
      readStatistics(db, span),
    ])
    const metrics = rows.slice(0, limit).map(describeMetric)
    const last = rows.length > limit ? rows[limit - 1] : undefined
    const next = last ? keyCursor(last.ts ?? '', last.metricId) : null
    const has_more = last !== undefined
    return { metrics, count: metrics.length, has_more, next, statistics: statistics.map(describeStatistics) }
  })
  const common = { window_seconds, degraded: false, correlation_id: correlationId }
  return { ...common, ...(await orDegraded(reading, nothing)) }
}

type Row = Awaited<ReturnType<typeof readMeasurements>>[number]

function describeMetric({ metricId, metricName, value, module, ts, dimensionsJson }: Row): Metric {
  const timestamp = zonedMoment(ts)
  const unit = unitOf(metricName)
  const dimensions = parseObject(dimensionsJson)
  return { metric_id: metricId, metric_name: metricName, value, module, unit, timestamp, ts: timestamp, dimensions }
}

const describeStatistics = ({ name, ...statistics }: Statistics): MetricStatistics => ({
  metric_name: name,
  unit: unitOf(name),
  ...statistics,
})

const units: ReadonlyMap<string | null, Metric['unit']> = new Map([
  ['cpu_percent', '%'],
  ['ram_gib', 'GiB'],
  ['latency_ms', 'ms'],
  ['window_ttl', 's'],
])
export const unitOf = (name: string | null) => units.get(name) ?? ''
