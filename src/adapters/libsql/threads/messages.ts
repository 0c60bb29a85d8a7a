/** The messages between the gateway and the database's worker threads; all can be structured-cloned. */
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
  /** On the clock of `monotonicMs`; a job is refused after it. */
  deadlineAt: number
  /** Timeout for another process's lock. */
  lockTimeoutMs: number
}

export type FileThreadCommand = { kind: 'run'; job: Job } | { kind: 'close' }

export interface RawResult {
  columns: string[]
  columnTypes: string[]
  rows: Value[][]
  rowsAffected: number
  lastInsertRowid: bigint | undefined
}

/** SQLite's message and codes, or a `FILE_…` code of the gateway. */
export interface RawFailure {
  message: string
  code: string
  extendedCode?: string | undefined
  rawCode?: number | undefined
}

export type Reply =
  | { kind: 'done'; id: number; results: RawResult[] }
  | { kind: 'failed'; id: number; failure: RawFailure }

/** Finding at opening: the file is `shared` with another process, or a foreign log was moved aside. */
export type FileFinding = { kind: 'shared' } | { kind: 'foreign_log'; reason: string; aside: string }

export type FileThreadMessage = Reply | { kind: 'finding'; finding: FileFinding } | { kind: 'ready' }

export interface ThreadSetup {
  path: string
  role: 'writer' | 'reader'
  /** The first thread checks for other processes and a foreign log. */
  checksFile: boolean
}

/** Monotonic clock in milliseconds, shared by all threads of the process. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n)
