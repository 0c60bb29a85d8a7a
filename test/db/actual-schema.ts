/** Reads from a store's own catalogue which tables it holds, in the shape of expected-schema.ts. */
import { describeColumn, describeIndex, type TableShape } from './expected-schema.ts'

/** Runs one statement and gives its rows by column name. */
export type Query = (statement: string) => Promise<Record<string, unknown>[]>

/** Tables that SQLite, drizzle, D1 and wrangler keep for themselves. */
const bookkeeping = /^(sqlite_|_cf_|__drizzle_migrations$|d1_migrations$|libsql_)/

export async function readSchema(query: Query): Promise<Record<string, TableShape>> {
  const tables = await query("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
  const shapes: Record<string, TableShape> = {}
  for (const { name, sql } of tables) {
    if (bookkeeping.test(String(name))) continue
    shapes[String(name)] = await readTable(query, String(name), String(sql))
  }
  return shapes
}

async function readTable(query: Query, name: string, ddl: string): Promise<TableShape> {
  const columns = await query(`PRAGMA table_xinfo("${name}")`)
  const keys = await query(`PRAGMA foreign_key_list("${name}")`)
  return {
    columns: columns.map((column) =>
      describeColumn({
        name: String(column.name),
        type: String(column.type),
        notNull: column.notnull === 1,
        default: column.dflt_value === null ? null : String(column.dflt_value),
        pk: Number(column.pk),
      }),
    ),
    autoincrement: /\bAUTOINCREMENT\b/.test(ddl),
    indexes: await readIndexes(query, name),
    foreignKeys: keys.map((key) => `${key.from} -> ${key.table}.${key.to} ON DELETE ${key.on_delete}`).sort(),
    checks: readChecks(ddl),
  }
}

/** Without the indexes that SQLite makes for primary keys: the columns say those already. */
async function readIndexes(query: Query, table: string): Promise<string[]> {
  const indexes = await query(`PRAGMA index_list("${table}")`)
  const named = indexes.filter((index) => index.origin !== 'pk')
  const described: string[] = []
  for (const { name, unique } of named) {
    const columns = await query(`PRAGMA index_info("${name}")`)
    described.push(
      describeIndex({
        name: String(name),
        columns: columns.map((column) => String(column.name)),
        unique: unique === 1,
      }),
    )
  }
  return described.sort()
}

/** drizzle writes each check on a line of its own. */
function readChecks(ddl: string): string[] {
  return [...ddl.matchAll(/CHECK\((.*)\),?$/gm)].map((match) => match[1] ?? '')
}
