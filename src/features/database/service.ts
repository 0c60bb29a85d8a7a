/** Sums the database up for VX11's consoles: short tables counted now, long ones as the background count left them. */
import { GatewayError } from '../../errors/gateway-error.ts'
import { cachedCall } from '../../lib/cached-call.ts'
import { zonedMoment } from '../../lib/moment.ts'
import { isoMoment } from '../../lib/moment-forms.ts'
import { rootReason } from '../../lib/root-reason.ts'
import {
  type DatabaseHealth,
  integrityOf,
  type ReadDatabaseHealth,
} from '../../modules/database-health/database-health.ts'
import { totalRows } from '../../modules/database-health/row-counts.ts'
import type { Deps } from '../../ports/index.ts'
import type { DatabaseSummary } from './schema.ts'
import { readSummary, type SummarizedTable, summarizedTables } from './store.ts'

export type SummaryDeps = Pick<Deps, 'clock' | 'database' | 'log'> & { readDatabaseHealth: ReadDatabaseHealth }

/** At most two seconds old, or as old as the caller accepts. Rejects with GatewayError database_unavailable. */
export function databaseSummary(deps: SummaryDeps): (caller: SummaryCaller) => Promise<DatabaseSummary> {
  const read = cachedCall(deps.clock, { freshForMs: 2000, timeoutMs: 2500 }, () => summarize(deps))
  return async ({ correlationId, acceptedMs }) => {
    const [counted, health] = await Promise.all([read(acceptedMs), deps.readDatabaseHealth(acceptedMs)])
    const { counts, lastSpawns, lastRoutingEvents } = counted
    return {
      ...withCounted(counts, health),
      last_spawns: lastSpawns.map(zoned),
      last_routing_events: lastRoutingEvents.map(zoned),
      database: describeHealth(health),
      correlation_id: correlationId,
    }
  }
}

interface SummaryCaller {
  correlationId: string
  acceptedMs: number | undefined
}

async function summarize({ database, log }: SummaryDeps) {
  try {
    return await readSummary(database)
  } catch (error) {
    log.warn('database_summary_failed', { reason: rootReason(error) })
    throw new GatewayError('database_unavailable')
  }
}

function withCounted(counts: Record<SummarizedTable, number | null>, { rows }: DatabaseHealth) {
  const long = summarizedTables.filter((table) => counts[table] === null && rows?.tables[table] !== undefined)
  const filled = long.map((table) => [table, rows?.tables[table] ?? null] as const)
  const moments = long.map((table) => [table, isoMoment(rows?.at ?? 0)] as const)
  return { counts: { ...counts, ...Object.fromEntries(filled) }, counted_at: Object.fromEntries(moments) }
}

const zoned = <Row extends { created_at: string | null }>(row: Row) => ({
  ...row,
  created_at: zonedMoment(row.created_at),
})

const describeHealth = (health: DatabaseHealth): DatabaseSummary['database'] => ({
  size_bytes: health.sizeBytes,
  tables: health.tables,
  rows: health.rows && totalRows(health.rows),
  rows_counted_at: health.rows && isoMoment(health.rows.at),
  integrity: integrityOf(health.maintenance),
  integrity_checked_at:
    integrityOf(health.maintenance) === null || !health.maintenance ? null : isoMoment(health.maintenance.finishedAt),
  unmeasured: health.unmeasured as Record<string, string>,
  measured_at: isoMoment(health.at),
})
