/** Opens a SQLite file through libSQL, with the settings that every connection to it must have. */
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Client, createClient } from '@libsql/client/sqlite3'
import { filePath } from './file-path.ts'
import { makeFolder } from './make-folder.ts'

/** How long a statement of a migration or of maintenance waits for another process's lock, in a thread or a command. */
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
export async function openUntouched(url: string, lockTimeoutMs = BUSY_TIMEOUT_MS): Promise<Client> {
  await makeFile(filePath(url))
  return createClient({ url, timeout: lockTimeoutMs })
}

/**
 * For its owner alone, as is a folder that has to be made: SQLite gives the files beside it the same mode. One that is
 * there is left alone, since closing it would end every lock that this process holds on it (POSIX fcntl).
 */
async function makeFile(path: string): Promise<void> {
  makeFolder(dirname(path))
  if (existsSync(path)) return
  const file = await open(path, 'a', 0o600).catch(ifReadOnly)
  await file?.close()
}

/** What cannot be made or written can perhaps be read; SQLite says what is wrong with it. */
function ifReadOnly(error: NodeJS.ErrnoException): undefined {
  if (!['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOSPC'].includes(error.code ?? '')) throw error
}

export const setWal = (client: Client) => client.execute('PRAGMA journal_mode = WAL')
