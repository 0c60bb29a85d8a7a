/** Implements the ports on workerd. */
import { waitUntil } from 'cloudflare:workers'
import type { Context } from 'hono'
import Registry from 'prom-client/lib/registry.js'
import { durableObjectEvents } from '../../adapters/durable-object/events.ts'
import { durableObjectLimiter } from '../../adapters/durable-object/limiter.ts'
import { appTransport } from '../../adapters/fetch/app-transport.ts'
import { fetchTransport } from '../../adapters/fetch/transport.ts'
import { hasControls, headerFields } from '../../adapters/fetch/web-message.ts'
import { kvCache } from '../../adapters/kv/cache.ts'
import { foldedFaults } from '../../adapters/log/folded-faults.ts'
import { jsonLog } from '../../adapters/log/json-log.ts'
import { withTraceIds } from '../../adapters/log/trace-ids.ts'
import { fallbackLimiter } from '../../adapters/memory/fallback-limiter.ts'
import { memoryLimiter } from '../../adapters/memory/limiter.ts'
import { prometheusMetrics } from '../../adapters/prometheus/metrics.ts'
import { systemClock } from '../../adapters/system/clock.ts'
import { systemRandom } from '../../adapters/system/random.ts'
import { accept, canAccept } from '../../adapters/websocket-worker/accept.ts'
import { workerDialer } from '../../adapters/websocket-worker/dial.ts'
import type { Config, ConfigReading } from '../../config/config.ts'
import { queryWatch } from '../../db/watch-queries.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { normalAddress } from '../../lib/ip-address.ts'
import { outage } from '../../lib/outage.ts'
import { targetOfUrl } from '../../lib/target-of-url.ts'
import { type EmbeddedMadreDeps, embeddedMadre } from '../../modules/embedded-madre/app.ts'
import { eventLog, feedPerListener } from '../../modules/events/event-log.ts'
import { announcer } from '../../modules/events/store/announcer.ts'
import { inProcess } from '../../modules/maintenance/in-process.ts'
import { remoteWork } from '../../modules/maintenance/remote-work.ts'
import { maintenanceService } from '../../modules/maintenance/service.ts'
import { storedTicketKeys } from '../../modules/tickets/ticket-keys.ts'
import { workRecorder } from '../../modules/timeline/work-recorder.ts'
import { watchedEvents, webhookService } from '../../modules/webhooks/service.ts'
import type { Deps, HeaderFields } from '../../ports/index.ts'
import { connectUpstreams } from '../../upstream/connect.ts'
import { traces } from '../traces.ts'
import { consoleFiles } from './console-files.ts'
import { openDatabase, openStorage, type WorkerEnv, writeLine } from './worker-env.ts'

