/** Node's answers to the ports. */
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { appTransport } from '../adapters/fetch/app-transport.ts'
import { jsonLog } from '../adapters/json-log/log.ts'
import { memoryCache } from '../adapters/memory/cache.ts'
import { memoryLimiter } from '../adapters/memory/limiter.ts'
import { prometheusMetrics } from '../adapters/prometheus/metrics.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemRandom } from '../adapters/system/random.ts'
import { undiciTransport } from '../adapters/undici/transport.ts'
import type { Config } from '../config.ts'
import { embeddedMadre } from '../embedded/madre/app.ts'
import { clientAddress } from '../lib/client-address.ts'
import type { Cache, Clock, Deps, Limiter, Log } from '../ports.ts'
import { connectUpstreams } from '../upstream/connect.ts'
import { nodeDatabase } from './node-database.ts'
import { bufferedWriter } from './node-log.ts'

type NodeContext = Context<{ Bindings: Partial<HttpBindings> }>

export async function nodeDeps(config: Config): Promise<{ deps: Deps; close: () => Promise<void> }> {
  const clock = systemClock()
  const output = bufferedWriter(process.stdout)
  const log = jsonLog({ level: config.logLevel, clock, write: output.write })
  const database = nodeDatabase(config, log)
  const stores = await sharedStores(config, clock, log)
  const network = undiciTransport()
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const upstreams = connectUpstreams(config, {
    url: network.transport,
    embedded: appTransport(embeddedMadre({ clock })),
  })
  const background = (work: Promise<unknown>) => {
    work.catch((error: Error) => log.error('background_failed', { error: error.name, reason: error.message }))
  }
  const deps: Deps = {
    config,
    clock,
    random: systemRandom(),
    log,
    cache: stores.cache,
    limiter: stores.limiter,
    database,
    upstreams,
    metrics: prometheusMetrics(registry, clock),
    lifecycle: { draining: false },
    readiness: { database: () => database.ping(), ...stores.readiness },
    clientAddress: (c: NodeContext) =>
      clientAddress(
        c.env.incoming?.socket.remoteAddress ?? 'unknown',
        c.req.header('x-forwarded-for'),
        config.trustedProxies,
      ),
    requestTarget: (c: NodeContext) => c.env.incoming?.url ?? '/',
    background,
  }
  const close = async () => {
    await Promise.allSettled([network.close(), stores.close(), database.close()])
    await output.flush()
  }
  return { deps, close }
}

interface SharedStores {
  cache: Cache
  limiter: Limiter
  readiness: Deps['readiness']
  close: () => Promise<void>
}

/** Redis when it is configured, so that several instances count and remember together; memory otherwise. */
async function sharedStores({ redisUrl }: Config, clock: Clock, log: Log): Promise<SharedStores> {
  const cacheFailed = (error: unknown) =>
    log.warn('cache_failed', { reason: error instanceof Error ? error.message : 'unknown' })
  if (!redisUrl) {
    return {
      cache: memoryCache(clock, cacheFailed),
      limiter: memoryLimiter(clock),
      readiness: {},
      close: async () => {},
    }
  }
  const { redisStores } = await import('./redis-stores.ts')
  return redisStores(redisUrl, clock, log, cacheFailed)
}
