/** The part of package-lock.json that a package needs, so that a stranger installs the versions that were tested. */
import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

interface Lock {
  packages: Record<string, { dev?: boolean; libc?: string[] }>
}

/** `folder` has the package's own package.json. npm leaves in a copied lock what that one asks for. */
export function lockOfPackage(folder: string): string {
  const path = join(folder, 'package-lock.json')
  cpSync('package-lock.json', path)
  const args = ['install', '--package-lock-only', '--offline', '--no-audit', '--no-fund']
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock
  rmSync(path)
  for (const [name, entry] of Object.entries(lock.packages)) Object.assign(entry, libraryOf(name))
  return `${JSON.stringify(lock, null, 2)}\n`
}

/** libsql's manifests do not say it, and npm would install the native parts for both C libraries, 10 MB each. */
function libraryOf(name: string): { libc?: string[] } {
  if (/\/@libsql\/linux-.*-gnu/.test(name)) return { libc: ['glibc'] }
  return /\/@libsql\/linux-.*-musl/.test(name) ? { libc: ['musl'] } : {}
}
