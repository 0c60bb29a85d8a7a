/** Maintenance steps for a local database file. */
import { resolve } from 'node:path'
import { sql } from 'drizzle-orm'
import type { Config } from '../../../config/config.ts'
import type { Db } from '../../../db/database.ts'
import { readSize } from '../../../db/size.ts'
import { writeMap } from '../../../modules/maintenance/map/map-files.ts'
import { done, type StepContext, type StoreWork } from '../../../modules/maintenance/outcome.ts'
import { readTableNames } from '../../../modules/maintenance/steps/counts.ts'
import { BUSY_TIMEOUT_MS } from '../file-client.ts'
import { backUp } from './backup.ts'
import { dataFolder } from './data-folder.ts'
import { rotate } from './rotation.ts'

export function fileWork(path: string, { dataDir, backup }: Pick<Config, 'dataDir' | 'backup'>): StoreWork {
  return {
    store: 'file',
    path,
    maxBatches: Number.POSITIVE_INFINITY,
    betweenBatches: checkpointNow,
    steps: {
      backup: backUp(resolve(backup.directory)),
      backup_rotation: rotate(resolve(backup.directory), backup.keep),
      wal_checkpoint: checkpoint,
      optimize: analyze,
      vacuum,
      db_map: writeMap(dataFolder(dataDir), path),
    },
  }
}

/** Keeps the log short; otherwise a commit of the gateway would have to checkpoint it. */
async function checkpointNow(db: Db): Promise<void> {
  await db.all(sql`PRAGMA wal_checkpoint(PASSIVE)`)
}

/** Maximum lock time for the last pages, during which writers wait. */
const timeoutMs = 40

/** Copies most pages without a lock, then truncates the short rest unless a reader blocks that. */
async function checkpoint({ db }: StepContext) {
  await checkpointNow(db)
  await db.all(sql.raw(`PRAGMA busy_timeout = ${timeoutMs}`))
  const [row] = await db.all<{ busy: number; log: number; checkpointed: number }>(sql`PRAGMA wal_checkpoint(TRUNCATE)`)
  await db.all(sql.raw(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`))
  const { busy = 1, log = -1, checkpointed = -1 } = row ?? {}
  const result = { busy: busy !== 0, log_pages: log, checkpointed_pages: checkpointed }
  return { ...done(result), reason: result.busy ? 'Somebody was reading; the log is shortened next time.' : null }
}

/** Rows sampled per index: enough for the planner, with a short lock. */
const analysisLimit = 1000

/** Table by table, because ANALYZE of all tables would block writers for seconds. */
async function analyze({ db, rows }: StepContext) {
  const names = await readTableNames(db)
  await db.all(sql.raw(`PRAGMA analysis_limit = ${analysisLimit}`))
  for (const [index, name] of names.entries()) {
    await db.run(sql`ANALYZE ${sql.identifier(name)}`)
    await rows(index + 1, names.length)
  }
  return done({ statement: 'ANALYZE', tables: names.length })
}

/** Blocks all writers, so it runs only on request. */
async function vacuum({ db }: StepContext) {
  const before = await readSize(db).catch(() => null)
  await db.run(sql`VACUUM`)
  return done({ bytes_before: before ?? 0, bytes_after: (await readSize(db).catch(() => null)) ?? 0 })
}
