/**
 * The Worker, as test/support/worker-bundle.ts made it, in a workerd on PORT; nothing stands before it. With OTHER_PORT
 * there are two isolates: the first owns the Durable Objects, both bind them, one D1 and one KV. The second's way to the
 * database may be its own, OTHER_DATABASE_URL.
 */
import { readFileSync } from 'node:fs'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { configVariables } from '../../src/config/config.ts'
import { bundledWorker, type WorkerOptions, workerOptions } from './worker-bundle.ts'

const host = '127.0.0.1'
const owner = 'gateway-1'
const options: WorkerOptions = JSON.parse(readFileSync(workerOptions, 'utf8'))
/** As `npm run dev:worker` has them; the process's own override them. */
const localVariables = { VX11_TRUST_CF_CONNECTING_IP: 'false', VX11_CRON_ENABLED: 'false' }
const otherDatabase = process.env.OTHER_DATABASE_URL
const ports = [process.env.PORT, process.env.OTHER_PORT].filter((port) => port !== undefined)

const workerd = new Miniflare(
  convertV4MiniflareOptions({
    host,
    // Where requests come from would be asked of Cloudflare.
    cf: false,
    resourcePersistencePath: '.wrangler/state/v3',
    workers: ports.map((port, index) => isolate(`gateway-${index + 1}`, Number(port))),
  }),
)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => workerd.dispose().then(() => process.exit()))
await workerd.ready

function isolate(name: string, port: number) {
  const objects = Object.entries(options.durableObjects)
  return {
    ...options,
    name,
    modules: true,
    scriptPath: bundledWorker,
    bindings: {
      ...localVariables,
      ...Object.fromEntries(configVariables.flatMap(variableSet)),
      ...(name !== owner && otherDatabase && { VX11_DATABASE_URL: otherDatabase }),
    },
    durableObjects: Object.fromEntries(objects.map(([binding, object]) => [binding, { ...object, scriptName: owner }])),
    unsafeDirectSockets: [{ host, port }],
  }
}

function variableSet({ name }: { name: string }): [string, string][] {
  const value = process.env[name]
  return value ? [[name, value]] : []
}