export function workerDeps({ config, sources }: ConfigReading, env: WorkerEnv): Deps {
  const clock = systemClock()
  const random = systemRandom()
  const traced = traces(config, { clock, random })
  const tracing = traced?.tracing
  const plainLog = jsonLog({ level: config.logLevel, clock, write: writeLine })
  const log = foldedFaults(tracing ? withTraceIds(plainLog, tracing.traceId) : plainLog, clock)
  const cacheFailed = (error: unknown) =>
    log.warn('cache_failed', { reason: error instanceof Error ? error.message : 'unknown' })
  const database = openDatabase(config, env, queryWatch(tracing))
  const limiter = fallbackLimiter({
    shared: durableObjectLimiter(env.LIMITER),
    local: memoryLimiter(clock),
    outage: outage({
      began: (reason) => log.warn('limiter_unavailable', { reason }),
      ended: (count) => log.info('limiter_available_again', { count }),
    }),
    clock,
    background: waitUntil,
  })
  const metrics = prometheusMetrics(new Registry(), clock)
  const { append, hub, keyNotices, sockets, waiting } = durableObjectEvents(env.EVENTS, clock, config.eventsLocation)
  const subscribe = feedPerListener({ clock, log, hub, database })
  const storedEvents = eventLog({ clock, database, append, subscribe, maxCatchUps: Number.POSITIVE_INFINITY })
  const network = fetchTransport({ fetch: (url, init) => fetch(url, init), fixedLength })
  const webhooks = webhookService({
    ...{ background: waitUntil, clock, config, database, log, metrics, random, events: storedEvents },
    transport: network,
    maxWaitMs: 20_000,
  })
  const events = watchedEvents(storedEvents, webhooks.stored)
  const announce = announcer({ events, database, clock, log, background: waitUntil })
  const readHealth: EmbeddedMadreDeps['readHealth'] = (name) => connected.healthChecks.read(name)
  const execute = inProcess({ clock, config, database }, workerWork(config))
  const maintenance = maintenanceService({ clock, database, log, random, announce, background: waitUntil, execute })
  const madre = { clock, config, database, events, log, random, readHealth, maintenance }
  const transports = {
    url: network,
    embedded: appTransport(embeddedMadre(madre)),
    binding: (name: string) => bindingTransport(env[name] as Fetcher | undefined),
  }
  const webSocketTransports = {
    url: workerDialer((url, init) => fetch(url, init)),
    binding: (name: string) => bindingDialer(env[name] as Fetcher | undefined),
  }
  const connected = connectUpstreams({
    ...{ config, clock, random, log, metrics, announce, transports, webSocketTransports, tracing },
  })
  const readStorage = openStorage(config, database)
  const instance = `isolate-${random.uuid().slice(0, 8)}`
  const background = (work: Promise<unknown>) => waitUntil(work)
  traced?.begin({ log, metrics, transport: transports.url, background, instance, runtime: 'workerd', ...traceTimes })
  return {
    config,
    configSource: { texts: sources.texts },
    clock,
    random,
    log,
    cache: kvCache(env.CACHE, clock, cacheFailed),
    limiter,
    database,
    ...connected,
    webSockets: { canAccept, accept, open: new Set() },
    metrics,
    announce,
    maintenance,
    events,
    keyNotices,
    webhooks,
    sockets,
    recorder: workRecorder({ clock, config, log, database, metrics, background: waitUntil }),
    openStreams: new Set(),
    ticketKeys: storedTicketKeys({ clock, database, log, random }),
    lifecycle: { phase: 'serving' },
    instance,
    tracing,
    readiness: { database: () => database.ping() },
    clientAddress: (c: Context) => edgeAddress(c.req.header('cf-connecting-ip'), config.trustCfConnectingIp),
    httpVersion: (c: Context) => edgeVersion(c.req.raw),
    requestTarget: (c: Context) => targetOfUrl(c.req.url),
    callerCancelSignal: (c: Context) => c.req.raw.signal,
    callerHeaders: (c: Context) => lawfulFields(headerFields(c.req.raw.headers)),
    background: waitUntil,
    readEventBacklog: waiting,
    ...(readStorage && { readStorage }),
    ...(env.ASSETS && { consoleFiles: consoleFiles(env.ASSETS) }),
  }
}

/** Work that outlives its request has 30 s: https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil */
const traceTimes = { maxDelayMs: 1000, batchTimeMs: 20_000 }

/** Cloudflare's word for it is such as `HTTP/2`. */
const edgeVersion = ({ cf }: Request & { cf?: { httpProtocol?: unknown } }): string | undefined =>
  /^HTTP\/(\d(?:\.\d)?)$/.exec(String(cf?.httpProtocol))?.[1]

/** Cloudflare overwrites the caller's header; elsewhere callers cannot be distinguished. */
const edgeAddress = (header: string | undefined, trusted: boolean): string =>
  (trusted && header && normalAddress(header)) || 'unknown'

function lawfulFields(fields: HeaderFields): HeaderFields {
  if (hasControls(fields)) throw new GatewayError('bad_request')
  return fields
}

/** Undefined when wrangler.toml names no such binding. */
const bindingTransport = (binding: Fetcher | undefined) =>
  binding && fetchTransport({ fetch: (url, init) => binding.fetch(url, init), fixedLength })

const bindingDialer = (binding: Fetcher | undefined) => binding && workerDialer((url, init) => binding.fetch(url, init))

const fixedLength = (stream: ReadableStream<Uint8Array>, bytes: number) =>
  stream.pipeThrough(new FixedLengthStream(bytes))

/** A Worker may send a thousand queries per invocation; the next run continues where this one ended. */
const workerWork = ({ database: { url } }: Config) => remoteWork(url.startsWith('file:') ? 'd1' : 'server', 300)
