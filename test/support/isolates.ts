/**
 * The Worker twice in one workerd, as two isolates on the ports PORT and OTHER_PORT: the first owns the Durable Objects,
 * both bind them, one D1 and one KV. `wrangler dev` would give a port to the first Worker only.
 */
import { spawnSync } from 'node:child_process'
import { convertV4MiniflareOptions, Miniflare, type V4DurableObject } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { configVariables } from '../../src/config/config.ts'
import { migrateLocalD1, wranglerEnv } from '../../src/entry/cli/local-d1.ts'

const bundle = '.wrangler/isolates'
const host = '127.0.0.1'
const names = ['isolate-one', 'isolate-other'] as const

if (!migrateLocalD1() || !bundleWorker()) process.exit(1)
const workerd = new Miniflare(
  convertV4MiniflareOptions({
    host,
    // Where requests come from would be asked of Cloudflare.
    cf: false,
    resourcePersistencePath: '.wrangler/state/v3',
    workers: [isolate(names[0], process.env.PORT), isolate(names[1], process.env.OTHER_PORT)],
  }),
)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => workerd.dispose().then(() => process.exit()))
await workerd.ready

/** What would be deployed. */
function bundleWorker(): boolean {
  const { status } = spawnSync('wrangler', ['deploy', '--dry-run', '--outdir', bundle], {
    env: wranglerEnv,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return status === 0
}

function isolate(name: string, port: string | undefined) {
  const { workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml')
  const { modulesRules: _, durableObjects, ...options } = workerOptions
  const objects = Object.entries(durableObjects as Record<string, V4DurableObject>)
  return {
    ...options,
    name,
    modules: true,
    scriptPath: `${bundle}/main.js`,
    bindings: Object.fromEntries(configVariables.flatMap(variableSet)),
    durableObjects: Object.fromEntries(
      objects.map(([binding, object]) => [binding, { ...object, scriptName: names[0] }]),
    ),
    unsafeDirectSockets: [{ host, port: Number(port) }],
  }
}

function variableSet({ name }: { name: string }): [string, string][] {
  const value = process.env[name]
  return value ? [[name, value]] : []
}
