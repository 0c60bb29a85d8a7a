/**
 * Creates a folder and its parents. Node's recursive mkdir never ends where creation is impossible, as in /proc, or in a
 * working directory that was removed.
 */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { giveToFolderOwner } from './folder-owner.ts'

/** Throws the file system's error; EEXIST if a file has this name. New folders have owner-only rights. */
export function makeFolder(path: string): void {
  if (isFolder(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
    giveToFolderOwner(path)
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!isFolder(path)) throw error
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
