/** Opens a SQLite file through libSQL, with the settings that every connection to it must have. */
import { dirname } from 'node:path'
import { type Client, createClient } from '@libsql/client/sqlite3'
import { makeFolder } from './make-folder.ts'

/** How long a statement waits for another process's lock. It waits on the event loop: see docs/storage.md. */
export const BUSY_TIMEOUT_MS = 5000

/**
 * Creates the file and its folder when they are missing; rejects when the file is no database.
 *
 * The client opens further connections on its own, so settings made by PRAGMA would not reach them all:
 * WAL lives in the file, the timeout is an option, foreign keys and synchronous=FULL are this build's defaults.
 */
export async function openFileClient(url: string): Promise<Client> {
  const client = await openUntouched(url)
  try {
    await setWal(client)
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

/** The same without a change to a file that is there: for a look at one that may be somebody else's. */
export async function openUntouched(url: string, lockPatienceMs = BUSY_TIMEOUT_MS): Promise<Client> {
  makeFolder(dirname(filePath(url)))
  return createClient({ url, timeout: lockPatienceMs })
}

export const setWal = (client: Client) => client.execute('PRAGMA journal_mode = WAL')

/** The path that a `file:` URL names. */
export function filePath(url: string): string {
  const withoutScheme = url.replace(/^file:(\/\/[^/]*)?/, '').replace(/\?.*$/, '')
  return decodeURIComponent(withoutScheme)
}
