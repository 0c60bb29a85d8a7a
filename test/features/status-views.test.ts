/** Every status route, each against its own schema, while VX11 is well, ill, slow and asleep. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { TransportError } from '../../src/errors.ts'
import {
  ApiHealth,
  CoreHealth,
  Modules,
  OneModule,
  OperatorApiStatus,
  Topology,
} from '../../src/features/status/api/schema.ts'
import { CapabilitiesReport, Observation, OperatorStatus, Snapshot } from '../../src/features/status/operator/schema.ts'
import { SwitchStatus, Vx11Overview, Vx11Status } from '../../src/features/status/schema.ts'
import type { Deps } from '../../src/ports.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const views = {
  '/vx11/status': Vx11Status,
  '/vx11/overview': Vx11Overview,
  '/vx11/switch/status': SwitchStatus,
  '/operator/status': OperatorStatus,
  '/operator/snapshot': Snapshot,
  '/operator/observe': Observation,
  '/operator/capabilities': CapabilitiesReport,
  '/operator/api/status': OperatorApiStatus,
  '/operator/api/modules': Modules,
  '/operator/api/modules/madre': OneModule,
  '/operator/api/health': ApiHealth,
  '/operator/api/topology': Topology,
  '/api/internal/core-health': CoreHealth,
} as const
type Path = keyof typeof views
type Answer<P extends Path> = v.InferOutput<(typeof views)[P]>
const paths = Object.keys(views) as Path[]

const hosts = {
  madre: 'http://madre.test:8001',
  shub: 'http://shub.test:8007',
  switch: 'http://switch.test:8002',
  hormiguero: 'http://hormiguero.test:8004',
}
const env = { SWITCH_URL: hosts.switch, HORMIGUERO_URL: hosts.hormiguero }
const hangs = () => new Promise<never>(() => {})

const database = testDatabase()

function vx11(deps: Partial<Deps> = {}, more: Record<string, string> = {}) {
  const gateway = testApp({
    env: {
      ...env,
      VX11_RATE_LIMIT_USER: '100000',
      VX11_RATE_LIMIT_DEFAULT: '100000',
      VX11_RATE_LIMIT_IP: '100000',
      ...more,
    },
    deps: { database: database(), ...deps },
  })
  const up = (name: keyof typeof hosts, answer: object = {}) =>
    gateway.network.answer(`${hosts[name]}/health`, jsonAnswer({ status: 'ok', ...answer }))
  const down = (name: keyof typeof hosts) =>
    gateway.network.answer(`${hosts[name]}/health`, new TransportError('unreachable'))
  const power = (services: string[]) =>
    gateway.network.answer(
      `${hosts.madre}/madre/power/state`,
      jsonAnswer({
        policy: services.length > 0 ? 'windowed' : 'solo_madre',
        window_id: services.length > 0 ? 'w-1' : null,
        active_services: [...services, 'madre'],
      }),
    )
  up('madre', { version: '7.0' })
  up('shub')
  power([])
  const read = async <P extends Path>(path: P): Promise<Answer<P>> => {
    const response = await gateway.authorized(path)
    expect(response.status, path).toBe(200)
    return v.parse(views[path], await response.json()) as Answer<P>
  }
  /** After everything that was measured is old. */
  const readAnew = async <P extends Path>(path: P) => {
    await gateway.clock.advance(5000)
    return read(path)
  }
  return { ...gateway, up, down, power, read, readAnew }
}

/** What a view says about itself; switch's own status speaks of switch alone. */
const isDegraded = (answer: object): boolean => {
  const report = 'data' in answer && !('degraded' in answer) ? (answer.data as object) : answer
  return 'degraded' in report ? (report.degraded as boolean) : (report as { status: string }).status === 'degraded'
}
const ofOneModule: readonly Path[] = ['/vx11/switch/status', '/operator/api/modules/madre']
const general = paths.filter((path) => !ofOneModule.includes(path))

async function degradedViews(gateway: ReturnType<typeof vx11>): Promise<Set<boolean>> {
  await gateway.clock.advance(5000)
  return new Set(await Promise.all(general.map(async (path) => isDegraded(await gateway.read(path)))))
}

