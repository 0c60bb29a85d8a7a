import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { Vx11Overview, Vx11Status } from '../../src/features/status/schema.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const madre = 'http://madre.test:8001'
const shub = 'http://shub.test:8007'
const upstreams = { SWITCH_URL: 'http://switch.test:8002' }

function vx11(env: Record<string, string> = upstreams) {
  const gateway = testApp({ env })
  gateway.network.answer(`${madre}/health`, jsonAnswer({ module: 'madre', status: 'ok', version: '7.0' }))
  gateway.network.answer(
    `${madre}/madre/power/state`,
    jsonAnswer({ policy: 'solo_madre', window_id: null, active_services: ['madre', 'redis'] }),
  )
  gateway.network.answer(`${shub}/health`, jsonAnswer({ status: 'ok', module: 'shubniggurath', version: '7.0-FASE1' }))
  const read = async () => v.parse(Vx11Status, await (await gateway.request('/vx11/status')).json())
  return { ...gateway, read }
}

const openWindow = (services: string[]) =>
  jsonAnswer({ policy: 'windowed', window_id: 'w-1', active_services: [...services, 'madre', 'redis'] })

describe('GET /vx11/status', () => {
  it('tells what is up, what sleeps by policy and what is dormant', async () => {
    const status = await vx11().read()
    expect(status).toMatchObject({
      ok: true,
      status: 'ok',
      degraded: false,
      reasons: [],
      mode: 'solo_madre',
      policy: 'SOLO_MADRE',
    })
    expect(status.modules.madre).toMatchObject({ status: 'ok', up: true, version: '7.0', latency_ms: 0, reason: null })
    expect(status.modules.switch).toMatchObject({ status: 'off_by_policy', up: false, reason: 'switch_unavailable' })
    expect(status.modules.hermes).toMatchObject({
      status: 'dormant',
      latency_ms: null,
      checked_at: null,
      reason: 'not_configured',
    })
    expect(status.summary).toEqual({ healthy_modules: 2, total_modules: 9, all_healthy: false })
    expect(status).toMatchObject({ madre_available: true, switch_available: false, spawner_available: false })
  })

  it('is degraded when a service of the open window does not answer', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/madre/power/state`, openWindow(['switch']))
    const status = await gateway.read()
    expect(status).toMatchObject({ status: 'degraded', ok: false, mode: 'windowed', policy: 'WINDOWED' })
    expect(status.reasons).toEqual(['switch: switch_unavailable'])
    expect(status.modules.switch?.status).toBe('service_offline')
  })

  it('is in order when the window’s services answer', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/madre/power/state`, openWindow(['switch']))
    gateway.network.answer('http://switch.test:8002/health', jsonAnswer({ status: 'ok', module: 'switch' }))
    expect(await gateway.read()).toMatchObject({ ok: true, mode: 'windowed', switch_available: true })
  })

  it.each([
    ['times out', new TransportError('timeout'), 'shub_unavailable'],
    ['answers 503', jsonAnswer({ status: 'ok' }, 503), 'status_503'],
    [
      'answers no JSON',
      { status: 200, headers: {}, body: new TextEncoder().encode('Internal Server Error') },
      'malformed_answer',
    ],
    ['answers JSON without a status', jsonAnswer({ fine: true }), 'malformed_answer'],
    ['is still starting', jsonAnswer({ status: 'initializing' }), 'not_ready'],
  ])('reports a shub that %s', async (_how, answer, reason) => {
    const gateway = vx11()
    gateway.network.answer(`${shub}/health`, answer)
    const status = await gateway.read()
    expect(status.modules.shub).toMatchObject({ status: 'service_offline', up: false, reason })
    expect(status.degraded).toBe(true)
  })

  it('keeps madre’s last known mode when madre goes away, and says that it is degraded', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/madre/power/state`, openWindow([]))
    expect((await gateway.read()).mode).toBe('windowed')
    gateway.network.answer(`${madre}/madre/power/state`, new TransportError('unreachable'))
    gateway.network.answer(`${madre}/health`, new TransportError('unreachable'))
    await gateway.clock.advance(5000)
    const status = await gateway.read()
    expect(status).toMatchObject({ mode: 'windowed', degraded: true, madre_available: false })
    expect(status.reasons).toContain('madre: power state unknown')
  })

  it('asks each upstream for its health at most once in five seconds, and madre for the mode in two, whoever calls', async () => {
    const gateway = vx11()
    const asked = () => {
      const { exchanges } = gateway.network
      const health = exchanges.filter(({ url }) => url.endsWith('/health')).length
      return { health, mode: exchanges.length - health }
    }
    await Promise.all(Array.from({ length: 50 }, () => gateway.read()))
    expect(asked()).toEqual({ health: 3, mode: 1 })
    await gateway.clock.advance(1999)
    await gateway.read()
    expect(asked()).toEqual({ health: 3, mode: 1 })
    await gateway.clock.advance(1)
    await gateway.read()
    expect(asked()).toEqual({ health: 3, mode: 2 })
    await gateway.clock.advance(3000)
    await gateway.read()
    expect(asked()).toEqual({ health: 6, mode: 3 })
  })

  it('shows what the health checks found by themselves, and does not ask again', async () => {
    const gateway = vx11()
    await gateway.deps.healthChecks.check('shub')
    gateway.network.answer(`${shub}/health`, new TransportError('unreachable'))
    await gateway.clock.advance(1000)
    const { modules } = await gateway.read()
    expect(modules.shub).toMatchObject({ up: true, checked_at: new Date(1_800_000_000_000).toISOString() })
    expect(gateway.network.exchanges.filter(({ url }) => url === `${shub}/health`)).toHaveLength(1)
  })

  it('gives each answer its own correlation id, also from the cache', async () => {
    const gateway = vx11()
    const ids = [await gateway.read(), await gateway.read()].map((status) => status.correlation_id)
    expect(new Set(ids).size).toBe(2)
  })

  it('tells the configured ports, and the standard one where none is configured', async () => {
    const { ports } = await vx11({ SWITCH_URL: 'http://switch.test:9002' }).read()
    expect(ports).toMatchObject({
      tentaculo_link: 8000,
      gateway: 8000,
      madre: 8001,
      switch: 9002,
      shubniggurath: 8007,
      spawner: 8008,
    })
  })

  it('sends the gateway’s token, its correlation id and the upstream’s extra headers', async () => {
    const gateway = vx11({ VX11_UPSTREAM_HEADERS: '{"shub":{"CF-Access-Client-Id":"abc"}}' })
    await gateway.read()
    const asked = gateway.network.exchanges.find(({ url }) => url === `${shub}/health`)
    expect(asked?.init.headers).toMatchObject({
      'x-vx11-token': 'link-token-for-the-tests',
      'x-correlation-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'cf-access-client-id': 'abc',
    })
    expect(asked?.init.limits).toMatchObject({ connectMs: 2000, firstByteMs: 2000 })
  })
})

describe('GET /vx11/overview', () => {
  it('gives the same reading module by module', async () => {
    const response = await vx11().authorized('/vx11/overview')
    const overview = v.parse(Vx11Overview, await response.json())
    expect(overview).toMatchObject({
      status: 'ok',
      gateway: 'tentaculo_link',
      summary: { total_modules: 9, healthy: 2, unhealthy: 7 },
    })
  })
})
