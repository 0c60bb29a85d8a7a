/** Makes, once, what tests that start a gateway have in common: the bundle of `npm start`, and a migrated local D1. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { linkProject, wranglerFolder } from './gateways.ts'

const localD1 = fileURLToPath(new URL('../../src/entry/cli/local-d1.ts', import.meta.url))

export default async function buildSetup() {
  execFileSync('node', ['src/entry/cli/build.ts'], { stdio: 'inherit' })
  const folder = await mkdtemp(join(tmpdir(), 'gateway-d1-'))
  await linkProject(folder)
  const migrate = `import { migrateLocalD1 } from ${JSON.stringify(localD1)}; process.exit(migrateLocalD1() ? 0 : 1)`
  execFileSync('node', ['--input-type=module', '--eval', migrate], { cwd: folder, stdio: 'inherit' })
  process.env[wranglerFolder] = join(folder, '.wrangler')
  return () => rm(folder, { recursive: true })
}
