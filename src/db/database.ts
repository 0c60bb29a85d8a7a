/** The database port: VX11's 88 tables through drizzle, for every store. */
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'

// D1 has no interactive transactions, so `batch` is the only transaction.
// `query` would load all 88 tables (7 MiB); each store imports only the tables it uses.
type Queries = Omit<BaseSQLiteDatabase<'async', unknown>, 'transaction' | 'query'>

/**
 * A drizzle handle for the 88 tables. The result of `run()` differs by store:
 * use `returning()` to get the changed rows.
 */
export interface Db extends Queries {
  /**
   * Runs the statements in order within one transaction.
   * A select with joins needs aliases for repeated column names, because D1 returns rows by name.
   */
  batch<U extends BatchItem<'sqlite'>, T extends Readonly<[U, ...U[]]>>(statements: T): Promise<BatchResponse<T>>
}

export interface Database {
  /** A handle for one request; with remote libSQL each call opens its own client. */
  open(): Db
  /** Resolves when the store answers a query; rejects with the store's error. */
  ping(): Promise<void>
  close(): Promise<void>
}
