/** The database as it is: size, tables, rows and integrity, each measured, with its age, or null with the reason. */
import { BackupRecord, backupKey, MaintenanceRecord, maintenanceKey } from '../../db/maintenance/record.ts'
import { parseRecord, readRecords } from '../../db/records.ts'
import { readSize } from '../../db/size.ts'
import { type CachedCall, cachedCall } from '../../lib/cached-call.ts'
import { rootReason } from '../../lib/root-reason.ts'
import type { Deps } from '../../ports/index.ts'
import { type RowCounts, readRowCounts, tableNames } from './row-counts.ts'

/** What could not be measured, and why; `database_unavailable` stands for all of it. */
export type Unmeasured = Partial<Record<'database' | 'size' | 'rows' | 'integrity', string>>

export interface DatabaseHealth {
  /** Epoch milliseconds of this reading; at most five seconds ago, or as long ago as the caller accepts. */
  at: number
  available: boolean
  sizeBytes: number | null
  tables: number | null
  /** Counted in the background; its `at` says when. */
  rows: RowCounts | null
  maintenance: MaintenanceRecord | null
  /** When the last verified backup was made, in epoch milliseconds. */
  backupAt: number | null
  unmeasured: Unmeasured
}

export type DatabaseHealthDeps = Pick<Deps, 'clock' | 'database' | 'log'>

/** Never rejects. */
export type ReadDatabaseHealth = CachedCall<DatabaseHealth>

export const databaseHealth = (deps: DatabaseHealthDeps): ReadDatabaseHealth =>
  cachedCall(deps.clock, { freshForMs: 5000, timeoutMs: 2500 }, () => measure(deps))

async function measure({ clock, database, log }: DatabaseHealthDeps): Promise<DatabaseHealth> {
  try {
    const db = database.open()
    const [sizeBytes, names, rows, records] = await Promise.all([
      readSize(db),
      tableNames(db),
      readRowCounts(db),
      readRecords(db, [maintenanceKey, backupKey]),
    ])
    const maintenance = parseRecord(MaintenanceRecord, records.get(maintenanceKey))
    const backup = parseRecord(BackupRecord, records.get(backupKey))
    const backupAt = backup?.at ?? (maintenance?.backup ? maintenance.finishedAt : null)
    const unmeasured: Unmeasured = {
      ...(sizeBytes === null && { size: 'the store cannot measure it' }),
      ...(rows === null && { rows: 'not_counted_yet' }),
      ...(integrityOf(maintenance) === null && { integrity: maintenance ? 'not_checked' : 'no_maintenance_yet' }),
    }
    const counts = { sizeBytes, tables: names.length, rows }
    return { at: clock.now(), available: true, ...counts, maintenance, backupAt, unmeasured }
  } catch (error) {
    log.warn('database_not_measured', { reason: rootReason(error) })
    const unmeasured = { database: 'database_unavailable' }
    const nothing = { sizeBytes: null, tables: null, rows: null, maintenance: null, backupAt: null }
    return { at: clock.now(), available: false, ...nothing, unmeasured }
  }
}

/** The stricter check that ran; null when none did. */
export const integrityOf = (maintenance: MaintenanceRecord | null): string | null =>
  maintenance?.integrityCheck ?? maintenance?.quickCheck ?? null
