/** workerd's answers to the ports. */
import { waitUntil } from 'cloudflare:workers'
import type { Context } from 'hono'
import { Registry } from 'prom-client'
import { d1Database } from '../adapters/d1/d1.ts'
import { durableObjectLimiter, type LimiterObject } from '../adapters/durable-object/limiter.ts'
import { appTransport } from '../adapters/fetch/app-transport.ts'
import { fetchTransport } from '../adapters/fetch/transport.ts'
import { jsonLog } from '../adapters/json-log/log.ts'
import { kvCache } from '../adapters/kv/cache.ts'
import { remoteDatabase } from '../adapters/libsql/remote.ts'
import { prometheusMetrics } from '../adapters/prometheus/metrics.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemRandom } from '../adapters/system/random.ts'
import type { Config } from '../config.ts'
import { embeddedMadre } from '../embedded/madre/app.ts'
import { targetOfUrl } from '../lib/target-of-url.ts'
import type { Deps } from '../ports.ts'
import { connectUpstreams } from '../upstream/connect.ts'

export interface WorkerEnv {
  DB: D1Database
  CACHE: KVNamespace
  LIMITER: DurableObjectNamespace<LimiterObject>
  /** Configuration variables and service bindings, by name. */
  [name: string]: unknown
}

export function workerDeps(config: Config, env: WorkerEnv): Deps {
  const clock = systemClock()
  const log = jsonLog({ level: config.logLevel, clock, write: (line) => console.log(line.trimEnd()) })
  const cacheFailed = (error: unknown) =>
    log.warn('cache_failed', { reason: error instanceof Error ? error.message : 'unknown' })
  const database = openDatabase(config, env)
  return {
    config,
    clock,
    random: systemRandom(),
    log,
    cache: kvCache(env.CACHE, clock, cacheFailed),
    limiter: durableObjectLimiter(env.LIMITER),
    database,
    upstreams: connectUpstreams(config, {
      url: fetchTransport({
        fetch: (url, init) => fetch(url, init),
        fixedLength,
      }),
      embedded: appTransport(embeddedMadre({ clock })),
      binding: (name) => bindingTransport(env[name] as Fetcher | undefined),
    }),
    metrics: prometheusMetrics(new Registry(), clock),
    lifecycle: { draining: false },
    readiness: { database: () => database.ping() },
    clientAddress: (c: Context) => c.req.header('cf-connecting-ip') ?? 'unknown',
    requestTarget: (c: Context) => targetOfUrl(c.req.url),
    background: waitUntil,
  }
}

/** Undefined when wrangler.toml names no such binding. */
const bindingTransport = (binding: Fetcher | undefined) =>
  binding && fetchTransport({ fetch: (url, init) => binding.fetch(url, init), fixedLength })

const fixedLength = (stream: ReadableStream<Uint8Array>, bytes: number) =>
  stream.pipeThrough(new FixedLengthStream(bytes))

/** A database that was named is meant; without one the binding serves. */
function openDatabase({ database: { url, authToken } }: Config, { DB }: WorkerEnv) {
  return url.startsWith('file:') ? d1Database(DB) : remoteDatabase({ url, authToken: authToken ?? undefined })
}
