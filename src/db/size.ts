/** The size of the database: from SQLite's pages, or from the metadata of D1's answers, which refuses the pragma. */
import { sql } from 'drizzle-orm'
import type { ReadStorage } from '../ports/index.ts'
import type { Database, Db } from './database.ts'

/** In bytes; null where the store does not report it. Rejects when it does not answer. */
export async function readSize(db: Db): Promise<number | null> {
  try {
    const [row] = await db.all<{ bytes: number }>(sql`
      select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`)
    return row?.bytes ?? null
  } catch {
    const answer: unknown = await db.run(sql`select 1`)
    const size = (answer as { meta?: { size_after?: unknown } } | null)?.meta?.size_after
    return typeof size === 'number' && size > 0 ? size : null
  }
}

/** Room in a database that is no file of this machine, by the size that it may have. The same for all instances. */
export const roomInDatabase =
  (database: Pick<Database, 'open'>, maxBytes: number): ReadStorage =>
  async () => {
    const bytes = await readSize(database.open())
    if (bytes === null) throw new Error('the store does not report its size')
    return { freeBytes: Math.max(0, maxBytes - bytes), diskBytes: maxBytes, walBytes: null, isShared: true }
  }
