/** Reads and writes drizzle's table of applied migrations, `__drizzle_migrations`, in its migrator's format. */
import type { Client, InStatement } from '@libsql/client'
import type { MigrationMeta } from 'drizzle-orm/migrator'

const table = '__drizzle_migrations'

/** Creation time of the newest applied migration, in epoch milliseconds; null without a record. */
export async function lastMigration(client: Client): Promise<number | null> {
  const found = await client.execute(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '${table}'`)
  if (found.rows.length === 0) return null
  const { rows } = await client.execute(`SELECT max(created_at) AS newest FROM ${table}`)
  return rows[0]?.newest == null ? null : Number(rows[0].newest)
}

/** Records a migration if there is no record yet; of two concurrent processes only one succeeds. */
export const recordMigration = ({ hash, folderMillis }: MigrationMeta): InStatement[] => [
  `CREATE TABLE IF NOT EXISTS ${table} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`,
  {
    sql: `INSERT INTO ${table} (hash, created_at) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM ${table})`,
    args: [hash, folderMillis],
  },
]
