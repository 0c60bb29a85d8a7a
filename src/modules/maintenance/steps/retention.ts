/** Finds rows older than their table's retention, and deletes them in short batches. */
import { type SQL, sql } from 'drizzle-orm'
import { type RetainedTable, retainedTables } from '../../../config/retention.ts'
import type { RetentionTableResult, StepResult } from '../../../db/maintenance/report.ts'
import { rootReason } from '../../../lib/root-reason.ts'
import { done, failed, LeaseLost, type StepContext, type StoreWork } from '../outcome.ts'
import { retentionHeldReason } from '../retention-leave.ts'
import { isBefore, julianDay } from './stored-moment.ts'

const dayMs = 86_400_000

/** The column that says how old a row is (contract data/retention). */
const timeColumns: Readonly<Record<RetainedTable, string>> = {
  incidents: 'detected_at',
  model_usage_stats: 'created_at',
  pheromone_log: 'created_at',
  intents_log: 'created_at',
  ia_decisions: 'created_at',
  routing_events: 'timestamp',
  cli_usage_stats: 'timestamp',
  system_events: 'timestamp',
  scheduler_history: 'timestamp',
}

/** Far below the 50 ms that a write lock may last: a batch is sized by the one before, and a busy machine adds its own. */
const targetMs = 8
const firstBatch = 50
/** A batch of these takes no time: what took long then was the machine, and smaller ones would never grow again. */
const minBatch = 10
const maxBatch = 1500
const someBatches = 4

/** Rows for the next batch, from how long the last one took. Grows slowly, shrinks at once. */
export const nextBatchSize = (size: number, tookMs: number): number =>
  Math.min(maxBatch, Math.max(minBatch, Math.floor(size * Math.min(1.5, targetMs / Math.max(tookMs, 0.1)))))

interface Deleted {
  batches: number
  maxMs: number | null
}

/** Plans for each table; deletes when that is asked for. A table that cannot be read does not stop the others. */
export async function retain(context: StepContext, work: Pick<StoreWork, 'maxBatches' | 'betweenBatches'>) {
  const tables: RetentionTableResult[] = []
  const totals: Deleted = { batches: 0, maxMs: null }
  for (const table of retainedTables) tables.push(await plan(context, table))
  const eligible = sum(tables.map((table) => table.eligible ?? 0))
  if (context.apply) {
    let before = 0
    for (const table of tables) {
      const onDeleted = (deleted: number) => context.rows(before + deleted, eligible)
      await apply(context, table, { totals, work, onDeleted })
      before += table.deleted
    }
  }
  const deleted = sum(tables.map((table) => table.deleted))
  const result: StepResult<'retention'> = {
    applied: context.apply,
    held: context.held && eligible > 0,
    eligible,
    deleted,
    remaining: Math.max(0, eligible - deleted),
    batches: totals.batches,
    longest_write_ms: totals.maxMs,
    tables,
  }
  const broken = tables.filter(({ error }) => error !== null && !isAbsent(error))
  if (broken.length === 0) return { ...done(result), reason: result.held ? retentionHeldReason(eligible) : null }
  return failed(result, `${broken.map(({ table }) => table).join(', ')} failed`)
}

async function plan({ db, clock, retention }: StepContext, table: RetainedTable): Promise<RetentionTableResult> {
  const days = retention.daysByTable[table]
  const column = timeColumns[table]
  const cutoff = new Date(clock.now() - days * dayMs).toISOString()
  const planned = { table, column, days, cutoff, eligible: null, unreadable: null, deleted: 0, error: null }
  const at = sql.identifier(column)
  try {
    const [row] = await db.all<{ eligible: number; unreadable: number }>(sql`
      SELECT count(*) FILTER (WHERE ${isBefore(sql`${at}`, cutoff)}) AS eligible,
             count(*) FILTER (WHERE ${at} IS NOT NULL AND ${julianDay(sql`${at}`)} IS NULL) AS unreadable
      FROM ${sql.identifier(table)}`)
    return { ...planned, eligible: row?.eligible ?? 0, unreadable: row?.unreadable ?? 0 }
  } catch (error) {
    return { ...planned, error: rootReason(error) }
  }
}

interface Bounds {
  totals: Deleted
  work: Pick<StoreWork, 'maxBatches' | 'betweenBatches'>
  onDeleted: (deleted: number) => Promise<void>
}

/** Walks the table once by rowid: the search holds no lock, and each deletion judges its rows again. */
async function apply(context: StepContext, table: RetentionTableResult, { totals, work, onDeleted }: Bounds) {
  const { db, clock } = context
  const name = sql.identifier(table.table)
  const old = isBefore(sql`${sql.identifier(table.column)}`, table.cutoff)
  let size = firstBatch
  let last = Number.MIN_SAFE_INTEGER
  try {
    while (table.deleted < (table.eligible ?? 0) && totals.batches < work.maxBatches) {
      const rows = await findOld(context, { name, old, last, size })
      if (rows.length === 0) return
      last = rows.at(-1) ?? last
      const ids = JSON.stringify(rows)
      const startedAt = clock.monotonic()
      const gone = await db.all(
        sql`DELETE FROM ${name} WHERE rowid IN (SELECT value FROM json_each(${ids})) AND ${old} RETURNING 1 AS gone`,
      )
      const tookMs = clock.monotonic() - startedAt
      totals.batches += 1
      totals.maxMs = Math.max(totals.maxMs ?? 0, tookMs)
      table.deleted += gone.length
      size = nextBatchSize(rows.length, tookMs)
      if (totals.batches % someBatches === 0) await work.betweenBatches?.(db)
      await onDeleted(table.deleted)
      // Sleep as long as the lock was held, so that waiting writers get a turn.
      await clock.sleep(Math.min(tookMs, targetMs))
    }
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    table.error = rootReason(error)
  }
}

async function findOld(
  { db }: StepContext,
  { name, old, last, size }: { name: SQL | ReturnType<typeof sql.identifier>; old: SQL; last: number; size: number },
): Promise<number[]> {
  const rows = await db.all<{ id: number }>(
    sql`SELECT rowid AS id FROM ${name} WHERE rowid > ${last} AND ${old} ORDER BY rowid LIMIT ${size}`,
  )
  return rows.map(({ id }) => id)
}

/** Databases of older VX11 versions lack tables and columns. */
const isAbsent = (error: string) => /no such (table|column)/.test(error)

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
