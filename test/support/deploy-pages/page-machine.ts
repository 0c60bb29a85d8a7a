/**
 * A machine on which the commands of a page are executed as they stand: a root of its own with a network of its own,
 * below a copy of the project. What needs an engine, a cluster, an account or systemd is a stand-in (stand-ins/).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeScratchRoot, npmEnvironment, npmMounts, scratchProgram } from '../artefacts/scratch-root.ts'
import { signalGroup } from '../process-group.ts'
import { root as project, projectFiles, read } from '../project-texts.ts'

export interface PageMachine {
  /** Resolves to all that was said, or rejects with it. */
  run(script: string): Promise<string>
  remove(): void
}

/** The commands of a page, in its order. What looks on for ever is ended after a moment. */
export function commandsOf(page: string): string {
  const blocks = [...read(page).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
  const endless = /^(.* --watch\b.*)$/gm
  return blocks.join('\n').replaceAll(endless, 'timeout --signal=INT 5 $1 || [ $? -eq 124 ]')
}

export function makePageMachine(): PageMachine {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-page-'))
  const root = join(folder, 'root')
  makeScratchRoot(root)
  cpSync('/etc', join(root, 'etc'), { recursive: true, verbatimSymlinks: true })
  for (const place of ['checkout', 'opt', 'run', 'var/lib', 'var/log', 'tmp'])
    mkdirSync(join(root, place), { recursive: true })
  copyProject(join(root, 'checkout'))
  const standIns = join(import.meta.dirname, 'stand-ins')
  mkdirSync(`${root}.local/sbin`)
  for (const name of readdirSync(standIns)) cpSync(join(standIns, name), join(`${root}.local/sbin`, name))
  const mounts = {
    ...npmMounts(),
    'checkout/node_modules': { from: join(project, 'node_modules'), writable: true },
  }
  for (const [place, { from }] of Object.entries(mounts)) makePlace(join(root, place), from)
  return {
    async run(script) {
      writeFileSync(join(root, 'page.sh'), script)
      const env = { ...npmEnvironment(), OUTER_NETWORK: `/proc/${process.pid}/ns/net`, CI: 'true' }
      const command = ['bash', '-euo', 'pipefail', '/page.sh']
      const [program, args] = scratchProgram({
        ...{ root, command, workdir: '/checkout', env, user: 0, mounts, hasOwnEtc: true, hasOwnNetwork: true },
      })
      return said(program, args)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function copyProject(target: string): void {
  for (const file of [...projectFiles, ...listed('bin'), ...listed('migrations')]) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    cpSync(join(project, file), join(target, file))
  }
  mkdirSync(join(target, 'node_modules'))
}

const listed = (folder: string): string[] =>
  readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(project.length))

function makePlace(path: string, from: string): void {
  if (from.endsWith('.npmrc')) writeFileSync(path, '')
  else mkdirSync(path, { recursive: true })
}

/** All that the script leaves running ends with it. */
async function said(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const endWithUs = () => signalGroup(child, 'SIGKILL')
  process.once('exit', endWithUs)
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)))
  const [code] = await once(child, 'exit')
  signalGroup(child, 'SIGKILL')
  process.off('exit', endWithUs)
  if (code !== 0) throw new Error(`ended with ${code}:\n${chunks.join('')}`)
  return chunks.join('')
}
