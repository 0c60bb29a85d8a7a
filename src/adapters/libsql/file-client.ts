/** Opens a SQLite file through libSQL, with the settings that every connection to it must have. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Client, createClient } from '@libsql/client/sqlite3'

/** How long a statement waits for another process's lock. It waits on the event loop: see docs/storage.md. */
export const BUSY_TIMEOUT_MS = 5000

/**
 * Creates the file and its folder when they are missing; rejects when the file is no database.
 *
 * The client opens further connections on its own, so settings made by PRAGMA would not reach them all:
 * WAL lives in the file, the timeout is an option, foreign keys and synchronous=FULL are this build's defaults.
 */
export async function openFileClient(url: string): Promise<Client> {
  await mkdir(dirname(filePath(url)), { recursive: true })
  const client = createClient({ url, timeout: BUSY_TIMEOUT_MS })
  try {
    await client.execute('PRAGMA journal_mode = WAL')
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

/** Relative to the working directory unless the address says otherwise. */
export function filePath(url: string): string {
  const withoutScheme = url.replace(/^file:(\/\/[^/]*)?/, '').replace(/\?.*$/, '')
  return decodeURIComponent(withoutScheme)
}
