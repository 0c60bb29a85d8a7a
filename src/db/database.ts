/** The database port: VX11's 88 tables behind drizzle, whatever store holds them. */
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type * as schema from './schema/index.ts'

/** A drizzle handle that reads and writes the 88 tables. */
export type Db = BaseSQLiteDatabase<'async', unknown, typeof schema>

export interface Database {
  /** A handle for the work of one request; on workerd with a remote libSQL each call opens its own client. */
  open(): Db
  /** Resolves when the store answers a query; rejects with the store's error. */
  ping(): Promise<void>
  close(): Promise<void>
}
