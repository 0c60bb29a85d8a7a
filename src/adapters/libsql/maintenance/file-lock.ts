/**
 * Keeps maintenance of one database file to one process at a time. The lock is the operating system's, on a small file
 * beside the database that SQLite locks for us: it ends with its process, however that ends.
 */
import { createClient } from '@libsql/client/sqlite3'

export const lockPath = (databasePath: string): string => `${databasePath}.maintenance`

/** Gives the function that unlocks; null when another process, or another run of this one, holds the lock. */
export async function lockFile(databasePath: string): Promise<(() => Promise<void>) | null> {
  const client = createClient({ url: fileUrl(lockPath(databasePath)), timeout: 0 })
  try {
    const transaction = await client.transaction('write')
    return async () => {
      // The connection itself stays until its garbage collection; the lock does not.
      await transaction.rollback()
      client.close()
    }
  } catch (error) {
    client.close()
    if (isBusy(error)) return null
    throw error
  }
}

export const isBusy = (error: unknown): boolean =>
  /SQLITE_BUSY|SQLITE_LOCKED/.test(String((error as { code?: unknown } | null)?.code))

/** A `file:` address in which no character of the path means anything. */
export const fileUrl = (path: string): string =>
  `file:${path.replace(/[%?#]/g, (character) => encodeURIComponent(character))}`
