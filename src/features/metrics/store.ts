/** Measurements in `operator_metrics`, and statistics over a span of them. */
import { and, desc, eq, gte, lte, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { afterKey } from '../../db/after-key.ts'
import type { Db } from '../../db/database.ts'
import { operatorMetrics } from '../../db/schema/operator.ts'
import { sqlMoment } from '../../lib/moment-forms.ts'

/** The names that the table's constraint allows. */
const seriesNames = ['cpu_percent', 'ram_gib', 'latency_ms', 'chat_throughput', 'window_ttl', 'event_backlog'] as const
export type SeriesName = (typeof seriesNames)[number]

export interface Measurement {
  id: string
  atMs: number
  name: SeriesName
  value: number
  dimensions: Readonly<Record<string, string | number>>
}

/** 30 days, as in v7. */
const keptMs = 720 * 3_600_000
const maxRemoved = 500
const ownModule = 'tentaculo_link'
/** Six parameters each, and D1 takes 100. */
const rowsPerStatement = 16

/** Existing rows are left unchanged, so that a write whose answer was lost can be repeated. */
export async function writeMeasurements(db: Db, measurements: readonly Measurement[], now: number): Promise<void> {
  const rows = measurements.map(({ id, atMs, name, value, dimensions }) => ({
    metricId: id,
    ts: sqlMoment(atMs),
    metricName: name,
    value,
    module: ownModule,
    dimensionsJson: JSON.stringify(dimensions),
  }))
  const statements: [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] = [removeOld(db, now)]
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    const some = rows.slice(at, at + rowsPerStatement)
    statements.push(db.insert(operatorMetrics).values(some).onConflictDoNothing())
  }
  await db.batch(statements)
}

/** The gateway's own, in small batches, so that one statement does not block the database. */
const removeOld = (db: Db, now: number) =>
  db
    .delete(operatorMetrics)
    .where(
      sql`metric_id IN (SELECT metric_id FROM operator_metrics WHERE module = ${ownModule} AND ts < ${sqlMoment(now - keptMs)} ORDER BY ts LIMIT ${maxRemoved})`,
    )

export interface TimeSpan {
  sinceMs: number
  name: string | undefined
  module: string | undefined
}

const within = ({ sinceMs, name, module }: TimeSpan): SQL | undefined =>
  and(
    gte(operatorMetrics.ts, sqlMoment(sinceMs)),
    name === undefined ? undefined : eq(operatorMetrics.metricName, name),
    module === undefined ? undefined : eq(operatorMetrics.module, module),
  )

/** Newest first; after the row that `cursor` names, if any. */
export function readMeasurements(
  db: Db,
  { cursor, ...span }: TimeSpan & { cursor: readonly [string, string] | undefined },
  limit: number,
) {
  const { ts: column, metricId: id } = operatorMetrics
  // The first condition is for the index on the time.
  const page = cursor && and(lte(column, cursor[0]), afterKey({ column, id, idsBackwards: true }, cursor))
  const query = db
    .select()
    .from(operatorMetrics)
    .where(and(within(span), page))
  return query.orderBy(desc(column), desc(id)).limit(limit)
}

/** Statistics of one series: a name, and its quantile if it has any. */
export interface Statistics {
  name: string
  quantile: string | null
  count: number
  min: number
  max: number
  avg: number
  p50: number
  p95: number
  p99: number
}

const maxCountedRows = 10_000

/** Over the newest values; percentiles by nearest rank, index floor(n * p / 100) as in the original (contract G8). */
export const readStatistics = (db: Db, span: TimeSpan): Promise<Statistics[]> =>
  db.all<Statistics>(sql`
    WITH picked AS (
      SELECT metric_name AS name, value,
        CASE WHEN json_valid(dimensions_json) THEN json_extract(dimensions_json, '$.quantile') END AS quantile
      FROM operator_metrics WHERE ${within(span)} AND value IS NOT NULL ORDER BY ts DESC LIMIT ${maxCountedRows}
    ), ranked AS (
      SELECT name, quantile, value, count(*) OVER series AS n,
        row_number() OVER (PARTITION BY name, quantile ORDER BY value) - 1 AS rank
      FROM picked WINDOW series AS (PARTITION BY name, quantile)
    )
    SELECT name, quantile, n AS count, min(value) AS min, max(value) AS max, avg(value) AS avg,
      max(CASE WHEN rank = min(n - 1, n * 50 / 100) THEN value END) AS p50,
      max(CASE WHEN rank = min(n - 1, n * 95 / 100) THEN value END) AS p95,
      max(CASE WHEN rank = min(n - 1, n * 99 / 100) THEN value END) AS p99
    FROM ranked GROUP BY name, quantile, n ORDER BY name, quantile`)

/** The values of one series in one bucket. */
export interface BucketRow {
  name: string
  quantile: string | null
  /** Epoch seconds. */
  at: number
  count: number
  min: number
  mean: number
  max: number
  requests: number | null
}

/** Ordered by series and time. Memory and throughput of all instances are added up minute by minute. */
export const readBuckets = (db: Db, sinceMs: number, bucketS: number): Promise<BucketRow[]> =>
  db.all<BucketRow>(sql`
    WITH picked AS (
      SELECT metric_name AS name, value, CAST(unixepoch(ts) / ${bucketS} AS INTEGER) * ${bucketS} AS at,
        CASE WHEN json_valid(dimensions_json) THEN dimensions_json ->> '$.quantile' END AS quantile,
        CASE WHEN json_valid(dimensions_json) THEN dimensions_json ->> '$.instance' END AS instance,
        CASE WHEN json_valid(dimensions_json) THEN dimensions_json ->> '$.requests' END AS requests,
        metric_name IN ('ram_gib', 'chat_throughput') AS summed, CAST(unixepoch(ts) / 60 AS INTEGER) AS minute
      FROM operator_metrics WHERE ts >= ${sqlMoment(sinceMs)} AND value IS NOT NULL AND unixepoch(ts) IS NOT NULL
    ), moments AS (
      SELECT name, quantile, at, 1 AS readings, requests, value FROM picked WHERE NOT summed
      UNION ALL
      SELECT name, quantile, at, count(*), sum(requests), avg(value) * max(1, count(DISTINCT instance))
      FROM picked WHERE summed GROUP BY name, quantile, at, minute
    )
    SELECT name, quantile, at, sum(readings) AS count, min(value) AS min, max(value) AS max, sum(requests) AS requests,
      avg(value) AS mean
    FROM moments GROUP BY name, quantile, at ORDER BY name, quantile, at`)
