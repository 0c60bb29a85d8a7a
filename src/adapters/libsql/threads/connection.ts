/** One connection to the database file inside a worker thread: runs statements and caches prepared ones. */
import type { InArgs, InValue, Value } from '@libsql/client'
import Database from 'libsql'
import type { RawFailure, RawResult, Statement } from './messages.ts'

/** SQLite's own lock timeout; then the thread sleeps and retries (thread.ts). */
const lockTimeoutMs = 20
const maxPrepared = 200

type Prepared = Database.Statement & { returnsRows: boolean }

export class FileConnection {
  readonly #database: Database.Database
  readonly #prepared = new Map<string, Prepared>()

  constructor(path: string, role: 'writer' | 'reader') {
    this.#database = new Database(path, { timeout: lockTimeoutMs })
    this.#database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').all()
    if (role === 'reader') this.#database.prepare('PRAGMA query_only = ON').all()
  }

  run(statements: readonly Statement[], { isBatch, writes }: { isBatch: boolean; writes: boolean }): RawResult[] {
    if (!isBatch) return statements.map((statement) => this.#execute(statement))
    // A transaction that begins with a read cannot wait for the write lock later.
    this.#execute({ sql: writes ? 'BEGIN IMMEDIATE' : 'BEGIN', args: [] })
    try {
      const results = statements.map((statement) => this.#execute(statement))
      this.#execute({ sql: 'COMMIT', args: [] })
      return results
    } catch (error) {
      if (this.#database.inTransaction) this.#execute({ sql: 'ROLLBACK', args: [] })
      throw error
    }
  }

  close(): void {
    this.#prepared.clear()
    this.#database.close()
  }

  #execute({ sql, args }: Statement): RawResult {
    const statement = this.#prepare(sql)
    const values = bindable(args)
    if (!statement.returnsRows) {
      const { changes, lastInsertRowid } = statement.run(values)
      return { columns: [], columnTypes: [], rows: [], rowsAffected: changes, lastInsertRowid: BigInt(lastInsertRowid) }
    }
    const rows = (statement.all(values) as unknown[][]).map((row) => row.map(cellOf))
    const columns = statement.columns()
    return {
      columns: columns.map(({ name }) => name),
      columnTypes: columns.map(({ type }) => type ?? ''),
      rows,
      rowsAffected: 0,
      lastInsertRowid: undefined,
    }
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known) {
      // LRU order: a used statement moves to the end.
      this.#prepared.delete(sql)
      this.#prepared.set(sql, known)
      return known
    }
    const statement = this.#database.prepare(sql).safeIntegers(true)
    const prepared = Object.assign(statement, { returnsRows: returnsRows(statement) }) as Prepared
    this.#prepared.set(sql, prepared)
    const [oldest] = this.#prepared.keys()
    if (this.#prepared.size > maxPrepared && oldest !== undefined) this.#prepared.delete(oldest)
    return prepared
  }
}

/** `raw` throws for a statement without rows. */
function returnsRows(statement: { raw?(on: boolean): unknown }): boolean {
  try {
    statement.raw?.(true)
    return true
  } catch {
    return false
  }
}

function bindable(args: InArgs): unknown {
  if (Array.isArray(args)) return args.map(bound)
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name.replace(/^[@$:]/, ''), bound(value)]))
}

function bound(value: InValue | undefined): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('only finite numbers can be stored')
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.valueOf()
  if (value instanceof ArrayBuffer) return Buffer.from(value)
  if (value === undefined) throw new TypeError('undefined cannot be stored')
  return value
}

function cellOf(value: unknown): Value {
  if (typeof value === 'bigint') {
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER)
      throw new RangeError('the database holds an integer that a JavaScript number cannot hold')
    return Number(value)
  }
  if (value instanceof Uint8Array) return new Uint8Array(value).buffer as ArrayBuffer
  return value as Value
}

const baseCodes: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  3: 'SQLITE_PERM',
  4: 'SQLITE_ABORT',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  9: 'SQLITE_INTERRUPT',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  12: 'SQLITE_NOTFOUND',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  17: 'SQLITE_SCHEMA',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  21: 'SQLITE_MISUSE',
  26: 'SQLITE_NOTADB',
}

/** `code` is SQLite's primary result code, as in the libSQL client, beside the extended one. */
export function rawFailure(error: unknown): RawFailure {
  if (!(error instanceof Error)) return { code: 'SQLITE_ERROR', message: String(error) }
  const { code, rawCode } = error as Error & { code?: string; rawCode?: number }
  if (rawCode === undefined) return { code: code ?? error.name, message: error.message }
  return { code: baseCodes[rawCode & 0xff] ?? 'SQLITE_UNKNOWN', extendedCode: code, rawCode, message: error.message }
}
