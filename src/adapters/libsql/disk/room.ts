/** Checks that a database file can grow, without writing; a read query does not detect a full disk. */
import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseFailure } from '../../../db/failure.ts'

/** A small commit needs some pages in the write-ahead log, and a checkpoint as many again. */
const minFreeBytes = 2 ** 20

/** Rejects with the file system's error, or with `full` if less than 1 MiB is free. */
export async function assertRoom(path: string): Promise<void> {
  const folder = dirname(path)
  // SQLite creates files beside the database, so the folder must be writable too.
  await Promise.all([access(path, constants.W_OK), access(folder, constants.W_OK)])
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < minFreeBytes) throw new DatabaseFailure('full', 'lies on a disk without room. Free some space.')
}
