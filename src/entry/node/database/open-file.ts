/** Opens the database file; creates, migrates or adopts it in a thread if needed, but never replaces a lost one. */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { missingFile } from '../../../adapters/libsql/beginnings.ts'
import { databaseFailure } from '../../../adapters/libsql/failure.ts'
import { type FileDatabase, type FileOptions, fileDatabase, openMigratedFile } from '../../../adapters/libsql/file.ts'
import { filePath } from '../../../adapters/libsql/file-path.ts'
import { fileStamp, moveAside } from '../../../adapters/libsql/threads/foreign-log.ts'
import { SqliteFailure } from '../../../adapters/libsql/threads/sqlite-failure.ts'
import { DatabaseFailure } from '../../../db/failure.ts'
import { migrateInThread } from './migrate-in-thread.ts'
import type { DatabaseConfig, OpeningEvents, Surroundings } from './node-database.ts'

/** Rejects with DatabaseFailure. */
export async function openFile(
  config: DatabaseConfig,
  wasOpen: boolean,
  { log, watch }: Surroundings,
  events: OpeningEvents,
): Promise<FileDatabase> {
  const { url } = config.database
  const path = resolve(filePath(url))
  const options: FileOptions = {
    watch,
    onLost: (failure) => events.onLost(databaseFailure(failure, { url })),
    onFinding(finding) {
      if (finding.kind === 'shared')
        log.warn('database_shared', { reason: `another process has ${url} open as its database` })
      else log.error('foreign_log_set_aside', { reason: `${finding.reason}; it is ${finding.aside} now` })
    },
  }
  if (await isEmpty(path)) {
    if (wasOpen) throw databaseFailure(new SqliteFailure(lostFile), { url })
    await beginNew(config, path, log)
  } else {
    const database = await openMigratedFile(url, options)
    if (database) return database
    if (wasOpen)
      throw new DatabaseFailure('foreign', `${url} lacks tables or migrations. A restart adopts or migrates it.`)
  }
  const report = await migrateInThread(url, { onAdopting: events.onAdopting })
  if (report) events.onAdopted(report)
  return fileDatabase(url, options)
}

const lostFile = { code: 'FILE_MISSING', message: 'it was removed, moved away or emptied' }

/** Also true for a missing file. */
const isEmpty = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size === 0,
    () => true,
  )

/** Moves the log aside: SQLite deletes the log of an empty file, though it may contain the only data left. */
async function beginNew({ backup, environment }: DatabaseConfig, path: string, log: Surroundings['log']) {
  const failure = await missingFile(path, resolve(backup.directory))
  if (!failure) return
  if (environment === 'production') throw failure
  const aside = existsSync(`${path}-wal`) ? `; its log is ${moveAside(path, fileStamp(new Date()))} now` : ''
  log.error('database_begun_anew', { reason: `${path} ${failure.message}${aside}` })
}

/** A fingerprint that changes with the file of a `file:` address and its content. */
export async function traceOf(url: string): Promise<string> {
  if (!url.startsWith('file:')) return ''
  const found = await stat(filePath(url)).catch(() => null)
  return found ? [found.dev, found.ino, found.size, found.mtimeMs].join(':') : ''
}
