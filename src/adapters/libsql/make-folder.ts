/** Makes a folder and those above it. Node's own recursive mkdir never returns where nothing can be made, as in /proc. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Throws what the file system says; EEXIST for a file in its place. New folders are the owner's alone. */
export function makeFolder(path: string): void {
  if (isFolder(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(path)) throw error
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
