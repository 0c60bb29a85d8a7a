/** `insert … select` with an expression per column name: a missing or unknown column does not compile. */
import { getTableColumns, type InferSelectModel, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './database.ts'

/** SQL, or a value to bind. */
export type ColumnExpressions<T extends SQLiteTable> = Record<keyof InferSelectModel<T>, unknown>

/** The index of each column in a JSON list of cells. */
export type CellPositions<T extends SQLiteTable> = Record<keyof InferSelectModel<T>, number>

/** `from` is the SQL after the column list. */
export function insertSelect<T extends SQLiteTable>(db: Db, table: T, columns: ColumnExpressions<T>, from: SQL) {
  const given = columns as Readonly<Record<string, unknown>>
  const values = Object.entries(getTableColumns(table)).map(([name, column]) => {
    const value = given[name]
    return value !== null && typeof value === 'object' && 'getSQL' in value ? value : sql.param(value ?? null, column)
  })
  return db.insert(table).select(sql`select ${sql.join(values as SQL[], sql`, `)} ${from}`)
}

/** Columns that are not given become NULL; the table's defaults do not apply. */
export const orNull = <T extends SQLiteTable>(table: T, given: Partial<ColumnExpressions<T>>): ColumnExpressions<T> =>
  Object.fromEntries(
    Object.keys(getTableColumns(table)).map((name) => [name, given[name as keyof typeof given] ?? null]),
  ) as ColumnExpressions<T>

/** Reads each column from the JSON list that json_each yields as `value`. */
export const cells = <T extends SQLiteTable>(positions: CellPositions<T>): ColumnExpressions<T> =>
  Object.fromEntries(
    Object.entries<number>(positions).map(([name, at]) => [name, sql.raw(`value->>${at}`)]),
  ) as ColumnExpressions<T>
