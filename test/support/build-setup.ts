/**
 * Makes, once, what tests that start a gateway have in common: the bundles of both entries, a migrated local D1,
 * and the published artefact, where one is tested.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeArtefact } from './artefacts/artefact.ts'
import { databaseTemplate, linkProject, wranglerFolder } from './gateways.ts'
import { migratedFile } from './migrated-file.ts'
import { bundleWorker } from './worker-bundle.ts'

const localD1 = fileURLToPath(new URL('../../src/entry/cli/local-d1.ts', import.meta.url))

export default async function buildSetup() {
  execFileSync('node', ['src/entry/cli/build.ts'], { stdio: 'inherit' })
  await makeWorker()
  process.env[databaseTemplate] = await migratedFile()
  return makeArtefact()
}

/** The Worker's bundle in dist/, and a D1 for it; the bench needs no more. */
export async function makeWorker(): Promise<void> {
  await bundleWorker()
  process.env[wranglerFolder] = await migratedD1()
}

/** Wrangler takes seconds for it, so one is kept for as long as migrations and bindings stay the same. */
async function migratedD1(): Promise<string> {
  const kept = resolve('.cache', `d1-${digestOf(['wrangler.toml', ...globSync('migrations/*.sql').toSorted()])}`)
  if (existsSync(kept)) return kept
  const folder = await mkdtemp(join(tmpdir(), 'gateway-d1-'))
  await linkProject(folder)
  const migrate = `import { migrateLocalD1 } from ${JSON.stringify(localD1)}; process.exit(migrateLocalD1() ? 0 : 1)`
  execFileSync('node', ['--input-type=module', '--eval', migrate], { cwd: folder, stdio: 'inherit' })
  await mkdir('.cache', { recursive: true })
  // Copied aside first: a run that is ended here leaves nothing that looks whole.
  const aside = `${kept}.${process.pid}`
  await cp(join(folder, '.wrangler'), aside, { recursive: true })
  // Another run may have been faster.
  await rename(aside, kept).catch(() => rm(aside, { recursive: true }))
  await rm(folder, { recursive: true })
  return kept
}

const digestOf = (files: readonly string[]) =>
  files
    .reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256'))
    .digest('hex')
    .slice(0, 16)
