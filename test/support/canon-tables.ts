/** The tables of src/db/schema as the drift audit compares them: `npm run db:generate` writes them, a test holds them equal. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from '../../src/db/schema/index.ts'

const file = fileURLToPath(new URL('../../src/features/truth/drift/canon-tables.json', import.meta.url))
const exported: unknown[] = Object.values(schema)

/** By table: its columns as `name TYPE`, with `KEY` or `NOT NULL`; then its indexes as `+columns`, unique ones as `!columns`. */
export function canonTables(): Record<string, string> {
  const tables = exported.filter((each): each is SQLiteTable => is(each, SQLiteTable))
  return Object.fromEntries(tables.map((table) => [getTableConfig(table).name, lineOf(table)]).toSorted())
}

function lineOf(table: SQLiteTable): string {
  const { columns, primaryKeys, indexes, uniqueConstraints } = getTableConfig(table)
  const keys = new Set(primaryKeys.flatMap((key) => key.columns.map(({ name }) => name)))
  const named = (list: readonly unknown[]) =>
    list.every((column) => is(column, SQLiteColumn))
      ? [list.map((column) => (column as SQLiteColumn).name).join('+')]
      : []
  return [
    ...columns.map((column) => {
      const isKey = column.primary || keys.has(column.name)
      return `${column.name} ${column.getSQLType()}${isKey ? ' KEY' : column.notNull ? ' NOT NULL' : ''}`
    }),
    ...indexes.flatMap(({ config }) => named(config.columns).map((list) => `${config.unique ? '!' : '+'}${list}`)),
    ...uniqueConstraints.flatMap((constraint) => named(constraint.columns).map((list) => `!${list}`)),
    ...columns.filter(({ isUnique }) => isUnique).map(({ name }) => `!${name}`),
  ].join(',')
}

if (import.meta.main) writeFileSync(file, `${JSON.stringify(canonTables(), null, 2)}\n`)
