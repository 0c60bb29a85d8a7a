/** Implements the ports on Node. */

import { hostname } from 'node:os'
import { join } from 'node:path'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import collectDefaultMetrics from 'prom-client/lib/defaultMetrics.js'
import Registry from 'prom-client/lib/registry.js'
import { evidenceFolder } from '../../adapters/evidence-folder/folder.ts'
import { appTransport } from '../../adapters/fetch/app-transport.ts'
import { fileStorage } from '../../adapters/libsql/disk/storage.ts'
import { backupFiles } from '../../adapters/libsql/maintenance/rotation.ts'
import { foldedFaults } from '../../adapters/log/folded-faults.ts'
import { withTraceIds } from '../../adapters/log/trace-ids.ts'
import { memoryCache } from '../../adapters/memory/cache.ts'
import { memoryEventHub } from '../../adapters/memory/event-hub.ts'
import { memoryLimiter } from '../../adapters/memory/limiter.ts'
import { undiciTransport } from '../../adapters/node-http/undici/transport.ts'
import { prometheusMetrics } from '../../adapters/prometheus/metrics.ts'
import { systemClock } from '../../adapters/system/clock.ts'
import { systemRandom } from '../../adapters/system/random.ts'
import { nodeDialer } from '../../adapters/websocket-node/dial.ts'
import { type NodeSockets, nodeSockets } from '../../adapters/websocket-node/server.ts'
import { zlibCompress } from '../../adapters/zlib/compress.ts'
import type { Config } from '../../config/config.ts'
import { roomInDatabase } from '../../db/size.ts'
import { queryWatch } from '../../db/watch-queries.ts'
import { type EmbeddedMadreDeps, embeddedMadre } from '../../modules/embedded-madre/app.ts'
import { localSockets } from '../../modules/event-sockets/local.ts'
import { announcer } from '../../modules/events/store/announcer.ts'
import { hubKeyNotices } from '../../modules/keys/hub-notices.ts'
import { maintenanceService } from '../../modules/maintenance/service.ts'
import { storedTicketKeys } from '../../modules/tickets/ticket-keys.ts'
import { workRecorder } from '../../modules/timeline/work-recorder.ts'
import { watchedEvents, webhookService } from '../../modules/webhooks/service.ts'
import type {
  Cache,
  Clock,
  ConfigSource,
  Deps,
  EventHub,
  HeaderFields,
  Limiter,
  Log,
  OpenSocket,
} from '../../ports/index.ts'
import { connectUpstreams } from '../../upstream/connect.ts'
import { watchBody } from '../../upstream/layers/watch-body.ts'
import { relayRules } from '../../upstream/websocket/relay.ts'
import { traces } from '../traces.ts'
import { bufferedWriter, standardOutput } from './buffered-writer.ts'
import { consoleFiles, consoleFolder } from './console-files.ts'
import { nodeDatabase } from './database/node-database.ts'
import { nodeMaintenance } from './database/node-maintenance.ts'
import { callerAddress } from './http/caller-address.ts'
import { CompactResponse } from './http/compact-response.ts'
import { ConnectionCancelSignal } from './http/connection-cancel-signal.ts'
import { WatchedRequest } from './http/watched-request.ts'
import { nodeEvents } from './node-events.ts'
import { nodeLog } from './node-log.ts'
import { processVitals } from './process-vitals.ts'
import { bodySweeper } from './release-memory.ts'
import { fileReports } from './report-files.ts'

type NodeContext = Context<{ Bindings: Partial<HttpBindings> }>

/** The server that accepts WebSockets is created later and attached then. */
export interface NodeDeps extends Deps {
  webSockets: Deps['webSockets'] & NodeSockets
}

/** A compromise between processor time and memory. */
const sweepEveryBytes = 8 * 2 ** 20
const sweepFaultsMs = 15_000
/** How long a batch of spans is tried for. */
const traceBatchMs = 60_000

interface NodeParts {
  deps: NodeDeps
  /** Writes to the stream of the log, behind its lines. */
  write: (text: string) => void
  /** `leftMs`: how long spans may still be sent. */
  close: (leftMs?: number) => Promise<void>
}

