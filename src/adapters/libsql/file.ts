/** The database in a file on Node: one client for the whole process, since SQLite is one writer at a time anyway. */
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/libsql/sqlite3'
import type { Database } from '../../db/database.ts'
import { databaseFailure } from './failure.ts'
import { openFileClient } from './file-client.ts'

/** `url` is `file:` and a path, relative to the working directory unless it starts with a slash. */
export async function fileDatabase(url: string): Promise<Database> {
  const client = await openFileClient(url)
  const db = drizzle({ client })
  return {
    open: () => db,
    async ping() {
      await db.run(sql`SELECT 1 FROM sqlite_schema LIMIT 1`).catch((error) => {
        throw databaseFailure(error, { url })
      })
    },
    async close() {
      client.close()
    },
  }
}
