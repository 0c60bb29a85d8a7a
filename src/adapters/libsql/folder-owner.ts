/**
 * What root makes in a folder of somebody else becomes that user's: an administrator's backup or restore must not leave
 * files that a service without rights cannot use.
 */
import { chownSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export function giveToFolderOwner(path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(path))
  if (uid !== 0) chownSync(path, uid, gid)
}
