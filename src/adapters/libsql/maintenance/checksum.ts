/** Stores the SHA-256 of a backup beside it in the format of sha256sum(1), so that `sha256sum -c` also verifies it. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

export const checksumPath = (path: string): string => `${path}.sha256`

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk)
  return hash.digest('hex')
}

export const checksumLine = (sha256: string, path: string): string => `${sha256}  ${basename(path)}\n`

/** Null if it is missing or invalid. */
export async function readChecksum(path: string): Promise<string | null> {
  const text = await readFile(checksumPath(path), 'utf8').catch(() => '')
  return /^([0-9a-f]{64}) [ *]/.exec(text)?.[1] ?? null
}
