/** The status routes of the real Node server over simulated modules: up, down, slow, asleep, and everything hanging. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'
import { startMadre } from '../support/simulators/madre.ts'
import { startShub } from '../support/simulators/shub.ts'
import type { Simulator } from '../support/simulators/simulator.ts'
import { startSwitch } from '../support/simulators/switch.ts'
import { stuckMs } from '../support/stuck.ts'

const paths = [
  '/vx11/status',
  '/vx11/overview',
  '/vx11/switch/status',
  '/operator/status',
  '/operator/snapshot',
  '/operator/observe',
  '/operator/capabilities',
  '/operator/api/status',
  '/operator/api/modules',
  '/operator/api/modules/shub',
  '/operator/api/health',
  '/operator/api/topology',
  '/api/internal/core-health',
  '/operator/api/v1/status',
]

type Json = Record<string, never> & { degraded: boolean; reasons: string[] }

const reader = (gateway: () => Gateway) => async (path: string) => {
  const response = await gateway().fetch(path)
  expect(response.status, path).toBe(200)
  return (await response.json()) as Json
}

/** Readings are five seconds old at most. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 80; look++) {
    if (await holds()) return
    await wait(100)
  }
  throw new Error('did not become so within 8 s')
}

describe('over modules that come and go', () => {
  let madre: Simulator
  let switchService: Simulator
  let shub: Simulator
  let gateway: Gateway
  const read = reader(() => gateway)
  const shubIs = async () => ((await read('/operator/api/modules/shub')) as unknown as { status: string }).status

  beforeAll(async () => {
    ;[madre, switchService, shub] = await Promise.all([
      startMadre({ token }),
      startSwitch({ token }),
      startShub({ token }),
    ])
    gateway = await startNodeGateway({
      MADRE_URL: madre.url,
      SWITCH_URL: switchService.url,
      SHUB_URL: shub.url,
      VX11_RATE_LIMIT_ENABLED: 'false',
    })
  })
  afterAll(() => Promise.all([gateway?.stop(), madre.close(), switchService.close(), shub.close()]))
  afterEach(() => {
    for (const module of [madre, switchService, shub]) module.misbehave(null)
  })

  it('is well while all that should run answers', async () => {
    for (const path of [
      '/vx11/status',
      '/vx11/overview',
      '/operator/status',
      '/operator/api/status',
      '/operator/api/health',
    ]) {
      expect(await read(path), path).toMatchObject({ degraded: false, reasons: [] })
    }
    expect(await read('/operator/api/status')).toMatchObject({
      core_services: { madre: { status: 'UP' }, redis: { status: 'DORMANT' }, database: { status: 'UP' } },
      optional_services: { shubniggurath: { status: 'UP' }, hermes: { status: 'DORMANT' } },
      limiter: { store: 'memory', status: 'OFF' },
      data: { db_health: { status: 'ok', tables: 88 } },
    })
    const { size_mb } = (
      (await read('/operator/api/status')) as unknown as { data: { db_health: { size_mb: number } } }
    ).data.db_health
    expect(size_mb).toBeGreaterThan(0.3)
  })

  it('is degraded while shub is down, and well again after', async () => {
    shub.misbehave({ kind: 'reset' })
    await until(async () => (await shubIs()) === 'DOWN')
    expect(await read('/vx11/status')).toMatchObject({ degraded: true, reasons: ['shub: shub_unavailable'] })
    expect(await read('/operator/observe')).toMatchObject({ degraded: true, ok: false })
    shub.misbehave(null)
    await until(async () => (await shubIs()) === 'UP')
    expect(await read('/vx11/status')).toMatchObject({ degraded: false })
  })

  it('shows how slow a slow module is', async () => {
    shub.misbehave({ kind: 'slow', ms: 700, path: '/health' })
    await until(async () => {
      const { data } = (await read('/operator/observe')) as unknown as {
        data: { services: Record<string, { latency_ms: number }> }
      }
      return (data.services.shubniggurath?.latency_ms ?? 0) >= 690
    })
    expect(await read('/vx11/status')).toMatchObject({ degraded: false })
  })

  it('tells a window, who uses it, and that it ended', async () => {
    const post = (path: string, body: object) => gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })
    expect((await post('/api/window/open', { services: ['switch'], ttl_sec: 60 })).status).toBe(200)
    expect((await gateway.fetch('/switch/queue/status')).status).toBe(200)
    expect(await read('/operator/api/status')).toMatchObject({
      policy: 'window_active',
      window: { activity: { switch: { requests: 0, streams: 0, sockets: 0, last_activity: expect.any(String) } } },
    })
    expect(await read('/vx11/switch/status')).toMatchObject({ status: 'healthy', routing_mode: 'active' })
    expect((await post('/api/window/close', {})).status).toBe(200)
    expect(await read('/operator/api/status')).toMatchObject({ policy: 'solo_madre', window: { activity: {} } })
    expect(await read('/vx11/switch/status')).toMatchObject({ routing_mode: 'off_by_policy' })
  })

  it('asks each module once for a thousand readers', async () => {
    const modules = [madre, switchService, shub]
    const asked = () => modules.map(({ requests }) => requests.filter(({ path }) => path === '/health').length)
    const before = asked()
    const since = performance.now()
    await Promise.all(Array.from({ length: 1000 }, (_, index) => read(paths[index % paths.length] ?? '/vx11/status')))
    // The gateway itself asks every 4.5 s at the earliest.
    const max = 1 + Math.ceil((performance.now() - since) / 4500)
    for (const [index, count] of asked().entries()) expect(count - (before[index] ?? 0)).toBeLessThanOrEqual(max)
  })
})

describe('with everything down', () => {
  it('answers every read while each upstream hangs, with reasons', async () => {
    const hanging = await Promise.all([startMadre({ token }), startSwitch({ token }), startShub({ token })])
    for (const module of hanging) module.misbehave({ kind: 'stall' })
    const [madre, switchService, shub] = hanging.map(({ url }) => url)
    const gateway = await startNodeGateway({
      MADRE_URL: madre ?? '',
      SWITCH_URL: switchService ?? '',
      SHUB_URL: shub ?? '',
      HERMES_URL: `http://127.0.0.1:${await freePort()}`,
      HORMIGUERO_URL: madre ?? '',
      SPAWNER_URL: shub ?? '',
      MCP_URL: switchService ?? '',
      VX11_REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    })
    try {
      const since = performance.now()
      const answers = await Promise.all(paths.map((path) => reader(() => gateway)(path)))
      expect(performance.now() - since).toBeLessThan(stuckMs)
      for (const [index, answer] of answers.entries())
        expect(JSON.stringify(answer), paths[index]).toMatch(/_unavailable|timeout|not_measured_in_time/)
      expect(await reader(() => gateway)('/operator/api/status')).toMatchObject({
        degraded: true,
        core_services: { madre: { status: 'DOWN' }, redis: { status: 'DOWN' } },
        limiter: { store: 'redis', status: 'DOWN' },
      })
    } finally {
      await Promise.all([gateway.stop(), ...hanging.map((module) => module.close())])
    }
  })
})

describe('a window that is renewed', () => {
  it('lives while a request streams through it, over the embedded madre', async () => {
    const switchService = await startSwitch({ token })
    const gateway = await startNodeGateway({ SWITCH_URL: switchService.url, VX11_RATE_LIMIT_ENABLED: 'false' })
    const go = async () => (await gateway.fetch('/switch/queue/status')).status
    try {
      const body = JSON.stringify({ services: ['switch'], ttl_sec: 4 })
      const opened = await gateway.fetch('/api/window/open?extend=true&max_ttl_sec=60', { method: 'POST', body })
      expect(opened.status).toBe(200)
      switchService.misbehave({ kind: 'drip', everyMs: 500, path: '/switch/queue/status', times: 1 })
      const slow = await gateway.fetch('/switch/queue/status')
      const since = performance.now()
      await slow.text()
      expect(performance.now() - since).toBeGreaterThan(4500)
      expect(await go()).toBe(200)
      await wait(4600)
      expect(await go()).toBe(403)
      const told = await gateway.fetch('/operator/api/events?type=gateway.window.extended')
      expect(((await told.json()) as { events: unknown[] }).events.length).toBeGreaterThan(0)
    } finally {
      await Promise.all([gateway.stop(), switchService.close()])
    }
  })
})
