/** Makes what was written to files outlast a power cut. */
import { open, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The bytes of a file, or the names in a folder. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Nobody ever sees half of it: written aside, made durable, then renamed. */
export async function writeWhole(path: string, text: string, mode = 0o644): Promise<void> {
  const aside = `${path}.partial`
  await writeFile(aside, text, { mode, flush: true })
  await rename(aside, path)
  await syncToDisk(dirname(path))
}

/** For what may be missing: other errors stay errors. */
export function ifAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
