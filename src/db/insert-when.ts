/** An insertion that a batch carries out only while a condition holds, so that two rows stand or fall together. */
import { getTableColumns, type InferInsertModel, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './database.ts'

/** Columns that the row leaves out are NULL: VX11's defaults of 0 would pass for readings. */
export function insertWhen<T extends SQLiteTable>(db: Db, table: T, row: InferInsertModel<T>, condition: SQL) {
  const given = row as Readonly<Record<string, unknown>>
  const values = Object.entries(getTableColumns(table)).map(([name, column]) => sql.param(given[name] ?? null, column))
  return db.insert(table).select(sql`select ${sql.join(values, sql`, `)} where ${condition}`)
}
