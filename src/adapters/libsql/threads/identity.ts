/** Detects that an open database file was replaced or removed, because writes to a deleted file are lost. */
import { statSync } from 'node:fs'
import { SqliteFailure } from './sqlite-failure.ts'

/** Device and inode of the file, its log and the log's index. */
export interface FileIdentity {
  database: string
  log: string
  index: string
}

/** Throws `FILE_MISSING` or `FILE_EMPTIED`. */
export function fileIdentity(path: string): FileIdentity {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new SqliteFailure({ code: 'FILE_MISSING', message: 'the file was removed or moved away' })
  if (found.size === 0) throw new SqliteFailure({ code: 'FILE_EMPTIED', message: 'the file is empty' })
  return { database: `${found.dev}:${found.ino}`, log: nameOf(`${path}-wal`), index: nameOf(`${path}-shm`) }
}

/** Throws `FILE_MISSING`, `FILE_EMPTIED` or `FILE_REPLACED`. The log may be created after opening. */
export function assertSame(path: string, opened: FileIdentity): void {
  const now = fileIdentity(path)
  if (opened.log === 'none') Object.assign(opened, { log: now.log, index: now.index })
  const what = (['database', 'log', 'index'] as const).find((part) => now[part] !== opened[part])
  if (what) throw new SqliteFailure({ code: 'FILE_REPLACED', message: `${words[what]} was replaced or removed` })
}

const words = { database: 'the file', log: 'its write-ahead log', index: 'the index of its write-ahead log' }

function nameOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? `${found.dev}:${found.ino}` : 'none'
}
