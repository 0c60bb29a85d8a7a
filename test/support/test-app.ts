/** The real app over faked ports, with handles on the clock, the upstreams, the log and the stores. */
import Registry from 'prom-client/lib/registry.js'
import { appTransport } from '../../src/adapters/fetch/app-transport.ts'
import { headerFields } from '../../src/adapters/fetch/web-message.ts'
import { jsonLog } from '../../src/adapters/log/json-log.ts'
import { memoryCache } from '../../src/adapters/memory/cache.ts'
import { memoryLimiter } from '../../src/adapters/memory/limiter.ts'
import { prometheusMetrics } from '../../src/adapters/prometheus/metrics.ts'
import { createGateway } from '../../src/app.ts'
import { readConfiguration } from '../../src/config/config.ts'
import { targetOfUrl } from '../../src/lib/target-of-url.ts'
import type { TicketKey } from '../../src/lib/ticket.ts'
import { embeddedMadre } from '../../src/modules/embedded-madre/app.ts'
import { inProcess } from '../../src/modules/maintenance/in-process.ts'
import { remoteWork } from '../../src/modules/maintenance/remote-work.ts'
import { maintenanceService } from '../../src/modules/maintenance/service.ts'
import { watchedEvents, webhookService } from '../../src/modules/webhooks/service.ts'
import type { Deps, GatewayEvent, RecordedWork } from '../../src/ports/index.ts'
import { connectUpstreams } from '../../src/upstream/connect.ts'
import { watchBody } from '../../src/upstream/layers/watch-body.ts'
import { fakeClock } from './fake-clock.ts'
import { type FakeNetwork, fakeNetwork } from './fake-network.ts'
import { fakeRandom } from './fake-random.ts'
import { memoryEventLog } from './memory-event-log.ts'

export const tokens = {
  link: 'link-token-for-the-tests',
  shub: 'shub-token-for-the-tests',
  operator: 'operator-token-for-the-tests',
} as const

/** What a gateway of a test is configured with, beneath its own variables. */
export const testEnvironment = {
  VX11_TENTACULO_LINK_TOKEN: tokens.link,
  VX11_GATEWAY_TOKEN: tokens.shub,
  VX11_OPERATOR_TOKEN: tokens.operator,
  SHUB_URL: 'http://shub.test:8007',
  MADRE_URL: 'http://madre.test:8001',
  LOG_LEVEL: 'debug',
}

interface TestAppOptions {
  /** Of the upstreams, too; one among `deps` is not. */
  clock?: ReturnType<typeof fakeClock>
  env?: Record<string, string>
  deps?: Partial<Deps>
}

/** Rejects whatever asks it: no feature that uses the database runs on this fake. */
const noDatabase: Deps['database'] = {
  open: () => {
    throw new Error('no database in this test')
  },
  ping: async () => {},
  close: async () => {},
}

/** Every upgrade request stays a plain one. */
const noWebSockets = (): Deps['webSockets'] => ({
  canAccept: () => false,
  accept: () => {
    throw new Error('no WebSockets in this test')
  },
  open: new Set(),
})

const noSockets: Deps['sockets'] = {
  canOpen: () => false,
  open: () => Promise.reject(new Error('no sockets in this test')),
}

const oneTicketKey = (key: TicketKey): Deps['ticketKeys'] => ({
  current: async () => key,
  find: async (id) => (id === key.id ? key : undefined),
})

export function testApp({ env = {}, clock = fakeClock(), deps: replaced = {} }: TestAppOptions = {}) {
  const { config, sources } = readConfiguration({ ...testEnvironment, ...env })
  const logLines: Record<string, unknown>[] = []
  const announced: GatewayEvent[] = []
  const recorded: RecordedWork[] = []
  const announce = replaced.announce ?? ((event: GatewayEvent) => void announced.push(event))
  const network: FakeNetwork = fakeNetwork()
  const random = fakeRandom()
  const metrics = prometheusMetrics(new Registry(), clock)
  const log = jsonLog({ level: config.logLevel, clock, write: (line) => logLines.push(JSON.parse(line)) })
  const database = replaced.database ?? noDatabase
  const background = () => {}
  const events = replaced.events ?? memoryEventLog(clock, replaced.database)
  const webhooks = webhookService({
    ...{ background: replaced.background ?? background, clock: replaced.clock ?? clock },
    ...{ config, database, events, log, metrics, random },
    transport: network.transport,
    maxWaitMs: 60_000,
  })
  const execute = inProcess({ clock, config, database }, remoteWork('server', 100))
  const maintenance = maintenanceService({ clock, log, announce, database, random, background, execute })
  const madre = embeddedMadre({ clock, config, database, events, log, random, maintenance })
  const transports = { url: network.transport, embedded: appTransport(madre) }
  const deps: Deps = {
    config,
    configSource: { texts: sources.texts },
    clock,
    random,
    log,
    cache: memoryCache(clock, () => {}),
    limiter: memoryLimiter(clock),
    database: noDatabase,
    // Tries follow each other at once, or every test of a failing upstream would have to move the clock.
    ...connectUpstreams({
      config,
      clock,
      random,
      log,
      metrics,
      announce,
      transports,
      watchBody,
      pause: async () => {},
    }),
    webSockets: noWebSockets(),
    metrics,
    announce,
    maintenance,
    keyNotices: {},
    webhooks,
    sockets: noSockets,
    recorder: { record: (work) => recorded.push(work) },
    openStreams: new Set(),
    ticketKeys: oneTicketKey({ id: 'test', bytes: random.bytes(32) }),
    lifecycle: { phase: 'serving' },
    instance: 'test',
    readiness: {},
    clientAddress: (c) => c.req.header('x-test-address') ?? '192.0.2.1',
    requestTarget: (c) => c.req.header('x-test-target') ?? targetOfUrl(c.req.url),
    callerCancelSignal: (c) => c.req.raw.signal,
    callerHeaders: (c) => headerFields(c.req.raw.headers),
    background,
    ...replaced,
    events: watchedEvents(events, webhooks.stored),
  }
  const { app, services } = createGateway(deps)
  return {
    app,
    services,
    deps,
    clock,
    network,
    logLines,
    /** The gateway's own announcements. */
    announced,
    /** Finished work that was kept for timelines. */
    recorded,
    request: (path: string, init: RequestInit = {}) => app.request(`http://gateway.test${path}`, init),
    /** The same with the token that may do everything. */
    authorized: (path: string, init: RequestInit = {}) =>
      app.request(`http://gateway.test${path}`, {
        ...init,
        headers: { 'x-vx11-token': tokens.link, ...(init.headers as Record<string, string>) },
      }),
  }
}
