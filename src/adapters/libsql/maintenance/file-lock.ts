/**
 * Allows maintenance of a database file in one process at a time, with an operating system lock on a small SQLite file
 * beside the database. The system releases it when the process ends in any way.
 */
import { type Client, createClient } from '@libsql/client/sqlite3'
import { giveToFolderOwner } from '../folder-owner.ts'

export interface FileLock {
  /** Returns the unlock function, or null if this or another process holds the lock. */
  take(): Promise<(() => Promise<void>) | null>
}

/** One client for all runs, because a closed client keeps its files open until garbage collection. */
export function fileLock(databasePath: string): FileLock {
  const path = `${databasePath}.maintenance`
  let client: Client | undefined
  return {
    async take() {
      try {
        client ??= createClient({ url: fileUrl(path), timeout: 0 })
        const transaction = await client.transaction('write')
        giveToFolderOwner(path)
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

/** A `file:` URL with the special characters of the path escaped. */
export const fileUrl = (path: string): string =>
  `file:${path.replace(/[%?#]/g, (character) => encodeURIComponent(character))}`
