/** The Worker as it would be deployed, bundled once for all tests that start it, and the options that wrangler.toml gives it. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { V4DurableObject } from 'miniflare'
import { wranglerEnv } from '../../src/entry/cli/local-d1.ts'

export type WorkerOptions = Record<string, unknown> & { durableObjects: Record<string, V4DurableObject> }

/** In the project, and in each folder that gateways.ts links to it: workerd takes no modules from elsewhere. */
const folder = 'dist/worker'
export const bundledWorker = `${folder}/main.js`
export const workerOptions = `${folder}/options.json`

export async function bundleWorker(): Promise<void> {
  const args = ['deploy', '--dry-run', '--outdir', folder]
  execFileSync('wrangler', args, { env: wranglerEnv, stdio: ['ignore', 'ignore', 'inherit'] })
  // Imported here: it takes a second, which the processes of the tests need not spend.
  const { unstable_getMiniflareWorkerOptions } = await import('wrangler')
  const { modulesRules: _, ...options } = unstable_getMiniflareWorkerOptions('wrangler.toml').workerOptions
  writeFileSync(workerOptions, JSON.stringify(options))
}
