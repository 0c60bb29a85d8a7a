/** Evidence in a folder of this machine: regular files that the path itself leads to, without any link on the way. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvidenceFile, EvidenceFiles, EvidenceRefusal } from '../../ports/index.ts'

/** Never through a link, and never waiting for the other end of a pipe. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const chunkBytes = 65_536

export const evidenceFolder = (folder: string): EvidenceFiles => ({
  async open(path) {
    try {
      // The root may be a link of the operator's own making; nothing below it may.
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

/** A file that grows is read as far as it went when it was opened. */
async function* chunks(handle: FileHandle, bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; ) {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(Math.min(chunkBytes, left)))
    if (bytesRead === 0) return
    left -= bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
