/** workerd's answers to the ports. */
import { waitUntil } from 'cloudflare:workers'
import type { Context } from 'hono'
import Registry from 'prom-client/lib/registry.js'
import { d1Database } from '../adapters/d1/d1.ts'
import { durableObjectLimiter, type LimiterObject } from '../adapters/durable-object/limiter.ts'
import { appTransport } from '../adapters/fetch/app-transport.ts'
import { fetchTransport } from '../adapters/fetch/transport.ts'
import { headerFields } from '../adapters/fetch/web-message.ts'
import { jsonLog } from '../adapters/json-log/log.ts'
import { kvCache } from '../adapters/kv/cache.ts'
import { remoteDatabase } from '../adapters/libsql/remote.ts'
import { prometheusMetrics } from '../adapters/prometheus/metrics.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemRandom } from '../adapters/system/random.ts'
import { accept, canAccept } from '../adapters/websocket-worker/accept.ts'
import { workerDialer } from '../adapters/websocket-worker/dial.ts'
import type { Config } from '../config.ts'
import { announceExpiry, embeddedMadre, type MadreDeps } from '../embedded/madre/app.ts'
import { GatewayError } from '../errors.ts'
import { metricsFlush } from '../features/metrics/flush.ts'
import { recorder } from '../features/metrics/recorder.ts'
import { targetOfUrl } from '../lib/target-of-url.ts'
import type { PeriodicDeps } from '../periodic.ts'
import { powerPolicy } from '../policy/power-policy.ts'
import type { Deps, HeaderFields } from '../ports.ts'
import { connectUpstreams } from '../upstream/connect.ts'
import { connectWebSockets } from '../upstream/websocket-target.ts'

export interface WorkerEnv {
  DB: D1Database
  CACHE: KVNamespace
  LIMITER: DurableObjectNamespace<LimiterObject>
  /** Configuration variables and service bindings, by name. */
  [name: string]: unknown
}

export function workerDeps(config: Config, env: WorkerEnv): Deps & PeriodicDeps {
  const clock = systemClock()
  const log = jsonLog({ level: config.logLevel, clock, write: (line) => console.log(line.trimEnd()) })
  const cacheFailed = (error: unknown) =>
    log.warn('cache_failed', { reason: error instanceof Error ? error.message : 'unknown' })
  const database = openDatabase(config, env)
  const random = systemRandom()
  const measured = recorder(prometheusMetrics(new Registry(), clock))
  const { metrics } = measured
  const readHealth: MadreDeps['readHealth'] = (name) => connected.healthChecks.read(name)
  const madre = { clock, config, database, log, random, readHealth }
  const transports = {
    url: fetchTransport({ fetch: (url, init) => fetch(url, init), fixedLength }),
    embedded: appTransport(embeddedMadre(madre)),
    binding: (name: string) => bindingTransport(env[name] as Fetcher | undefined),
  }
  const connected = connectUpstreams({ config, clock, random, log, metrics, transports })
  const flushMetrics = metricsFlush({
    ...{ config, clock, database, log, random, recorder: measured },
    policy: powerPolicy({ config, clock, random, probes: connected.probes }),
    instance: `isolate-${random.uuid().slice(0, 8)}`,
  })
  const webSocketTransports = {
    url: workerDialer((url, init) => fetch(url, init)),
    binding: (name: string) => bindingDialer(env[name] as Fetcher | undefined),
  }
  return {
    config,
    clock,
    random,
    log,
    cache: kvCache(env.CACHE, clock, cacheFailed),
    limiter: durableObjectLimiter(env.LIMITER),
    database,
    ...connected,
    webSockets: {
      canAccept,
      accept,
      upstreams: connectWebSockets({ config, clock, random, transports: webSocketTransports }),
      open: new Set(),
    },
    metrics,
    announce: (event) => log.info('gateway_event', { reason: event.type }),
    lifecycle: { draining: false },
    minutely: new Set(),
    readiness: { database: () => database.ping() },
    clientAddress: (c: Context) => c.req.header('cf-connecting-ip') ?? 'unknown',
    requestTarget: (c: Context) => targetOfUrl(c.req.url),
    callerDeparture: (c: Context) => c.req.raw.signal,
    callerHeaders: (c: Context) => lawfulFields(headerFields(c.req.raw.headers)),
    background: waitUntil,
    flushMetrics,
    ...(config.upstreams.madre.kind === 'embedded' && { announceExpiry: () => announceExpiry(madre) }),
  }
}

/** workerd lets control characters through in values, where RFC 9110 §5.5 forbids them. */
function lawfulFields(fields: HeaderFields): HeaderFields {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const unlawful = Object.values(fields).some((value) => /[\x00-\x08\x0a-\x1f\x7f]/.test(String(value)))
  if (unlawful) throw new GatewayError('bad_request')
  return fields
}

/** Undefined when wrangler.toml names no such binding. */
const bindingTransport = (binding: Fetcher | undefined) =>
  binding && fetchTransport({ fetch: (url, init) => binding.fetch(url, init), fixedLength })

const bindingDialer = (binding: Fetcher | undefined) => binding && workerDialer((url, init) => binding.fetch(url, init))

const fixedLength = (stream: ReadableStream<Uint8Array>, bytes: number) =>
  stream.pipeThrough(new FixedLengthStream(bytes))

/** A database that was named is meant; without one the binding serves. */
function openDatabase({ database: { url, authToken } }: Config, { DB }: WorkerEnv) {
  return url.startsWith('file:') ? d1Database(DB) : remoteDatabase({ url, authToken: authToken ?? undefined })
}