export async function nodeDeps(config: Config, configSource: ConfigSource): Promise<NodeParts> {
  const clock = systemClock()
  const output = bufferedWriter(standardOutput(process.stdout))
  const random = systemRandom()
  const traced = traces(config, { clock, random })
  const tracing = traced?.tracing
  const plainLog = nodeLog(config, clock, output.write)
  const log = foldedFaults(tracing ? withTraceIds(plainLog, tracing.traceId) : plainLog, clock)
  const database = nodeDatabase(config, log, clock, queryWatch(tracing))
  const stores = await sharedStores(config, clock, log)
  const network = undiciTransport({ connections: () => config.maxInFlight, carried: bodySweeper(sweepEveryBytes) })
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  // Gauges with a counter's suffix; the same numbers come without it, by kind.
  for (const kind of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${kind}_total`)
  const background = (work: Promise<unknown>) => {
    work.catch((error: Error) => log.error('background_failed', { error: error.name, reason: error.message }))
  }
  const metrics = prometheusMetrics(registry, clock)
  const eventLog = nodeEvents({ clock, random, log, database, hub: stores.hub })
  const webhooks = webhookService({
    ...{ background, clock, config, database, log, metrics, random, events: eventLog },
    transport: network.transport,
    maxWaitMs: 60_000,
  })
  const events = watchedEvents(eventLog, webhooks.stored)
  const announce = announcer({ events, database, clock, log, background })
  const execute = nodeMaintenance({ clock, config, database, onDamage: database.suspect })
  const maintenance = maintenanceService({ clock, database, log, random, announce, background, execute })
  metrics.watchLogLines(output.dropped)
  const readHealth: EmbeddedMadreDeps['readHealth'] = (name) => connected.healthChecks.read(name)
  const madre = { clock, config, database, events, log, random, readHealth, maintenance }
  const transports = { url: network.transport, embedded: appTransport(embeddedMadre(madre)) }
  const webSocketTransports = { url: nodeDialer(relayRules.maxMessageBytes) }
  const connected = connectUpstreams({
    ...{ config, clock, random, log, metrics, announce, transports, webSocketTransports, watchBody, tracing },
  })
  const webSockets = { ...nodeSockets(relayRules.maxMessageBytes), open: new Set<OpenSocket>() }
  const work = workRecorder({ clock, config, log, database, metrics, background })
  const instance = `${hostname()}:${process.pid}`
  const { transport } = network
  const exporter = traced?.begin({
    ...{ log, metrics, transport, background, instance, runtime: 'nodejs', batchTimeMs: traceBatchMs },
  })
  const deps: NodeDeps = {
    compress: zlibCompress,
    config,
    configSource,
    clock,
    random,
    log,
    cache: stores.cache,
    limiter: stores.limiter,
    database,
    ...connected,
    webSockets,
    metrics,
    maintenance,
    evidence: evidenceFolder(config.evidenceDir),
    ...(config.database.url.startsWith('file:') && {
      listBackups: backupFiles(config.backup.directory),
      readStorage: fileStorage(config.database.url),
    }),
    ...(!config.database.url.startsWith('file:') &&
      config.database.maxBytes !== null && { readStorage: roomInDatabase(database, config.database.maxBytes) }),
    consoleFiles: consoleFiles(consoleFolder),
    announce,
    events,
    keyNotices: hubKeyNotices(stores.hub),
    webhooks,
    sockets: localSockets({ clock, events, log, random, webSockets }),
    recorder: work,
    openStreams: new Set(),
    ticketKeys: storedTicketKeys({ clock, database, log, random }),
    lifecycle: { phase: 'serving' },
    instance,
    tracing,
    vitals: processVitals(),
    reports: fileReports(join(config.dataDir, 'reports')),
    readiness: { database: () => database.ping(), ...stores.readiness },
    clientAddress: callerAddress(config.trustedProxies),
    whenSent(c: NodeContext, sent) {
      const { outgoing } = c.env
      if (!(outgoing instanceof CompactResponse)) sent(null)
      // Its event has passed.
      else if (outgoing.destroyed) sent(outgoing.bodyBytes)
      else outgoing.on('close', () => sent(outgoing.bodyBytes))
    },
    limitBodyTime(c: NodeContext, ms) {
      const { incoming } = c.env
      if (incoming instanceof WatchedRequest) incoming.completeBy = performance.now() + ms
    },
    httpVersion: (c: NodeContext) => c.env.incoming?.httpVersion,
    requestTarget: (c: NodeContext) => c.env.incoming?.url ?? '/',
    callerCancelSignal: (c: NodeContext) =>
      c.env.outgoing ? new ConnectionCancelSignal(c.env.outgoing) : c.req.raw.signal,
    // Node's parsed headers: creating web Headers costs more than all other header work of the proxy.
    callerHeaders: (c: NodeContext) => (c.env.incoming?.headers ?? {}) as HeaderFields,
    background,
  }
  const sweeper = setInterval(log.sweep, sweepFaultsMs)
  sweeper.unref()
  const close = async (leftMs = 0) => {
    clearInterval(sweeper)
    await Promise.all([work.flush(), exporter?.close(leftMs)])
    await Promise.allSettled([network.close(), stores.close(), database.close()])
    await output.flush()
  }
  // Usually the database opens within milliseconds, before the first request.
  await database.begun()
  return { deps, write: output.write, close }
}

interface SharedStores {
  cache: Cache
  limiter: Limiter
  hub: EventHub
  readiness: Deps['readiness']
  close: () => Promise<void>
}

/** Redis if configured, so that instances share limits and cache; memory otherwise. */
async function sharedStores({ redisUrl }: Config, clock: Clock, log: Log): Promise<SharedStores> {
  const cacheFailed = (error: unknown) =>
    log.warn('cache_failed', { reason: error instanceof Error ? error.message : 'unknown' })
  if (!redisUrl) {
    return {
      cache: memoryCache(clock, cacheFailed),
      limiter: memoryLimiter(clock),
      hub: memoryEventHub(),
      readiness: {},
      close: async () => {},
    }
  }
  const { redisStores } = await import('./redis-stores.ts')
  return redisStores(redisUrl, clock, log)
}
