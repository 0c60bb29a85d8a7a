/** A conditional insert for batches, so that two rows are stored together or not at all. */
import { type InferInsertModel, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './database.ts'
import { type ColumnExpressions, insertSelect, orNull } from './insert-select.ts'

/** Omitted columns become NULL, because VX11's defaults of 0 would look like measurements. */
export const insertWhen = <T extends SQLiteTable>(db: Db, table: T, row: InferInsertModel<T>, condition: SQL) =>
  insertSelect(db, table, orNull<T>(table, row as Partial<ColumnExpressions<T>>), sql`where ${condition}`)
