/**
 * Keeps maintenance of one database file to one process at a time. The lock is the operating system's, on a small file
 * beside the database that SQLite locks for us: it ends with its process, however that ends.
 */
import { createClient } from '@libsql/client/sqlite3'

export const lockPath = (databasePath: string): string => `${databasePath}.maintenance`

/** Null when another process, or another run of this one, holds it. */
export async function lockFile(databasePath: string): Promise<(() => Promise<void>) | null> {
  const client = createClient({ url: fileUrl(lockPath(databasePath)), timeout: 0 })
  try {
    await client.execute('BEGIN EXCLUSIVE')
  } catch (error) {
    client.close()
    if (/SQLITE_BUSY|SQLITE_LOCKED/.test(String((error as { code?: string }).code))) return null
    throw error
  }
  // Closing leaves the lock until the garbage collection; ending the transaction does not.
  return async () => {
    await client.execute('ROLLBACK').finally(() => client.close())
  }
}

/** A `file:` address in which no character of the path means anything. */
export const fileUrl = (path: string): string =>
  `file:${path.replace(/[%?#]/g, (character) => encodeURIComponent(character))}`
