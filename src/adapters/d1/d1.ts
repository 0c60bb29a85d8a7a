/** The database on Cloudflare D1, through the Worker's binding. */
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Database } from '../../db/database.ts'

export function d1Database(binding: D1Database): Database {
  const db = drizzle(binding)
  return {
    open: () => db,
    async ping() {
      await db.run(sql`SELECT 1 FROM sqlite_schema LIMIT 1`)
    },
    async close() {},
  }
}
