/** Hands the console the database's tables by owner, read from the schema itself while it is built. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Plugin } from 'vite'

const name = 'virtual:vx11-schema'
const folder = join(import.meta.dirname, '../src/db/schema')
const noOwner = ['index.ts', 'columns.ts']

export function schemaPlugin(): Plugin {
  return {
    name: 'vx11-schema',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: async (id) => (id === `\0${name}` ? `export const schema = ${JSON.stringify(await readSchema())}` : null),
  }
}

async function readSchema() {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !noOwner.includes(file)).sort()
  const owners = await Promise.all(
    files.map(async (file) => [file.slice(0, -3), tablesOf(await import(join(folder, file)))] as const),
  )
  return Object.fromEntries(owners)
}

function tablesOf(exported: Record<string, unknown>) {
  return Object.values(exported).flatMap((table) => {
    if (!is(table, SQLiteTable)) return []
    const { name: tableName, columns, primaryKeys } = getTableConfig(table)
    const keys = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)))
    return {
      name: tableName,
      columns: columns.map((column) => ({
        name: column.name,
        type: column.getSQLType(),
        required: column.notNull,
        key: column.primary || keys.has(column.name),
      })),
    }
  })
}
