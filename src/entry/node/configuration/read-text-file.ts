/** Reads a small file of the configuration; says in a few words why one cannot be read, never what it is called. */
import { readFileSync, statSync } from 'node:fs'
import type { ReadTextFile } from '../../../config/config.ts'

const maxBytes = 1_048_576

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its links lead nowhere',
}

export const readTextFile: ReadTextFile = (path) => {
  try {
    const found = statSync(path)
    // A pipe would be waited for.
    if (!found.isFile()) return { failure: 'it is no plain file' }
    if (found.size > maxBytes) return { failure: 'it is larger than 1 MiB' }
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path)) }
  } catch (error) {
    if (error instanceof TypeError) return { failure: 'it is not UTF-8 text' }
    const { code = '' } = error as NodeJS.ErrnoException
    return { failure: reasons[code] ?? `the system says ${code || 'no reason'}` }
  }
}
