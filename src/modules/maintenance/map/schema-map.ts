/** Reads all tables in the form of v7's DB_SCHEMA file, with indexes and checks (contract data/schema-map). */
import { sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { readTableNames } from '../steps/counts.ts'
import { ownerOf } from './owners.ts'
import { checksOf } from './table-checks.ts'

export interface TableMap {
  table: string
  columns: {
    cid: number
    name: string
    type: string
    notnull: boolean
    dflt_value: string | null
    pk: boolean
    /** The column's place in the key, from 1, which v7's file lost; 0 outside it. */
    pk_position: number
  }[]
  foreign_keys: {
    id: number
    seq: number
    table: string
    from: string
    to: string | null
    on_update: string
    on_delete: string
    match: string
  }[]
  /** Also those that SQLite makes for keys. A null column is the rowid or an expression. */
  indexes: { name: string; unique: boolean; origin: string; partial: boolean; columns: (string | null)[] }[]
  /** The conditions, as the DDL has them. */
  checks: string[]
  rows: number | null
  status: string
  module: string | null
}

type Of<Row> = Row & { owner: string }

/** Four statements, however many tables there are. `rows` are the counts that are known. */
export async function readSchemaMap(db: Db, rows: Readonly<Record<string, number>>): Promise<TableMap[]> {
  const names = await readTableNames(db)
  const from = sql.raw(`SELECT t.name AS owner, x.* FROM sqlite_schema t, `)
  const where = sql.raw(`WHERE t.type = 'table'`)
  const ddl = await db.all<{ name: string; sql: string }>(sql`SELECT name, sql FROM sqlite_schema WHERE type = 'table'`)
  const columns = await db.all<Of<ColumnRow>>(sql`${from} pragma_table_info(t.name) x ${where} ORDER BY x.cid`)
  const keys = await db.all<Of<KeyRow>>(sql`${from} pragma_foreign_key_list(t.name) x ${where} ORDER BY x.id, x.seq`)
  const indexes = await db.all<Of<IndexRow>>(sql`
    SELECT t.name AS owner, i.name, i."unique", i.origin, i.partial, c.name AS "column"
    FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c ${where} ORDER BY i.name, c.seqno`)
  return names.map((table) => {
    const own = <Row>(all: Of<Row>[]) => all.filter(({ owner }) => owner === table)
    const count = Object.hasOwn(rows, table) ? (rows[table] ?? null) : null
    return {
      table,
      columns: own(columns).map(columnOf),
      foreign_keys: own(keys).map(({ owner: _, ...key }) => key as KeyRow),
      indexes: indexesOf(own(indexes)),
      checks: checksOf(ddl.find(({ name }) => name === table)?.sql ?? ''),
      rows: count,
      status: statusOf(table, count),
      module: ownerOf(table),
    }
  })
}

interface ColumnRow {
  cid: number
  name: string
  type: string
  notnull: number
  dflt_value: string | null
  pk: number
}
type KeyRow = TableMap['foreign_keys'][number]
interface IndexRow {
  name: string
  unique: number
  origin: string
  partial: number
  column: string | null
}

const columnOf = ({ cid, name, type, notnull, dflt_value, pk }: ColumnRow) => ({
  cid,
  name,
  type,
  notnull: notnull === 1,
  dflt_value,
  pk: pk > 0,
  pk_position: pk,
})

const indexesOf = (rows: IndexRow[]): TableMap['indexes'] =>
  [...Map.groupBy(rows, ({ name }) => name)].map(([name, columns]) => ({
    name,
    unique: columns[0]?.unique === 1,
    origin: columns[0]?.origin ?? '',
    partial: columns[0]?.partial === 1,
    columns: columns.map(({ column }) => column),
  }))

/** v7's words. */
function statusOf(table: string, rows: number | null): string {
  if (/legacy|old|deprecated/.test(table)) return 'LEGACY - preserved'
  if (rows === null) return 'UNKNOWN'
  return rows === 0 ? 'EMPTY (READY)' : 'ACTIVE'
}
