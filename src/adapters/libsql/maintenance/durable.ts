/** Makes written files survive a power cut. */
import { open, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { giveToFolderOwner } from '../folder-owner.ts'

/** Syncs the content of a file, or the entries of a folder. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes atomically: to a temporary file, synced, then renamed. */
export async function writeWhole(path: string, text: string, mode = 0o644): Promise<void> {
  const aside = `${path}.partial`
  await writeFile(aside, text, { mode, flush: true })
  giveToFolderOwner(aside)
  await rename(aside, path)
  await syncToDisk(dirname(path))
}

/** Ignores ENOENT, rethrows other errors. */
export function ifAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
