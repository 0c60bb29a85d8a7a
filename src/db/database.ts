/** The database port: VX11's 88 tables behind drizzle, whatever store holds them. */
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'

// D1 has no interactive transactions, so nothing may be written that needs one: `batch` is the unit of change.
// `query` would want all 88 tables in memory (7 MiB); a store imports the tables of its owner and selects from them.
type Queries = Omit<BaseSQLiteDatabase<'async', unknown>, 'transaction' | 'query'>

/**
 * A drizzle handle that reads and writes the 88 tables. What `run()` gives differs by store:
 * a writer that must know what it changed asks with `returning()`.
 */
export interface Db extends Queries {
  /**
   * Runs the statements in their order within one transaction: all of them happen, or none.
   * A selection that joins tables needs an alias for each repeated column name, since D1 answers by name.
   */
  batch<U extends BatchItem<'sqlite'>, T extends Readonly<[U, ...U[]]>>(statements: T): Promise<BatchResponse<T>>
}

export interface Database {
  /** A handle for the work of one request; with a remote libSQL each call opens its own client. */
  open(): Db
  /** Resolves when the store answers a query; rejects with the store's error. */
  ping(): Promise<void>
  close(): Promise<void>
}
