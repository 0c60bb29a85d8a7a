/** Writes reports atomically as files in one folder. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../adapters/libsql/make-folder.ts'
import type { Reports } from '../../ports/index.ts'

export const fileReports = (folder: string): Reports => ({
  async write(name, text) {
    makeFolder(folder)
    const path = join(folder, name)
    // Two processes may write at once, so each has its own draft.
    const draft = `${path}.${process.pid}.draft`
    await writeFile(draft, text, { mode: 0o600 })
    await rename(draft, path)
    return path
  },
})
