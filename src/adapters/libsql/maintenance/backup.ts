/**
 * Writes a backup atomically: the copy is made under a temporary name, synced, opened and
 * checked, and renamed only after its checksum is written.
 */
import { rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { done, type StepContext } from '../../../modules/maintenance/outcome.ts'
import { giveToFolderOwner } from '../folder-owner.ts'
import { makeFolder } from '../make-folder.ts'
import { checksumLine, checksumPath, sha256Of } from './checksum.ts'
import { syncToDisk, writeWhole } from './durable.ts'
import { tidy } from './leftovers.ts'
import { faultOf } from './sound-file.ts'

/** `YYYYMMDDTHHMMSSmmmZ`, for file names. */
export const backupStamp = (ms: number): string => new Date(ms).toISOString().replace(/[-:.]/g, '')

/** Rejects if the copy fails or is damaged; then it is removed. */
export const backUp = (folder: string) => async (context: StepContext) => {
  makeFolder(folder)
  await tidy(folder)
  const path = join(folder, `vx11-${backupStamp(context.clock.now())}.db`)
  const copy = `${path}.partial`
  try {
    const sha256 = await copyChecked(context, copy)
    await writeWhole(checksumPath(path), checksumLine(sha256, path), 0o600)
    await rename(copy, path)
    await syncToDisk(folder)
    return done({ file: path, sha256, bytes: (await stat(path)).size })
  } catch (error) {
    await tidy(folder)
    throw error
  }
}

async function copyChecked({ db }: StepContext, copy: string): Promise<string> {
  // SQLite accepts an empty target; created here to have owner-only rights from the start.
  await writeFile(copy, '', { mode: 0o600 })
  giveToFolderOwner(copy)
  await db.run(sql`VACUUM INTO ${copy}`)
  await syncToDisk(copy)
  const fault = await faultOf(copy)
  if (fault !== null) throw new Error(`the copy is not sound: ${fault}`)
  return sha256Of(copy)
}
