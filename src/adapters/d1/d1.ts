/** The database on Cloudflare D1, through the Worker's binding. */
import { drizzle } from 'drizzle-orm/d1'
import type { Database } from '../../db/database.ts'
import { probeStore } from '../../db/probe.ts'

export function d1Database(binding: D1Database): Database {
  const db = drizzle(binding)
  return {
    open: () => db,
    async ping() {
      await probeStore(db)
    },
    async close() {},
  }
}
