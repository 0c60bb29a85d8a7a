/** The gateway as `npm start` runs it: built in a folder of its own, or of an earlier revision, or a bundle that is there. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outputOf, temporaryFolder } from './children.ts'
import type { Bundle } from './targets.ts'

export const project = fileURLToPath(new URL('../..', import.meta.url))

/** The one in dist/ may be in use. */
export async function buildBundle(from = project): Promise<Bundle> {
  const folder = temporaryFolder()
  for (const name of ['src', 'migrations', 'node_modules', 'package.json', 'tsconfig.json', 'console']) {
    if (existsSync(join(from, name))) symlinkSync(join(from, name), join(folder, name))
  }
  const { scripts } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { scripts: { build: string } }
  const env = { ...process.env, PATH: `${join(from, 'node_modules/.bin')}:${process.env.PATH}` }
  await outputOf('sh', ['-c', scripts.build], { cwd: folder, env })
  return { script: join(folder, 'dist/node.js'), folder }
}

/** A bundle (`dist/node.js`), a checkout, or a revision of git with the dependencies of this tree. */
export async function baselineBundle(from: string): Promise<Bundle> {
  const path = resolve(from)
  if (from.endsWith('.js') && existsSync(path)) return { script: path, folder: dirname(dirname(path)) }
  if (existsSync(join(path, 'package.json'))) return buildBundle(path)
  const checkout = join(temporaryFolder(), 'checkout')
  mkdirSync(checkout)
  const commands = 'git archive "$0" | tar -x -C "$1"'
  await outputOf('bash', ['-o', 'pipefail', '-c', commands, from, checkout], { cwd: project })
  symlinkSync(join(project, 'node_modules'), join(checkout, 'node_modules'))
  return buildBundle(checkout)
}
