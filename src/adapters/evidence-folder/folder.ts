/** Evidence files in a local folder: regular files reached without following any link. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvidenceFile, EvidenceFiles, EvidenceRefusal } from '../../ports/index.ts'

/** Follows no link in the last place, and does not block on a pipe. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const chunkBytes = 65_536

export const evidenceFolder = (folder: string, openFile: typeof open = open): EvidenceFiles => ({
  async open(path) {
    try {
      // The root itself may be a link; nothing below it may.
      return await openPlain(join(await realpath(folder), path), openFile)
    } catch (error) {
      return refusals[(error as NodeJS.ErrnoException).code ?? ''] ?? 'unreadable'
    }
  },
})

const refusals: Record<string, EvidenceRefusal> = { ENOENT: 'missing', ENOTDIR: 'missing', ELOOP: 'link' }

async function openPlain(file: string, openFile: typeof open): Promise<EvidenceFile | EvidenceRefusal> {
  if ((await realpath(file)) !== file) return 'link'
  if (!(await lstat(file)).isFile()) return 'not_a_file'
  const handle = await openFile(file, flags)
  try {
    const bytes = await checkedSize(handle, file)
    if (typeof bytes === 'string') await handle.close()
    else return { bytes, chunks: () => chunks(handle, bytes), close: () => handle.close() }
    return bytes
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** A folder on the way may have become a link before the open: what was opened must be what the plain path names. */
async function checkedSize(handle: FileHandle, file: string): Promise<number | EvidenceRefusal> {
  const opened = await handle.stat()
  if (!opened.isFile()) return 'not_a_file'
  const [real, named] = [await realpath(file), await lstat(file)]
  const isSame = real === file && named.dev === opened.dev && named.ino === opened.ino
  return isSame ? opened.size : 'link'
}

/** Reads up to the size at opening; later growth is ignored. */
async function* chunks(handle: FileHandle, bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; ) {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(Math.min(chunkBytes, left)))
    if (bytesRead === 0) return
    left -= bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
