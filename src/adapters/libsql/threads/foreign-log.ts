/**
 * Finds a write-ahead log that was not written for the database file beside it, as when a backup was copied over the
 * file: SQLite would lay its pages over the wrong ones. Formats: https://sqlite.org/fileformat2.html, §1.3 and §4.
 */
import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs'

const headerBytes = 32
const frameHeaderBytes = 24

interface DatabaseHeader {
  pageSize: number
  /** 2 where the log is used. */
  version: number
  /** Grows with each transaction that writes the first page. */
  changes: number
  pages: number
}

interface LogSummary {
  pageSize: number
  /** Change counters of the first page, as each committed transaction left it. */
  changes: number[]
  /** The file's length after the last commit, in pages; 0 without one. */
  pages: number
}

/** Null when the log belongs to the file, or holds nothing that would be applied; else why it cannot. */
export function foreignLog(path: string): string | null {
  const database = readDatabaseHeader(path)
  const log = readLog(`${path}-wal`)
  if (!database || !log || log.pages === 0) return null
  if (database.version !== 2) return 'the file keeps no write-ahead log'
  if (database.pageSize !== log.pageSize) return 'its pages have another size'
  const [first] = log.changes
  if (first === undefined) return database.pages === log.pages ? null : 'the file has another length'
  const isBefore = database.changes >= first - 1
  const isAfter = database.changes <= Math.max(...log.changes)
  return isBefore && isAfter ? null : 'the file is of another moment'
}

/** Puts a log that does not belong to the file out of SQLite's way, and nothing away; gives its new name. */
export function setAside(path: string, stamp: string): string {
  const aside = `${path}-wal.foreign-${stamp}`
  renameSync(`${path}-wal`, aside)
  if (statSync(`${path}-shm`, { throwIfNoEntry: false })) renameSync(`${path}-shm`, `${path}-shm.foreign-${stamp}`)
  return aside
}

/** For file names. */
export const stampOf = (moment: Date): string => moment.toISOString().replace(/[-:.]/g, '')

function readDatabaseHeader(path: string): DatabaseHeader | null {
  const bytes = readPieces(path, 100).next().value
  if (!bytes || bytes.length < 100 || bytes.toString('latin1', 0, 15) !== 'SQLite format 3') return null
  const pageSize = bytes.readUInt16BE(16)
  return {
    pageSize: pageSize === 1 ? 65_536 : pageSize,
    version: bytes[18] ?? 0,
    changes: bytes.readUInt32BE(24),
    pages: bytes.readUInt32BE(28),
  }
}

/** Null when there is none, or none that SQLite would read. */
function readLog(path: string): LogSummary | null {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= headerBytes) return null
  const header = readPieces(path, headerBytes).next().value
  if (!header || header.readUInt32BE(0) >>> 1 !== 0x377f0682 >>> 1) return null
  const summary: LogSummary = { pageSize: header.readUInt32BE(8), changes: [], pages: 0 }
  const salts = header.subarray(16, 24)
  let open: number[] = []
  for (const frame of readPieces(path, frameHeaderBytes + summary.pageSize, headerBytes)) {
    // Behind the newest frames lie those of an older log.
    if (frame.length < frameHeaderBytes + summary.pageSize || !frame.subarray(8, 16).equals(salts)) break
    if (frame.readUInt32BE(0) === 1) open.push(frame.readUInt32BE(frameHeaderBytes + 24))
    const pagesAfterCommit = frame.readUInt32BE(4)
    if (pagesAfterCommit === 0) continue
    summary.pages = pagesAfterCommit
    summary.changes.push(...open)
    open = []
  }
  return summary
}

function* readPieces(path: string, bytes: number, from = 0): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    const piece = Buffer.alloc(bytes)
    for (let position = from; ; position += bytes) {
      const length = readSync(file, piece, 0, bytes, position)
      if (length === 0) return
      yield piece.subarray(0, length)
    }
  } finally {
    closeSync(file)
  }
}
