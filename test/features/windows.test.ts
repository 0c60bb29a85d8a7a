/** The window routes: what opening takes, and the one shape of their answers on three paths. */
import { describe, expect, it } from 'vitest'
import { WindowChange, WindowStatus } from '../../src/features/windows/schema.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { bodyOf } from '../support/power-window.ts'
import { testApp, tokens } from '../support/test-app.ts'
import { api, expectJson, expectWindowError, windowsApp } from '../support/windows-app.ts'

const startMs = 1_800_000_000_000
const paths = ['/operator/api/window', '/operator/api/chat/window', '/operator/power/window']

describe.each(paths)('%s', (path) => {
  it('opens, tells and closes madre’s window in one shape', async () => {
    const gateway = windowsApp()
    const request = { services: ['switch', 'hermes'], ttl_sec: 60 }
    const opened = await expectJson(await gateway.post(`${path}/open`, request), WindowChange)
    const window = {
      status: 'open',
      mode: 'window_active',
      policy: 'windowed',
      window_id: 'w-1',
      created_at: new Date(startMs).toISOString(),
      deadline: new Date(startMs + 60_000).toISOString(),
      ttl_remaining_sec: 60,
      ttl_seconds: 60,
      active_services: ['hermes', 'madre', 'switch'],
      services: ['hermes', 'madre', 'switch', 'tentaculo_link'],
      degraded: false,
      health: 'ok',
      madre_status: 'UP',
      redis_status: 'DORMANT',
      tentaculo_status: 'UP',
      reason: null,
    }
    expect(opened).toMatchObject({ ...window, state: 'open', services_started: ['switch', 'hermes'], closed_at: null })
    await gateway.clock.advance(1500)
    const status = await expectJson(await gateway.authorized(`${path}/status`), WindowStatus)
    expect(status).toMatchObject({ ...window, ttl_remaining_sec: 58, ttl_seconds: 58 })
    expect(await expectJson(await gateway.post(`${path}/close`), WindowChange)).toMatchObject({
      status: 'none',
      mode: 'solo_madre',
      policy: 'solo_madre',
      window_id: 'w-1',
      deadline: null,
      state: 'closed',
      services_stopped: ['switch', 'hermes'],
      services_started: [],
      closed_at: new Date(startMs + 1500).toISOString(),
    })
    expect(await gateway.read()).toMatchObject({ status: 'none', mode: 'solo_madre', window_id: null })
  })

  it('lets operators look, and administrators alone change', async () => {
    const gateway = windowsApp()
    const headers = { 'x-vx11-token': tokens.operator }
    expect((await gateway.request(`${path}/status`, { headers })).status).toBe(200)
    for (const action of ['open', 'close']) {
      await expectProblem(await gateway.request(`${path}/${action}`, { method: 'POST', headers }), 'forbidden')
    }
    expect(gateway.sent('/window/open')).toEqual([])
  })
})

