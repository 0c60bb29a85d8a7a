/** The package as a stranger has it: packed, and installed into an empty folder. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../../..', import.meta.url))

export interface Installed {
  /** For the caller to remove. */
  folder: string
  tarball: string
  /** Where `npx tentaculo` is the package's command. */
  place: string
  command: string
}

/** `isBuilt`: of dist/ as the global setup left it. */
export function installTarball({ isBuilt }: { isBuilt: boolean }): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'tentaculo-package-'))
  const run = (program: string, args: readonly string[], cwd: string) =>
    execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'ignore', 'inherit'] })
  run(process.execPath, ['src/entry/cli/pack.ts', folder, ...(isBuilt ? ['--built'] : [])], project)
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '')
  const place = join(folder, 'place')
  mkdirSync(place)
  const install = ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', '--prefix', place, tarball]
  run('npm', install, place)
  return { folder, tarball, place, command: join(place, 'node_modules/.bin/tentaculo') }
}
