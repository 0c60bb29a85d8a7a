/** Tells whether a database file could take a row now, without writing one: a query that reads does not notice. */
import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseFailure } from '../../db/failure.ts'

/** A commit of a few rows takes some pages in the write-ahead log, and a checkpoint as many again. */
const minFreeBytes = 2 ** 20

/** Rejects with what the file system says, or with `full` when less than 1 MiB is left. */
export async function assertRoom(path: string): Promise<void> {
  const folder = dirname(path)
  // SQLite makes files beside the database, so the folder must take some too.
  await Promise.all([access(path, constants.W_OK), access(folder, constants.W_OK)])
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < minFreeBytes) throw new DatabaseFailure('full', 'lies on a disk without room. Free some space.')
}
