/** Power windows through the real Node server: over a simulated madre that misbehaves, and over the embedded one. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import * as v from 'valibot'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WindowChange, WindowStatus } from '../../src/features/windows/schema.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'
import type { Fault } from '../support/simulators/faults.ts'
import { startMadre } from '../support/simulators/madre.ts'
import type { Simulator } from '../support/simulators/simulator.ts'
import { startSwitch } from '../support/simulators/switch.ts'

const api = '/operator/api/window'

let switchService: Simulator
let madre: Simulator
beforeAll(async () => {
  ;[switchService, madre] = await Promise.all([startSwitch({ token }), startMadre({ token })])
})
afterAll(() => Promise.all([switchService.close(), madre.close()]))

/** What fails on purpose must not open the circuit for the next test. */
const start = (env: Record<string, string>) =>
  startNodeGateway({
    SWITCH_URL: switchService.url,
    VX11_BREAKER_FAILURES: '1000',
    VX11_WAKE_ENABLED: 'true',
    VX11_WAKE_PER_HOUR: '1000',
    VX11_RATE_LIMIT_PROTECTED: '10000',
    ...env,
  })

const client = (gateway: () => Gateway) => ({
  post: (path: string, body: unknown = {}) =>
    gateway().fetch(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  read: async () => v.parse(WindowStatus, await (await gateway().fetch(`${api}/status`)).json()),
  go: async () => (await gateway().fetch('/switch/queue/status')).status,
})

async function opened(response: Response): Promise<WindowChange> {
  const text = await response.text()
  expect({ status: response.status, text }).toMatchObject({ status: 200 })
  return v.parse(WindowChange, JSON.parse(text))
}

/** Milliseconds until requests to switch are refused; it looks every 20. */
async function untilRefused(go: () => Promise<number>, atMostMs: number): Promise<number> {
  const since = performance.now()
  while ((await go()) === 200 && performance.now() - since < atMostMs) await wait(20)
  return performance.now() - since
}

describe.each(['simulated', 'embedded'])('over the %s madre', (kind) => {
  let gateway: Gateway
  const { post, read, go } = client(() => gateway)
  beforeAll(async () => {
    gateway = await start({ MADRE_URL: kind === 'embedded' ? 'embedded' : madre.url })
  })
  afterAll(() => gateway?.stop())
  beforeEach(async () => {
    await post(`${api}/close`)
  })

  it('opens switch, expires to the second, opens again and closes', async () => {
    expect(await go()).toBe(403)
    await opened(await post(`${api}/open`, { services: ['switch'], ttl_sec: 2 }))
    const openForMs = await untilRefused(go, 5000)
    expect(openForMs).toBeGreaterThan(1500)
    expect(openForMs).toBeLessThan(2600)
    expect(await read()).toMatchObject({ status: 'none', mode: 'solo_madre', degraded: false })
    const window = await opened(await post(`${api}/open?wait=ready`, { services: ['switch'], ttl_sec: 60 }))
    expect(window.ready).toEqual({ switch: true })
    expect(await read()).toMatchObject({ status: 'open', window_id: window.window_id })
    expect(await go()).toBe(200)
    expect(await opened(await post(`${api}/close`))).toMatchObject({ state: 'closed', services_stopped: ['switch'] })
    expect(await go()).toBe(403)
  })

  it('is woken once by ten requests that ask for it, and goes back to sleep', async () => {
    const wake = () => gateway.fetch('/switch/queue/status', { headers: { 'x-vx11-wake': '1' } })
    const answers = await Promise.all(Array.from({ length: 10 }, wake))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    const { window_id } = await read()
    // Who came when it was awake was not told of it.
    const told = answers.flatMap(({ headers }) => headers.get('x-vx11-woken') ?? [])
    expect(new Set(told)).toEqual(new Set([window_id]))
    expect(await (await gateway.fetch(`${api}/status`)).json()).toMatchObject({
      ...{ wake_enabled: true, woken: { window_id, by: 'request', services: ['switch'] } },
    })
    await opened(await post(`${api}/close`))
    expect(await go()).toBe(403)
  })

  it('lets one of ten racing callers win', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post(`${api}/open`, { services: ['switch'], ttl_sec: 60 })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(409)])
  })

  it.each([
    [1, 200],
    [86_400, 200],
    [0, 422],
    [86_401, 422],
  ])('answers a ttl of %i s with %i', async (ttl_sec, status) => {
    expect((await post(`${api}/open`, { services: ['switch'], ttl_sec })).status).toBe(status)
  })

  it('has no 500 for hostile bodies', async () => {
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '"text"',
      '1e400',
      '['.repeat(100_000),
      '{"services":["switch"],"ttl_sec":1e999}',
      '{"services":{"length":1,"0":"switch"}}',
      '{"services":["\\u0000switch"]}',
      '{"services":["switch\\ud800"]}',
      JSON.stringify({ services: ['x'.repeat(1_000_000)] }),
      JSON.stringify({ services: ['switch'], reason: '\u0000' }),
      'x'.repeat(1_048_577),
    ]
    const paths = [`${api}/open`, '/vx11/window/open', '/vx11/window/close', '/operator/power/service/switch/start']
    for (const path of paths) {
      for (const body of bodies) {
        const { status } = await post(path, body)
        expect([200, 404, 409, 413, 422], `${path} ${body.slice(0, 40)}: ${status}`).toContain(status)
      }
    }
    expect(gateway.output()).not.toContain('unexpected_error')
    expect(gateway.output()).not.toContain('madre_failed"')
  })
})

