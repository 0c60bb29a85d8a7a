/** Reads migrations/ and derives the resulting schema. */
import { type Client, createClient } from '@libsql/client/sqlite3'
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator'
import { readShape } from '../../../db/adoption/read-shape.ts'
import type { DatabaseShape } from '../../../db/adoption/shape.ts'
import { reader } from '../read-rows.ts'
import { migrationsFolder } from './migrations-folder.ts'

/** In the order in which they are applied. */
export const readMigrations = (): MigrationMeta[] => readMigrationFiles({ migrationsFolder: migrationsFolder() })

/** The schema after the migrations, derived by applying them to an empty in-memory database. */
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
