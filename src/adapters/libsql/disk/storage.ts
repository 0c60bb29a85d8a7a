/** Measures the room on the disk of a database file, and the length of its write-ahead log. */
import { stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ReadStorage } from '../../../ports/index.ts'
import { filePath } from '../file-path.ts'

export const fileStorage = (url: string): ReadStorage => {
  const path = resolve(filePath(url))
  return async () => {
    const { bavail, bfree, blocks, bsize } = await statfs(dirname(path))
    // What is reserved for root is no room of ours.
    const diskBytes = (blocks - (bfree - bavail)) * bsize
    return { freeBytes: bavail * bsize, diskBytes, walBytes: await sizeOf(`${path}-wal`), isShared: false }
  }
}

/** SQLite removes the log when its last reader leaves. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0
      throw error
    },
  )
