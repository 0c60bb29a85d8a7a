/** Stores the SHA-256 of a backup beside it in the format of sha256sum(1), so that `sha256sum -c` also verifies it. */
import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { basename } from 'node:path'

export const checksumPath = (path: string): string => `${path}.sha256`

/** Reads into one buffer: the chunks of a stream would wait for a collection, up to tens of megabytes of them. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(2 ** 20)
  const file = await open(path)
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

export const checksumLine = (sha256: string, path: string): string => `${sha256}  ${basename(path)}\n`

/** Null if it is missing or invalid. */
export async function readChecksum(path: string): Promise<string | null> {
  const text = await readFile(checksumPath(path), 'utf8').catch(() => '')
  return /^([0-9a-f]{64}) [ *]/.exec(text)?.[1] ?? null
}
