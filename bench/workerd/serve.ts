/**
 * The gateway and its peers as workers of one workerd, each on a port of its own: `gateway`, the same with its calls
 * counted, and the two bare ones. Ports come as JSON in PORTS; the working folder is linked to the project.
 */
import { spawnSync } from 'node:child_process'
import { renameSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'

export const workerNames = ['gateway', 'counted', 'worker-json', 'worker-fetch'] as const
export type WorkerName = (typeof workerNames)[number]
export const bundleFolder = '.wrangler/bench'
/** wrangler calls its bundle after the entry, which may move. */
export const bundleName = 'gateway.js'

const host = '127.0.0.1'
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const wranglerEnv = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' }

async function serve(): Promise<void> {
  const ports = JSON.parse(process.env.PORTS ?? '') as Record<WorkerName, number>
  wrangler('d1', 'migrations', 'apply', 'vx11', '--local')
  wrangler('deploy', '--dry-run', '--outdir', bundleFolder)
  const { main = '', workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml')
  renameSync(join(bundleFolder, basename(main).replace(/\.ts$/, '.js')), join(bundleFolder, bundleName))
  const { modulesRules: _, ...options } = workerOptions
  const bindings = JSON.parse(process.env.WORKER_VARIABLES ?? '{}') as Record<string, string>
  writeCounted()
  const bare = (name: WorkerName, source: string) => {
    const script = join(bundleFolder, `${name}.js`)
    buildSync({ entryPoints: [here(source)], bundle: true, format: 'esm', outfile: script })
    const variables = { UPSTREAM_URL: process.env.UPSTREAM_URL ?? '' }
    return { compatibilityDate: String(options.compatibilityDate), bindings: variables, ...named(name, ports, script) }
  }
  const workers = [
    { ...options, bindings, ...named('gateway', ports, join(bundleFolder, bundleName)) },
    { ...options, bindings, ...named('counted', ports, join(bundleFolder, 'counted.js')) },
    bare('worker-json', 'json.ts'),
    bare('worker-fetch', 'fetch.ts'),
  ]
  const workerd = new Miniflare(
    convertV4MiniflareOptions({ host, cf: false, resourcePersistencePath: '.wrangler/state/v3', workers }),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => workerd.dispose().then(() => process.exit()))
  await workerd.ready
}

/** What would be deployed. */
function wrangler(...args: string[]): void {
  const { status } = spawnSync('wrangler', args, { env: wranglerEnv, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`wrangler ${args.join(' ')} ended with ${status}`)
}

const named = (name: WorkerName, ports: Record<WorkerName, number>, scriptPath: string) => ({
  ...{ name, modules: true, scriptPath, unsafeDirectSockets: [{ host, port: ports[name] }] },
})

/** The bundle as it is, behind an entry that counts. */
function writeCounted(): void {
  const lines = [
    `import worker from './${bundleName}'`,
    `import { counting } from '${here('counting.ts')}'`,
    `export * from './${bundleName}'`,
    'export default counting(worker)',
  ]
  buildSync({
    stdin: { contents: lines.join('\n'), resolveDir: resolve(bundleFolder) },
    outfile: join(bundleFolder, 'counted.js'),
    ...{ bundle: true, format: 'esm', external: ['cloudflare:*', 'node:*', ...builtinModules] },
  })
}

if (process.argv[1] === import.meta.filename) await serve()
