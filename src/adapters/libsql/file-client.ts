/** Opens a SQLite file through libSQL with the settings that every connection needs. */
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Client, createClient } from '@libsql/client/sqlite3'
import { filePath } from './file-path.ts'
import { giveToFolderOwner } from './folder-owner.ts'
import { makeFolder } from './make-folder.ts'

/** Lock timeout of migrations and maintenance, which run in a thread or a command. */
export const BUSY_TIMEOUT_MS = 5000

/**
 * Creates the file and its folder if they are missing; rejects if the file is not a database.
 *
 * The client opens further connections itself, so a PRAGMA would not apply to all of them:
 * WAL is stored in the file, the timeout is an option, foreign keys and synchronous=FULL are this build's defaults.
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

/** The same without changing an existing file, which may be another program's. */
export async function openUntouched(url: string, lockTimeoutMs = BUSY_TIMEOUT_MS): Promise<Client> {
  await makeFile(filePath(url))
  return createClient({ url, timeout: lockTimeoutMs })
}

/**
 * Creates the file and its folder with owner-only rights; SQLite copies the mode to the log. Does not touch an existing
 * file, because closing it would release all locks of this process on it (POSIX fcntl).
 */
async function makeFile(path: string): Promise<void> {
  makeFolder(dirname(path))
  if (existsSync(path)) return
  const file = await open(path, 'a', 0o600).catch(ifReadOnly)
  await file?.close()
  if (file) giveToFolderOwner(path)
}

/** Ignores missing write rights: the file may be readable, and SQLite reports a better error. */
function ifReadOnly(error: NodeJS.ErrnoException): undefined {
  if (!['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOSPC'].includes(error.code ?? '')) throw error
}

export const setWal = (client: Client) => client.execute('PRAGMA journal_mode = WAL')
