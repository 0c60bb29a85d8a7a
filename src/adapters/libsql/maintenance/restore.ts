/** Replaces an unused database file with a verified backup; a complete file exists at every moment. */
import { constants } from 'node:fs'
import { access, copyFile, link, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Client, createClient } from '@libsql/client/sqlite3'
import { giveToFolderOwner } from '../folder-owner.ts'
import { backupStamp } from './backup.ts'
import { readChecksum, sha256Of } from './checksum.ts'
import { ifAbsent, syncToDisk } from './durable.ts'
import { fileLock, fileUrl, isBusy } from './file-lock.ts'
import { faultOf } from './sound-file.ts'

export interface Restoration {
  database: string
  backup: string
  /** Accepts v7's copies without a checksum, verified by SQLite's check only. */
  withoutChecksum: boolean
  /** Epoch milliseconds, for the new name of the replaced file. */
  now: number
}

export interface Restored {
  sha256: string
  /** The path of the former database, or null. */
  replaced: string | null
}

/** Rejects with one sentence that states the problem, and leaves the database unchanged. */
export async function restore(order: Restoration): Promise<Restored> {
  const { database, backup } = order
  if (!(await exists(backup))) throw new Error(`${backup} is not there.`)
  const unlock = await fileLock(database).take()
  if (!unlock) throw new Error(`${database} is being maintained. Try again when that is over.`)
  const copy = `${database}.restoring`
  try {
    const sha256 = await copyVerified(order, copy)
    const replaced = await putInPlace(order, copy)
    return { sha256, replaced }
  } finally {
    await rm(copy, { force: true })
    await unlock()
  }
}

/** Verifies the copy, because the copy will be used. */
async function copyVerified({ backup, withoutChecksum }: Restoration, copy: string): Promise<string> {
  const expected = await readChecksum(backup)
  if (expected === null && !withoutChecksum) {
    throw new Error(`${backup} has no checksum beside it, so it is no finished backup.`)
  }
  await rm(copy, { force: true })
  await copyFile(backup, copy, constants.COPYFILE_FICLONE)
  giveToFolderOwner(copy)
  await syncToDisk(copy)
  const sha256 = await sha256Of(copy)
  if (expected !== null && sha256 !== expected) throw new Error(`${backup} is not what its checksum says.`)
  const fault = await faultOf(copy)
  if (fault !== null) throw new Error(`${backup} is damaged: ${fault}`)
  return sha256
}

async function putInPlace({ database, now }: Restoration, copy: string): Promise<string | null> {
  if (!(await exists(database))) {
    await rename(copy, database)
    await syncToDisk(dirname(database))
    return null
  }
  const hold = await takeAlone(database)
  const replaced = `${database}.replaced-${backupStamp(now)}`
  try {
    await link(database, replaced)
    // Only a file that SQLite cannot read still has them; SQLite must not apply them to the new file.
    for (const tail of ['-wal', '-shm']) await rename(database + tail, replaced + tail).catch(ifAbsent)
    await rename(copy, database)
    await syncToDisk(dirname(database))
    return replaced
  } finally {
    await hold.release()
  }
}

/** Leaving WAL mode writes the log into the file, and fails while another connection is open. */
async function takeAlone(database: string): Promise<{ release(): Promise<void> }> {
  const client = createClient({ url: fileUrl(database), timeout: 0 })
  try {
    await client.execute('PRAGMA locking_mode = EXCLUSIVE')
    await client.execute('PRAGMA journal_mode = DELETE')
    return await holdWriter(client)
  } catch (error) {
    client.close()
    if (isBusy(error)) throw new Error(`${database} is in use. Stop the gateway, then try again.`)
    if (!/SQLITE_NOTADB|SQLITE_CORRUPT/.test(String(error))) throw error
    // No SQLite process can use a file that SQLite cannot read.
    return { release: async () => {} }
  }
}

async function holdWriter(client: Client) {
  const transaction = await client.transaction('write')
  const release = async () => {
    await transaction.rollback()
    // close() keeps the lock until garbage collection; a read in normal mode releases it.
    await client.execute('PRAGMA locking_mode = NORMAL')
    await client.execute('SELECT count(*) FROM sqlite_schema')
    client.close()
  }
  return { release }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
