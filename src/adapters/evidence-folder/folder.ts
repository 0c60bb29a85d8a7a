/** Evidence files in a local folder: regular files reached without following any link. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvidenceFile, EvidenceFiles, EvidenceRefusal } from '../../ports/index.ts'

/** Follows no link, and does not block on a pipe. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const chunkBytes = 65_536

export const evidenceFolder = (folder: string): EvidenceFiles => ({
  async open(path) {
    try {
      // The root itself may be a link; nothing below it may.
      return await openPlain(join(await realpath(folder), path))
    } catch (error) {
      return refusals[(error as NodeJS.ErrnoException).code ?? ''] ?? 'unreadable'
    }
  },
})

const refusals: Record<string, EvidenceRefusal> = { ENOENT: 'missing', ENOTDIR: 'missing', ELOOP: 'link' }

async function openPlain(file: string): Promise<EvidenceFile | EvidenceRefusal> {
  if ((await realpath(file)) !== file) return 'link'
  if (!(await lstat(file)).isFile()) return 'not_a_file'
  const handle = await open(file, flags)
  const stat = await handle.stat()
  if (stat.isFile()) return { bytes: stat.size, chunks: () => chunks(handle, stat.size), close: () => handle.close() }
  await handle.close()
  return 'not_a_file'
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