describe('over a madre that misbehaves', () => {
  let gateway: Gateway
  const { post, read, go } = client(() => gateway)
  beforeAll(async () => {
    gateway = await start({ MADRE_URL: madre.url })
  })
  afterAll(() => gateway?.stop())
  beforeEach(async () => {
    madre.misbehave(null)
    await post(`${api}/close`)
  })

  const path = '/madre/power/window/open'
  it.each<[string, Fault, number, string]>([
    ['fails', { kind: 'status', status: 500, path }, 502, 'madre_failed'],
    ['knows another token', { kind: 'status', status: 403, path, body: '{}' }, 502, 'madre_auth_failed'],
    ['answers no JSON', { kind: 'not-json', path }, 502, 'madre_failed'],
    ['speaks no HTTP', { kind: 'garbage', path }, 502, 'madre_failed'],
    ['hangs up', { kind: 'reset', path }, 503, 'madre_unavailable'],
  ])('says so when it %s', async (_how, fault, status, code) => {
    madre.misbehave(fault)
    const response = await post(`${api}/open`, { services: ['switch'], ttl_sec: 60 })
    expect(await response.json()).toMatchObject({ status: 'error', error: code, error_code: code, status_code: status })
    expect(response.status).toBe(status)
    madre.misbehave(null)
    await opened(await post(`${api}/open`, { services: ['switch'], ttl_sec: 60 }))
  })

  it('never takes half an answer for one', async () => {
    madre.misbehave({ kind: 'cut', path })
    const response = await post(`${api}/open`, { services: ['switch'], ttl_sec: 60 })
    expect([502, 503]).toContain(response.status)
  })

  it('waits for a slow one', async () => {
    madre.misbehave({ kind: 'slow', ms: 1500, path })
    await opened(await post(`${api}/open`, { services: ['switch'], ttl_sec: 60 }))
    expect(await go()).toBe(200)
  })

  it('closes and opens again where it cannot read its own window after a restart', async () => {
    const first = await opened(await post(`${api}/open`, { services: ['hermes'], ttl_sec: 60 }))
    madre.misbehave({ kind: 'status', status: 500, path: '/madre/power/state', times: 1 })
    const second = await opened(await post(`${api}/open`, { services: ['switch'], ttl_sec: 60 }))
    expect(second.window_id).not.toBe(first.window_id)
    expect(await go()).toBe(200)
  })

  it('keeps the last known mode while its state is away', async () => {
    await opened(await post(`${api}/open`, { services: ['switch'], ttl_sec: 60 }))
    madre.misbehave({ kind: 'reset', path: '/madre/power/state' })
    await wait(2050)
    expect(await read()).toMatchObject({ status: 'error', mode: 'window_active', degraded: true })
    expect(await go()).toBe(200)
  })
})

describe('a restart of the gateway with the embedded madre', () => {
  it('keeps a window, and its deadline', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gateway-windows-'))
    const env = { MADRE_URL: 'embedded', VX11_DATABASE_URL: `file:${join(folder, 'vx11.db')}` }
    let gateway = await start(env)
    const { post, read, go } = client(() => gateway)
    const restart = async () => {
      await gateway.stop()
      gateway = await start(env)
    }
    try {
      const { window_id, deadline } = await opened(await post(`${api}/open`, { services: ['switch'], ttl_sec: 600 }))
      await restart()
      expect(await read()).toMatchObject({ status: 'open', window_id, deadline })
      expect(await go()).toBe(200)
      await opened(await post(`${api}/close`))
      await opened(await post(`${api}/open`, { services: ['switch'], ttl_sec: 1 }))
      await gateway.stop()
      await wait(1000)
      gateway = await start(env)
      expect(await read()).toMatchObject({ status: 'none', window_id: null })
      expect(await go()).toBe(403)
    } finally {
      await gateway.stop()
      await rm(folder, { recursive: true })
    }
  })
})