describe('degraded', () => {
  const alwaysUp = { redis: async () => {} }

  it.each<[string, boolean, (gateway: ReturnType<typeof vx11>) => void]>([
    ['all that should run answers', false, () => {}],
    ['switch sleeps by policy', false, ({ down }) => down('switch')],
    ['switch runs without a window', false, ({ up }) => up('switch')],
    ['madre is down', true, ({ down }) => down('madre')],
    [
      'madre does not tell its power state',
      true,
      ({ network }) => network.answer(`${hosts.madre}/madre/power/state`, jsonAnswer({}, 500)),
    ],
    ['shub, which is configured, is down', true, ({ down }) => down('shub')],
    ['shub starts', true, ({ up }) => up('shub', { status: 'initializing' })],
    ['a service of the open window is down', true, ({ power }) => power(['switch'])],
    [
      'the services of the open window are up',
      false,
      ({ power, up }) => {
        power(['switch'])
        up('switch')
      },
    ],
    ['the window lists a service that nobody configured', false, ({ power }) => power(['hermes'])],
  ])('is told alike by every view: %s', async (_what, degraded, change) => {
    const gateway = vx11({ readiness: alwaysUp })
    change(gateway)
    expect(await degradedViews(gateway)).toEqual(new Set([degraded]))
  })

  it('is told when a gate is open and its module away', async () => {
    expect(await degradedViews(vx11({}, { HORMIGUERO_ENABLED: 'true' }))).toEqual(new Set([true]))
  })

  const broken = async () => {
    throw new Error('secret words of the store')
  }
  it.each<[string, () => Partial<Deps>, string]>([
    ['the database', () => ({ database: { ...database(), ping: broken } }), 'database: unavailable'],
    ['Redis', () => ({ readiness: { redis: broken } }), 'redis: unavailable'],
    ['the limit store', () => ({ limiter: { ...testApp().deps.limiter, ping: broken } }), 'limiter: unavailable'],
  ])('is told when %s is away, and coarsely', async (_store, deps, reason) => {
    const gateway = vx11(deps())
    expect(await degradedViews(gateway)).toEqual(new Set([true]))
    expect((await gateway.read('/vx11/status')).reasons).toEqual([reason])
    for (const path of paths) expect(await (await gateway.authorized(path)).text()).not.toContain('secret')
  })
})

