/**
 * Keeps maintenance of one database file to one process at a time. The lock is the operating system's, on a small file
 * beside the database that SQLite locks for us: it ends with its process, however that ends.
 */
import { type Client, createClient } from '@libsql/client/sqlite3'

export interface FileLock {
  /** Gives the function that unlocks; null when another process, or another run of this one, holds the lock. */
  take(): Promise<(() => Promise<void>) | null>
}

/** One client for all runs: a closed one keeps its files open until the garbage collection. */
export function fileLock(databasePath: string): FileLock {
  let client: Client | undefined
  return {
    async take() {
      try {
        client ??= createClient({ url: fileUrl(`${databasePath}.maintenance`), timeout: 0 })
        const transaction = await client.transaction('write')
        return () => transaction.rollback()
      } catch (error) {
        if (isBusy(error)) return null
        throw error
      }
    },
  }
}

export const isBusy = (error: unknown): boolean =>
  /SQLITE_BUSY|SQLITE_LOCKED/.test(String((error as { code?: unknown } | null)?.code))

/** A `file:` address in which no character of the path means anything. */
export const fileUrl = (path: string): string =>
  `file:${path.replace(/[%?#]/g, (character) => encodeURIComponent(character))}`
