/** What the gateway and a thread of the database file say to each other; all of it survives structured cloning. */
import type { InArgs, Value } from '@libsql/client'

export interface Statement {
  sql: string
  args: InArgs
}

export interface Job {
  id: number
  statements: readonly Statement[]
  /** One transaction of all statements. */
  isBatch: boolean
  writes: boolean
  /** On the clock of `monotonicMs`; a job that begins later is refused. */
  dueAt: number
  /** How long it waits for a lock that another process holds. */
  lockTimeoutMs: number
}

export type Order = { kind: 'run'; job: Job } | { kind: 'close' }

export interface RawResult {
  columns: string[]
  columnTypes: string[]
  rows: Value[][]
  rowsAffected: number
  lastInsertRowid: bigint | undefined
}

/** SQLite's own words and codes, or one of `FileFault`. */
export interface RawFailure {
  message: string
  code: string
  extendedCode?: string | undefined
  rawCode?: number | undefined
}

export type Reply =
  | { kind: 'done'; id: number; results: RawResult[] }
  | { kind: 'failed'; id: number; failure: RawFailure }

/** What a thread finds when it opens the file: `shared` with another process, or a log that was set aside. */
export type FileFinding = { kind: 'shared' } | { kind: 'foreign_log'; reason: string; aside: string }

export type Said = Reply | { kind: 'found'; finding: FileFinding } | { kind: 'ready' }

export interface ThreadSetup {
  path: string
  role: 'writer' | 'reader'
  /** It is the first that opens the file: it looks for other processes, and at the log. */
  looksAround: boolean
}

/** One clock for all threads of the process, which nobody sets. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n)
