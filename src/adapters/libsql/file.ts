/** The database in a file on Node: one client for the whole process, since SQLite is one writer at a time anyway. */
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/libsql/sqlite3'
import type { Database } from '../../db/database.ts'
import { databaseFailure } from './failure.ts'
import { filePath, openFileClient } from './file-client.ts'
import { assertRoom } from './room.ts'

/** `url` is `file:` and a path, relative to the working directory unless it starts with a slash. */
export async function fileDatabase(url: string): Promise<Database> {
  const client = await openFileClient(url)
  const db = drizzle({ client })
  return {
    open: () => db,
    async ping() {
      try {
        await db.run(sql`SELECT 1 FROM sqlite_schema LIMIT 1`)
        await assertRoom(filePath(url))
      } catch (error) {
        throw databaseFailure(error, { url })
      }
    },
    async close() {
      client.close()
    },
  }
}
