/** An insertion that a batch carries out only while a condition holds, so that two rows stand or fall together. */
import { type InferInsertModel, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './database.ts'
import { type ColumnExpressions, insertSelect, orNull } from './insert-select.ts'

/** Columns that the row leaves out are NULL: VX11's defaults of 0 would pass for readings. */
export const insertWhen = <T extends SQLiteTable>(db: Db, table: T, row: InferInsertModel<T>, condition: SQL) =>
  insertSelect(db, table, orNull<T>(table, row as Partial<ColumnExpressions<T>>), sql`where ${condition}`)
