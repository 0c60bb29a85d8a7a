/** Finds migrations/, and what of it a database has behind it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient } from '@libsql/client/sqlite3'
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator'
import { readShape } from '../../db/adoption/read-shape.ts'
import type { DatabaseShape } from '../../db/adoption/shape.ts'
import { reader } from './read-rows.ts'

/** As seen from the bundle in dist/, or from this source file. */
const folder = ['../migrations', '../../../migrations']
  .map((path) => join(import.meta.dirname, path))
  .find((candidate) => existsSync(candidate))

export function migrationsFolder(): string {
  if (!folder) throw new Error('the folder migrations/ is missing beside the program')
  return folder
}

/** In the order in which they are applied. */
export const readMigrations = (): MigrationMeta[] => readMigrationFiles({ migrationsFolder: migrationsFolder() })

/** What the migrations make of an empty database, found out by applying them to one in memory. */
export async function shapeAfter(migrations: readonly MigrationMeta[]): Promise<DatabaseShape> {
  const client: Client = createClient({ url: ':memory:' })
  try {
    await client.batch(
      migrations.flatMap(({ sql }) => sql),
      'write',
    )
    const tables = await client.execute(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    return await readShape(
      reader(client),
      tables.rows.map(({ name }) => String(name)),
    )
  } finally {
    client.close()
  }
}