describe('each view follows what is measured', () => {
  it('GET /vx11/overview', async () => {
    const gateway = vx11()
    expect(await gateway.read('/vx11/overview')).toMatchObject({ status: 'ok', summary: { healthy: 2 } })
    gateway.down('shub')
    expect(await gateway.readAnew('/vx11/overview')).toMatchObject({ status: 'degraded', summary: { healthy: 1 } })
  })

  it('GET /vx11/switch/status: asleep, offline, active, awake without a window, dormant', async () => {
    const gateway = vx11()
    const told = async () => {
      const { status, routing_mode } = await gateway.readAnew('/vx11/switch/status')
      return `${status} ${routing_mode}`
    }
    expect(await told()).toBe('off_by_policy off_by_policy')
    gateway.power(['switch'])
    expect(await told()).toBe('degraded offline')
    gateway.up('switch', { version: '7.1' })
    expect(await told()).toBe('healthy active')
    expect(await gateway.read('/vx11/switch/status')).toMatchObject({
      version: '7.1',
      circuit_breaker: 'closed',
      in_flight: 0,
    })
    gateway.power([])
    expect(await told()).toBe('healthy off_by_policy')
    expect(await vx11({}, { SWITCH_URL: '' }).read('/vx11/switch/status')).toMatchObject({
      ...{ status: 'dormant', circuit_breaker: null, in_flight: null, latency_ms: null, reason: 'not_configured' },
    })
  })

  it('GET /operator/status', async () => {
    const gateway = vx11({ readiness: { redis: async () => {} } })
    const before = await gateway.read('/operator/status')
    expect(before).toMatchObject({
      status: 'ok',
      components: {
        tentaculo_link: { status: 'ok', port: 8000 },
        madre: { status: 'ok', port: 8001 },
        redis: { status: 'ok', port: 6379 },
        switch: { status: 'off_by_policy', port: 8002 },
      },
      windows: { policy: 'solo_madre', active_count: 0, window_id: null },
    })
    gateway.power(['switch'])
    gateway.up('switch')
    gateway.down('madre')
    expect(await gateway.readAnew('/operator/status')).toMatchObject({
      status: 'degraded',
      components: { madre: { status: 'unreachable', error: 'madre_unavailable' }, switch: { status: 'available' } },
      windows: { policy: 'windowed', active_count: 1, window_id: 'w-1', services: ['madre', 'switch'] },
    })
    expect((await vx11().read('/operator/status')).components.redis).toMatchObject({ status: 'not_configured' })
  })

  it('GET /operator/status: an open circuit refuses callers, whatever the health check says', async () => {
    const gateway = vx11({}, { VX11_BREAKER_FAILURES: '1' })
    gateway.power(['switch'])
    gateway.up('switch')
    expect((await gateway.authorized('/switch/x', { method: 'POST' })).status).toBe(503)
    expect((await gateway.read('/operator/status')).components.switch).toMatchObject({
      status: 'offline',
      reason: 'circuit_open',
    })
    const { circuit_breaker } = await gateway.read('/operator/api/status')
    expect(circuit_breaker).toMatchObject({ state: 'open', upstream: 'switch', failure_count: 1 })
  })

  it('GET /operator/snapshot', async () => {
    const gateway = vx11()
    gateway.up('hormiguero')
    const { state, timestamp, measured_at } = await gateway.read('/operator/snapshot')
    expect(timestamp).toBe(gateway.clock.now())
    expect(Date.parse(measured_at)).toBe(timestamp)
    expect(state).toMatchObject({
      madre: { status: 'active' },
      switch: { routing: 'off_by_policy' },
      hormiguero: { queen_alive: true },
      hermes: { word: 'DORMANT' },
    })
    gateway.down('madre')
    gateway.down('hormiguero')
    const after = await gateway.readAnew('/operator/snapshot')
    expect(after.state).toMatchObject({ madre: { status: 'offline' }, hormiguero: { queen_alive: null } })
    gateway.power(['hormiguero'])
    expect((await gateway.readAnew('/operator/snapshot')).state.hormiguero.queen_alive).toBe(false)
  })

  it('GET /operator/snapshot: `t` is the caller’s word for the answer', async () => {
    const gateway = vx11()
    const ask = (t: string) => gateway.authorized(`/operator/snapshot?t=${t}`)
    expect(await (await ask('1767000000000')).json()).toMatchObject({ timestamp: 1_767_000_000_000 })
    expect(await (await ask('0')).json()).toMatchObject({ timestamp: gateway.clock.now() })
    expect((await ask('9007199254740991')).status).toBe(200)
    for (const t of ['', '-1', '1.5', 'now', '1e3', 'NaN', '9007199254740992', '9'.repeat(400), '%00']) {
      await expectProblem(await ask(t), 'validation_error')
    }
  })

  it('GET /operator/observe: latencies that were measured', async () => {
    const gateway = vx11()
    gateway.network.answer(`${hosts.shub}/health`, async () => {
      await gateway.clock.sleep(120)
      return jsonAnswer({ status: 'ok' })
    })
    const asked = gateway.read('/operator/observe')
    await gateway.clock.whenSleeping(1)
    await gateway.clock.advance(120)
    const { data, ok } = await asked
    expect(ok).toBe(true)
    expect(data.services.shubniggurath).toMatchObject({ status: 'ok', latency_ms: 120 })
    expect(data.services.tentaculo_link).toMatchObject({ status: 'ok', latency_ms: 120 })
    expect(data.services.hermes).toMatchObject({ status: 'dormant', latency_ms: null })
    gateway.down('shub')
    expect((await gateway.readAnew('/operator/observe')).data.services.shubniggurath?.status).toBe('service_offline')
  })

  it('GET /operator/capabilities: flags, modules, and commands that exist', async () => {
    const { data } = await vx11().read('/operator/capabilities')
    expect(data.features).toMatchObject({
      chat: { status: 'on', provider: 'madre', degraded: true },
      events: { status: 'on' },
      colony: { status: 'dormant', requires_flag: 'HORMIGUERO_ENABLED' },
    })
    expect(data.dormant_services).toContainEqual({
      ...{ name: 'mcp', port: 8006, status: 'dormant', reason: 'not_configured' },
      activation: 'docker compose --profile core up -d mcp',
    })
    expect(data.dormant_services).toContainEqual(expect.objectContaining({ name: 'switch', status: 'off_by_policy' }))
    const other = vx11({}, { HORMIGUERO_ENABLED: '1', VX11_EVENTS_ENABLED: 'off', VX11_OPERATOR_CONTROL_ENABLED: 'no' })
    other.up('hormiguero')
    other.up('switch')
    other.power(['switch'])
    expect((await other.read('/operator/capabilities')).data).toMatchObject({
      operational_mode: 'windowed',
      features: {
        chat: { provider: 'switch', degraded: false },
        events: { status: 'off', requires_flag: 'VX11_EVENTS_ENABLED' },
        colony: { status: 'on', provider: 'hormiguero' },
        control: { status: 'off', reason: 'observer_mode' },
      },
    })
  })

  it('GET /operator/api/status', async () => {
    const gateway = vx11()
    expect(await gateway.read('/operator/api/status')).toMatchObject({
      policy: 'solo_madre',
      mode: 'solo_madre',
      core_services: { madre: { status: 'UP' }, redis: { status: 'DORMANT', up: false }, database: { up: true } },
      optional_services: {
        switch: { status: 'OFF_BY_POLICY', port: 8002, hint: expect.stringContaining('window/open') },
        operator_backend: { status: 'ARCHIVED' },
      },
      components: { madre: true, redis: null, tentaculo_link: true, database: true },
      off_by_policy: ['switch', 'hormiguero'],
      window: { mode: 'solo_madre', window_id: null },
      limiter: { enabled: true, store: 'memory', status: 'UP', when_down: { admin_changes: 'refused' } },
    })
    gateway.power(['switch'])
    gateway.up('switch')
    gateway.down('shub')
    const after = await gateway.readAnew('/operator/api/status')
    expect(after).toMatchObject({
      policy: 'window_active',
      mode: 'windowed',
      optional_services: { shubniggurath: { status: 'DOWN', up: false, reason: 'shub_unavailable' } },
      window: { mode: 'window_active', window_id: 'w-1', services: ['madre', 'switch', 'tentaculo_link'] },
      errors: ['shub: shub_unavailable'],
    })
    expect(after.active_modules).toEqual(expect.arrayContaining(['tentaculo_link', 'madre', 'switch', 'database']))
    expect((await vx11({}, { VX11_RATE_LIMIT_ENABLED: 'no' }).read('/operator/api/status')).limiter).toMatchObject({
      ...{ enabled: false, status: 'OFF', latency_ms: null },
    })
  })

  it('GET /operator/api/modules, whole and one by one', async () => {
    const gateway = vx11()
    const { modules, modules_list } = await gateway.read('/operator/api/modules')
    expect(modules_list).toEqual(Object.values(modules))
    expect(modules.madre).toMatchObject({
      status: 'UP',
      health: 'healthy',
      category: 'core',
      port: 8001,
      version: '7.0',
    })
    expect(modules.spawner).toMatchObject({ status: 'DORMANT', port: 8008, health: null })
    const one = async (name: string) =>
      v.parse(OneModule, await (await gateway.authorized(`/operator/api/modules/${name}`)).json())
    for (const name of ['shub', 'shubniggurath']) expect((await one(name)).name).toBe('shubniggurath')
    for (const name of ['operator', 'operator-backend', 'operator_backend'])
      expect((await one(name)).status).toBe('ARCHIVED')
    expect((await one('madre')).module).toEqual(modules.madre)
    for (const name of ['nobody', '__proto__', 'constructor', 'toString', 'x'.repeat(2000)]) {
      await expectProblem(await gateway.authorized(`/operator/api/modules/${name}`), 'not_found')
    }
    gateway.down('madre')
    expect((await gateway.readAnew('/operator/api/modules')).modules.madre).toMatchObject({ health: 'unhealthy' })
  })

  it('GET /operator/api/health', async () => {
    const gateway = vx11()
    expect((await gateway.read('/operator/api/health')).services).toEqual({
      ...{ madre: true, redis: null, database: true, tentaculo_link: true },
    })
    gateway.down('madre')
    expect(await gateway.readAnew('/operator/api/health')).toMatchObject({
      status: 'degraded',
      services: { madre: false },
    })
  })

  it('GET /operator/api/topology: edges of what is configured, ports as they are', async () => {
    const gateway = vx11({}, { SWITCH_URL: 'http://switch.test:9002' })
    const { graph, policy_note } = await gateway.read('/operator/api/topology')
    expect(graph.nodes).toContainEqual(expect.objectContaining({ id: 'switch', port: 9002, status: 'OFF_BY_POLICY' }))
    expect(graph.nodes).toContainEqual(expect.objectContaining({ id: 'spawner', port: 8008, status: 'DORMANT' }))
    expect(graph.edges.map(({ from, to, transport }) => `${from} ${transport} ${to}`)).toEqual([
      'tentaculo_link database database',
      'tentaculo_link http madre',
      'tentaculo_link http switch',
      'tentaculo_link http shubniggurath',
      'tentaculo_link http hormiguero',
    ])
    expect(policy_note).toContain('No power window is open')
    const embedded = await vx11({ readiness: { redis: async () => {} } }, { MADRE_URL: 'embedded' }).read(
      '/operator/api/topology',
    )
    expect(embedded.graph.edges).toEqual(
      expect.arrayContaining([
        { from: 'tentaculo_link', to: 'madre', label: 'proxy', transport: 'embedded' },
        { from: 'tentaculo_link', to: 'redis', label: 'cache', transport: 'redis' },
      ]),
    )
  })

  it('GET /api/internal/core-health', async () => {
    const gateway = vx11()
    const { services } = await gateway.read('/api/internal/core-health')
    expect(services).toMatchObject({
      madre: { status: 'healthy', latency_ms: 0 },
      switch: { status: 'off_by_policy' },
      hermes: { status: 'dormant', reason: 'not_configured' },
    })
    gateway.down('shub')
    expect((await gateway.readAnew('/api/internal/core-health')).services.shubniggurath).toMatchObject({
      ...{ status: 'unhealthy', reason: 'shub_unavailable' },
    })
  })

  it('GET /operator leads to the console without a token', async () => {
    for (const path of ['/operator', '/operator/']) {
      const response = await testApp().request(path)
      expect(response.status).toBe(302)
      expect(response.headers.get('location')).toBe('/operator/ui/')
    }
  })
})

