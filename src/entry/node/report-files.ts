/** Reports as files in one folder; a reader sees the old report or the new one, never half of one. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Reports } from '../../ports/index.ts'

export const fileReports = (folder: string): Reports => ({
  async write(name, text) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, name)
    // Two processes may write at once, and must not share the file that one of them moves away.
    const draft = `${path}.${process.pid}.draft`
    await writeFile(draft, text, { mode: 0o600 })
    await rename(draft, path)
    return path
  },
})
