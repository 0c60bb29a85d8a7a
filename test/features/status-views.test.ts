/** Every status route, each against its own schema, as it follows what is measured. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { OneModule } from '../../src/features/status/api/schema.ts'
import type { Deps } from '../../src/ports/index.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { hosts, statusApp } from '../support/status-app.ts'
import { testApp, tokens } from '../support/test-app.ts'

const database = testDatabase()
const vx11 = (deps: Partial<Deps> = {}, env: Record<string, string> = {}) => statusApp(database(), deps, env)

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

  it('names the chat provider that the chain would ask', async () => {
    const provider = async (env: Record<string, string>, before: Array<'switch'> = []) => {
      const gateway = vx11({}, env)
      for (const name of before) gateway.up(name)
      if (before.length > 0) gateway.power(before)
      return (await gateway.read('/operator/capabilities')).data.features.chat?.provider
    }
    expect(await provider({})).toBe('madre')
    // An embedded madre is no provider: the gateway's own answer stands in.
    expect(await provider({ MADRE_URL: 'embedded' })).toBe('local')
    expect(await provider({ VX11_LOCAL_LLM_URL: 'http://llm.test/v1' })).toBe('local-llm')
    expect(await provider({ VX11_CHAT_ALLOW_DEEPSEEK: '1' })).toBe('madre')
    expect(await provider({ VX11_CHAT_ALLOW_DEEPSEEK: '1', DEEPSEEK_API_KEY: 'key' })).toBe('deepseek-r1')
    expect(await provider({ VX11_LOCAL_LLM_URL: 'http://llm.test/v1' }, ['switch'])).toBe('switch')
  })

  it('names the provider that the chain would ask for this caller: madre may act, so for scope admin alone', async () => {
    const gateway = vx11()
    const headers = { 'x-vx11-token': tokens.operator }
    for (const path of ['/operator/capabilities', '/operator/api/status']) {
      const asked = await gateway.request(path, { headers })
      const chat = { provider: 'local', degraded: true }
      expect(await asked.json()).toMatchObject({ data: { features: { chat } } })
    }
  })

  it('GET /operator/api/status', async () => {
    const gateway = vx11()
    expect(await gateway.read('/operator/api/status')).toMatchObject({
      policy: 'solo_madre',
      mode: 'solo_madre',
      core_services: { madre: { status: 'UP' }, redis: { status: 'DORMANT', up: false }, database: { up: true } },
      optional_services: {
        switch: { status: 'OFF_BY_POLICY', port: 8002, hint: expect.stringContaining('window/open') },
        'operator-backend': { status: 'ARCHIVED' },
      },
      components: { madre: true, redis: null, tentaculo_link: true, database: true },
      off_by_policy: ['switch', 'hormiguero'],
      window: { mode: 'solo_madre', window_id: null },
      limiter: { enabled: true, shadow: false, store: 'memory', status: 'UP', when_down: { admin_changes: 'refused' } },
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
      const target = new URL(response.headers.get('location') ?? '', `http://gateway.test${path}`)
      expect(target.pathname).toBe('/operator/ui/')
    }
  })
})