describe('when everything hangs', () => {
  const everything = () =>
    vx11(
      {
        database: {
          ping: hangs,
          close: async () => {},
          open: () => {
            throw new Error('no database')
          },
        },
        limiter: { ...testApp().deps.limiter, ping: hangs },
        readiness: { redis: hangs },
      },
      {
        HERMES_URL: 'http://hermes.test',
        MCP_URL: 'http://mcp.test',
        SPAWNER_URL: 'http://spawner.test',
        MANIFESTATOR_URL: 'http://m.test',
        OPERATOR_URL: 'http://o.test',
      },
    )

  it.each(paths)('GET %s answers within 2.5 s, with reasons', async (path) => {
    const gateway = everything()
    const targets = Object.values(gateway.deps.config.upstreams).flatMap((target) =>
      target.kind === 'url' ? [target.url] : [],
    )
    expect(targets).toHaveLength(9)
    for (const url of targets) {
      for (const question of ['health', 'madre/power/state']) {
        gateway.network.answer(`${url.replace(/\/$/, '')}/${question}`, hangs)
      }
    }
    const asked = gateway.read(path)
    await gateway.clock.whenSleeping(3)
    await gateway.clock.advance(2500)
    const answer = await asked
    if (general.includes(path)) expect(isDegraded(answer)).toBe(true)
    expect(JSON.stringify(answer)).toMatch(/timeout|not_measured_in_time/)
  })

  it('shows what was measured in the last 15 s, and nothing older', async () => {
    const gateway = vx11()
    const before = (await gateway.read('/vx11/status')).modules.shub
    gateway.network.answer(`${hosts.shub}/health`, hangs)
    await gateway.clock.advance(5000)
    const asked = gateway.read('/vx11/status')
    await gateway.clock.whenSleeping(1)
    await gateway.clock.advance(2500)
    expect((await asked).modules.shub).toEqual(before)
    await gateway.clock.advance(10_000)
    const later = gateway.read('/vx11/status')
    await gateway.clock.whenSleeping(1)
    await gateway.clock.advance(2500)
    expect((await later).modules.shub).toMatchObject({ up: false, checked_at: null, reason: 'not_measured_in_time' })
  })
})

describe('a thousand readers', () => {
  it('cost each service one probe, and each store one look', async () => {
    const looks = { database: 0, redis: 0 }
    const ping = (store: keyof typeof looks) => async () => void looks[store]++
    const gateway = vx11({ database: { ...database(), ping: ping('database') }, readiness: { redis: ping('redis') } })
    const storm = () =>
      Promise.all(
        Array.from({ length: 1000 }, (_, index) => gateway.read(paths[index % paths.length] ?? '/vx11/status')),
      )
    const asked = () => {
      const counts = new Map<string, number>()
      for (const { url } of gateway.network.exchanges) counts.set(url, (counts.get(url) ?? 0) + 1)
      return [...counts.values()]
    }
    await storm()
    expect(asked()).toEqual([1, 1, 1, 1, 1])
    expect(looks).toEqual({ database: 1, redis: 1 })
    await gateway.clock.advance(5000)
    await storm()
    expect(asked()).toEqual([2, 2, 2, 2, 2])
    expect(looks).toEqual({ database: 2, redis: 2 })
  }, 30_000)
})
