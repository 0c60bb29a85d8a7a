/**
 * Detects a write-ahead log of another database file, as after copying a backup over the file: SQLite would apply its
 * pages to the wrong file. Formats: https://sqlite.org/fileformat2.html, sections 1.3 and 4.
 */
import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs'

const headerBytes = 32
const frameHeaderBytes = 24

interface DatabaseHeader {
  pageSize: number
  /** 2 in WAL mode. */
  version: number
  /** Incremented by each transaction that writes the first page. */
  changes: number
  pages: number
}

interface Log {
  pageSize: number
  /** Change counters of the first page after each committed transaction. */
  changes: number[]
  /** The file's length after the last commit, in pages; 0 without a commit. */
  pages: number
  /** Offset of the newest committed content by page. */
  places: Map<number, number>
}

/** Null if the log belongs to the file or has no commit; else the reason. */
export function foreignLog(path: string): string | null {
  const database = readDatabaseHeader(path)
  const log = readLog(`${path}-wal`)
  if (!database || !log || log.pages === 0) return null
  if (database.version !== 2) return 'the file keeps no write-ahead log'
  if (database.pageSize !== log.pageSize) return 'its pages have another size'
  const [first] = log.changes
  if (first === undefined) return database.pages === log.pages ? null : 'the file has another length'
  const isOfItsTime = database.changes >= first - 1 && database.changes <= Math.max(...log.changes)
  if (!isOfItsTime) return 'the file is of another moment'
  return isWhole(path, database, log) ? null : 'pages between the end of the file and those of the log are missing'
}

/** True if the log contains all pages beyond the end of the file, except free pages, which need not be written. */
function isWhole(path: string, database: DatabaseHeader, log: Log): boolean {
  const missing = new Set<number>()
  for (let page = database.pages + 1; page <= log.pages; page++) if (!log.places.has(page)) missing.add(page)
  if (missing.size === 0) return true
  const files = { database: openSync(path, 'r'), log: openSync(`${path}-wal`, 'r') }
  try {
    for (const free of freePages((page) => readPage(files, page, log))) missing.delete(free)
  } finally {
    for (const file of Object.values(files)) closeSync(file)
  }
  return missing.size === 0
}

/** The pages of the free list; stops at an invalid entry. */
function* freePages(read: (page: number) => Buffer): Generator<number> {
  const header = read(1)
  const seen = new Set<number>()
  for (let trunk = header.readUInt32BE(32); trunk !== 0 && !seen.has(trunk); ) {
    seen.add(trunk)
    yield trunk
    const page = read(trunk)
    const leaves = Math.min(page.readUInt32BE(4), page.length / 4 - 2)
    for (let leaf = 0; leaf < leaves; leaf++) yield page.readUInt32BE(8 + leaf * 4)
    trunk = page.readUInt32BE(0)
  }
}

/** The page as SQLite reads it; zeros for a missing page. */
function readPage(files: { database: number; log: number }, page: number, { pageSize, places }: Log): Buffer {
  const bytes = Buffer.alloc(pageSize)
  const place = places.get(page)
  if (place === undefined) readSync(files.database, bytes, 0, pageSize, (page - 1) * pageSize)
  else readSync(files.log, bytes, 0, pageSize, place)
  return bytes
}

/** Renames a foreign log, so that SQLite ignores it; returns its new name. */
export function moveAside(path: string, stamp: string): string {
  const aside = `${path}-wal.foreign-${stamp}`
  renameSync(`${path}-wal`, aside)
  if (statSync(`${path}-shm`, { throwIfNoEntry: false })) renameSync(`${path}-shm`, `${path}-shm.foreign-${stamp}`)
  return aside
}

/** A timestamp for file names. */
export const fileStamp = (moment: Date): string => moment.toISOString().replace(/[-:.]/g, '')

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

/** Null if there is none that SQLite would read. */
function readLog(path: string): Log | null {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= headerBytes) return null
  const header = readPieces(path, headerBytes).next().value
  if (!header || header.readUInt32BE(0) >>> 1 !== 0x377f0682 >>> 1) return null
  const salts = Buffer.from(header.subarray(16, 24))
  const log: Log = { pageSize: header.readUInt32BE(8), changes: [], pages: 0, places: new Map() }
  const frameBytes = frameHeaderBytes + log.pageSize
  let transaction: (() => void)[] = []
  let position = headerBytes
  for (const frame of readPieces(path, frameBytes, headerBytes)) {
    // Frames of an older log follow the newest ones.
    if (frame.length < frameBytes || !frame.subarray(8, 16).equals(salts)) break
    const page = frame.readUInt32BE(0)
    const place = position + frameHeaderBytes
    transaction.push(() => log.places.set(page, place))
    if (page === 1) {
      const changes = frame.readUInt32BE(frameHeaderBytes + 24)
      transaction.push(() => log.changes.push(changes))
    }
    position += frameBytes
    const pagesAfterCommit = frame.readUInt32BE(4)
    if (pagesAfterCommit === 0) continue
    log.pages = pagesAfterCommit
    for (const apply of transaction) apply()
    transaction = []
  }
  return log
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