describe('opening', () => {
  it('always sends a ttl, VX11’s defaults and the gateway’s token, and waits as long as madre may need', async () => {
    const gateway = windowsApp()
    await gateway.post(`${api}/open`, { services: ['switch', 'hermes', 'mcp'], ttl_sec: null, unknown: true })
    const [exchange] = gateway.sent('/window/open')
    expect(exchange && bodyOf(exchange)).toEqual({
      services: ['switch', 'hermes', 'mcp'],
      ttl_sec: 600,
      mode: 'ttl',
      reason: 'operator_manual',
    })
    expect(exchange?.init.headers).toMatchObject({ 'x-vx11-token': tokens.link, 'content-type': 'application/json' })
    expect(exchange?.init.limits.firstByteMs).toBe(105_000)
  })

  it('lets requests through at once, and closes to them at once', async () => {
    const gateway = windowsApp()
    gateway.network.answer('http://switch.test:8002/switch/x', jsonAnswer({}))
    const go = async () => (await gateway.authorized('/switch/x')).status
    expect(await go()).toBe(403)
    await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 5 })
    expect(await go()).toBe(200)
    await gateway.clock.advance(4999)
    expect(await go()).toBe(200)
    await gateway.clock.advance(1)
    expect(await go()).toBe(403)
    await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 5 })
    expect(await go()).toBe(200)
    await gateway.post(`${api}/close`)
    expect(await go()).toBe(403)
  })

  it.each([1, 86_400])('takes a ttl of %i s', async (ttl_sec) => {
    const response = await windowsApp().post(`${api}/open`, { services: ['switch'], ttl_sec })
    expect(await expectJson(response, WindowChange)).toMatchObject({ ttl_remaining_sec: ttl_sec })
  })

  it.each([
    ['no services', {}],
    ['an empty list', { services: [] }],
    ['33 services', { services: Array.from({ length: 33 }, () => 'switch') }],
    ['services that are no words', { services: [1, null, {}] }],
    ['a ttl of 0', { services: ['switch'], ttl_sec: 0 }],
    ['a ttl of a day and a second', { services: ['switch'], ttl_sec: 86_401 }],
    ['a negative ttl', { services: ['switch'], ttl_sec: -1 }],
    ['half a second', { services: ['switch'], ttl_sec: 0.5 }],
    ['a ttl in words', { services: ['switch'], ttl_sec: '60' }],
    ['another mode', { services: ['switch'], mode: 'forever' }],
    ['a reason without end', { services: ['switch'], reason: 'x'.repeat(501) }],
    ['a list', []],
    ['null', null],
    ['a number', 1e308],
  ])('refuses %s', async (_what, body) => {
    const gateway = windowsApp()
    const problem = await expectProblem(await gateway.post(`${api}/open`, body), 'validation_error')
    expect(problem.detail).toEqual(expect.arrayContaining([expect.objectContaining({ loc: expect.any(Array) })]))
    expect(gateway.sent('/window/open')).toEqual([])
  })

  it.each([
    ['half a body', '{"services": ["swi'],
    ['no UTF-8', new Uint8Array([0xff, 0xfe, 0x7b])],
    ['a prototype', '{"__proto__": {"services": ["switch"]}}'],
    ['depth', '['.repeat(100_000)],
    ['depth within', `{"services": ${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['many items', JSON.stringify({ services: Array.from({ length: 100_000 }, () => 1) })],
  ])('survives %s', async (_what, body) => {
    const gateway = windowsApp()
    const response = await gateway.authorized(`${api}/open`, { method: 'POST', body })
    await expectProblem(response, 'validation_error')
    expect(gateway.sent('/window/open')).toEqual([])
  })

  it('refuses services that are not on the list, and shows the list', async () => {
    const gateway = windowsApp({ VX11_ALLOWED_WINDOW_SERVICES: 'switch,hermes' })
    for (const service of ['spawner', 'madre', 'shub', '../switch', '']) {
      const response = await gateway.post(`${api}/open`, { services: ['switch', service] })
      expect((await expectWindowError(response, 'service_not_allowed')).detail).toEqual([
        { loc: [], msg: 'Allowed are switch, hermes.', type: 'service_not_allowed' },
      ])
    }
    expect(gateway.sent('/window/open')).toEqual([])
  })

  it('lets one of ten win', async () => {
    const gateway = windowsApp()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => gateway.post(`${api}/open`, { services: ['switch'] })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(409)])
    const refused = answers.find(({ status }) => status === 409)
    await expectWindowError(refused as Response, 'window_already_active')
    expect(gateway.sent('/window/close')).toEqual([])
  })
})

it('tells in the reference what opening takes', async () => {
  const document = (await (await testApp().request('/openapi.json')).json()) as { paths: Record<string, unknown> }
  const open = JSON.stringify(document.paths[`${api}/open`])
  expect(open).toContain('requestBody')
  expect(open).toContain('ttl_sec')
  expect(open).toContain('status_url')
})
