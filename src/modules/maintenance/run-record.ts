/**
 * Keeps in `system_state` who is maintaining the database right now, and what the last runs found. The row of the run
 * under way is also the lock: it is taken by one conditional statement and is over when its lease is.
 */
import { and, eq, sql } from 'drizzle-orm'
import * as v from 'valibot'
import type { Db } from '../../db/database.ts'
import { backupKey, type MaintenanceRecord, maintenanceKey } from '../../db/maintenance/record.ts'
import { MaintenanceReport, Progress, triggers } from '../../db/maintenance/report.ts'
import { parseRecord, readRecords, writeRecords } from '../../db/records.ts'
import { systemState } from '../../db/schema/madre.ts'
import { storedMoment } from '../../lib/moment-forms.ts'

export const runKey = 'gateway:maintenance:run'
export const reportKey = 'gateway:maintenance:report'
export const fullRunKey = 'gateway:maintenance:full'
export const retentionKey = 'gateway:maintenance:retention'

export const RunRow = v.object({
  id: v.string(),
  trigger: v.picklist(triggers),
  startedAt: v.number(),
  /** Epoch milliseconds; after it another run may take over. */
  leaseUntil: v.number(),
  progress: v.nullable(Progress),
})
export type RunRow = v.InferOutput<typeof RunRow>

/** Text that is no JSON has no members. */
const member = (path: string) =>
  sql`CASE WHEN json_valid(${systemState.value}) THEN json_extract(${systemState.value}, ${sql.raw(`'${path}'`)}) END`
const leaseOf = sql`coalesce(CAST(${member('$.leaseUntil')} AS INTEGER), 0)`
const isRun = (id: string) => and(eq(systemState.key, runKey), eq(member('$.id'), id))

/** No lease is longer; what says so was written by a clock that was wrong. */
const maxLeaseMs = 3_600_000

/** Takes the lock, also from a run whose lease expired. `force`: another lock already excludes a second run. */
export async function claim(db: Db, row: RunRow, { now, force }: { now: number; force: boolean }): Promise<boolean> {
  const held = sql`exists (select 1 from ${systemState} where ${systemState.key} = ${runKey}
    and ${leaseOf} between ${now + 1} and ${now + maxLeaseMs})`
  const taken = await writeRecords(db, { [runKey]: JSON.stringify(row) }, now, force ? sql`true` : sql`not ${held}`)
  return taken.length === 1
}

/** Prolongs the lease and shows the progress; false when another run took over. */
export async function renew(db: Db, row: RunRow, now: number): Promise<boolean> {
  const set = { value: JSON.stringify(row), updatedAt: storedMoment(now) }
  const renewed = await db.update(systemState).set(set).where(isRun(row.id)).returning({ id: systemState.id })
  return renewed.length === 1
}

export async function release(db: Db, id: string): Promise<void> {
  await db.delete(systemState).where(isRun(id))
}

interface Finished {
  report: MaintenanceReport
  /** Absent for a run that examined nothing. */
  record: MaintenanceRecord | undefined
  full: boolean
  /** From now on retention may be applied unasked. */
  leave: boolean
}

/** Everything that a finished run leaves, or nothing of it. */
export async function finish(db: Db, { report, record, full, leave }: Finished, now: number): Promise<void> {
  const records = {
    [reportKey]: report,
    ...(record && { [maintenanceKey]: record }),
    ...(record?.backup && { [backupKey]: { at: now } }),
    ...(full && { [fullRunKey]: { finishedAt: now } }),
    ...(leave && { [retentionKey]: { allowedAt: now } }),
  }
  const texts = Object.fromEntries(Object.entries(records).map(([key, value]) => [key, JSON.stringify(value)]))
  await db.batch([writeRecords(db, texts, now), db.delete(systemState).where(isRun(report.id))])
}

export const readRun = (db: Db) => read(db, runKey, RunRow)
export const readReport = (db: Db) => read(db, reportKey, MaintenanceReport)
/** When the last full run ended, in epoch milliseconds. */
export const readFullRun = async (db: Db) =>
  (await read(db, fullRunKey, v.object({ finishedAt: v.number() })))?.finishedAt ?? null
/** Since when retention may be applied unasked, in epoch milliseconds; null while it may not. */
export const readRetentionLeave = async (db: Db) =>
  (await read(db, retentionKey, v.object({ allowedAt: v.number() })))?.allowedAt ?? null

const read = async <Schema extends v.GenericSchema>(db: Db, key: string, schema: Schema) =>
  parseRecord(schema, (await readRecords(db, [key])).get(key))
