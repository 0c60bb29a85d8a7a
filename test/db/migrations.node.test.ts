/** Holds src/db/schema to migrations/: a column that was declared and never generated is found here, not by its first query. */
import { readdirSync, readFileSync } from 'node:fs'
import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import * as schema from '../../src/db/schema/index.ts'

interface Snapshot {
  tables: Record<
    string,
    {
      columns: Record<string, { name: string; type: string; notNull: boolean; primaryKey: boolean }>
      indexes: Record<string, unknown>
    }
  >
}

const folder = new URL('../../migrations/', import.meta.url)
const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as {
  entries: { tag: string }[]
}
const newest = String(journal.entries.length - 1).padStart(4, '0')
const snapshot = JSON.parse(readFileSync(new URL(`meta/${newest}_snapshot.json`, folder), 'utf8')) as Snapshot

const exported: unknown[] = Object.values(schema)

const declared = exported
  .filter((each): each is SQLiteTable => is(each, SQLiteTable))
  .map((table) => {
    const { name, columns, indexes } = getTableConfig(table)
    return {
      name,
      columns: columns
        .map((column) => `${column.name} ${column.getSQLType()}${column.notNull ? ' NOT NULL' : ''}`)
        .sort(),
      indexes: [
        ...indexes.map((index) => index.config.name),
        ...columns.filter((column) => column.isUnique).map((column) => column.uniqueName ?? ''),
      ].sort(),
    }
  })
  .sort((one, other) => one.name.localeCompare(other.name))

const generated = Object.entries(snapshot.tables)
  .map(([name, { columns, indexes }]) => ({
    name,
    columns: Object.values(columns)
      .map((column) => `${column.name} ${column.type}${column.notNull ? ' NOT NULL' : ''}`)
      .sort(),
    indexes: Object.keys(indexes).sort(),
  }))
  .sort((one, other) => one.name.localeCompare(other.name))

it('has a migration for every declared table, column and index (npm run db:generate -- --name what_changed)', () => {
  expect(declared.length).toBeGreaterThan(80)
  expect(declared).toEqual(generated)
})

it('lists every migration in the journal', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
  expect(journal.entries.map(({ tag }) => `${tag}.sql`)).toEqual(files.sort())
})
