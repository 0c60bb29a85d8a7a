/** The size of the database: from SQLite's pages, or from the metadata of D1's answers. */
import { sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'

/** In bytes; null where the store does not report it. */
export async function readSize(db: Db): Promise<number | null> {
  try {
    const [count] = await db.all<{ page_count: number }>(sql`PRAGMA page_count`)
    const [size] = await db.all<{ page_size: number }>(sql`PRAGMA page_size`)
    return count && size ? count.page_count * size.page_size : null
  } catch {
    return sizeAfter(await db.run(sql`SELECT 1`).catch(() => null))
  }
}

function sizeAfter(answer: unknown): number | null {
  const meta = (answer as { meta?: { size_after?: unknown } } | null)?.meta
  return typeof meta?.size_after === 'number' ? meta.size_after : null
}
