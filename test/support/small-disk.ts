/** A disk of a few mebibytes in memory, for tests of what a full or read-only one does; mounting one takes root. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, statfsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  path: string
  /** Writes a file that leaves `freeBytes`, and gives its path. */
  fill(freeBytes: number): Promise<string>
  remount(access: 'ro' | 'rw'): void
  unmount(): void
}

/** Null where nothing can be mounted: the caller skips then. */
export function mountSmallDisk(mebibytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path], { stdio: 'pipe' })
  } catch (error) {
    rmdirSync(path)
    process.stderr.write(`\nSKIPPED: tests on a small disk, because none can be mounted: ${error}\n\n`)
    return null
  }
  return {
    path,
    async fill(freeBytes) {
      const { bavail, bsize } = statfsSync(path)
      const file = join(path, 'filler')
      // Others may take room meanwhile: then it is full sooner.
      await writeFile(file, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes))).catch((error) => {
        if (error.code !== 'ENOSPC') throw error
      })
      return file
    },
    remount: (access) => void execFileSync('mount', ['-o', `remount,${access}`, path]),
    unmount() {
      execFileSync('umount', ['-l', path])
      rmdirSync(path)
    },
  }
}
