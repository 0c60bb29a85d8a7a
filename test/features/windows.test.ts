import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { catalogue, type ErrorCode, TransportError } from '../../src/errors.ts'
import { WindowChange, WindowPending, WindowStatus } from '../../src/features/windows/schema.ts'
import { Problem } from '../../src/http/problem-body.ts'
import type { UpstreamAnswer } from '../../src/ports.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { type Exchange, jsonAnswer } from '../support/fake-network.ts'
import { testApp, tokens } from '../support/test-app.ts'

const madre = 'http://madre.test:8001/madre/power'
const startMs = 1_800_000_000_000
const paths = ['/operator/api/window', '/operator/api/chat/window', '/operator/power/window']
const api = '/operator/api/window'

/** As the later VX11 writes moments. */
const stamp = (ms: number) => new Date(ms).toISOString().replace('Z', '000+00:00Z')
const bodyOf = ({ init }: Exchange) => JSON.parse(new TextDecoder().decode(init.body as Uint8Array))

/** A madre that keeps one window and answers as the real one, out of order and with fields of its own. */
function vx11(env: Record<string, string> = {}, deps = {}) {
  const gateway = testApp({ env: { SWITCH_URL: 'http://switch.test:8002', ...env }, deps })
  const { network, clock } = gateway
  let open: { services: string[]; ttl_sec: number; openedAt: number; id: string } | null = null
  let opened = 0
  const left = () => (open ? open.openedAt + open.ttl_sec * 1000 - clock.now() : 0)
  const expire = () => {
    if (open && left() <= 0) open = null
  }
  const moments = () =>
    open && {
      window_id: open.id,
      created_at: stamp(open.openedAt),
      deadline: stamp(open.openedAt + open.ttl_sec * 1000),
      ttl_remaining_sec: Math.floor(left() / 1000),
    }
  network.answer(`${madre}/state`, () => {
    expire()
    const none = { window_id: null, created_at: null, deadline: null, ttl_remaining_sec: null }
    const active_services = ['redis', ...(open?.services ?? []).toReversed(), 'madre']
    return jsonAnswer({ policy: open ? 'windowed' : 'solo_madre', ...(moments() ?? none), active_services, extra: [1] })
  })
  network.answer(`${madre}/window/open`, (exchange) => {
    expire()
    if (open) return jsonAnswer({ detail: `Window already active: ${open.id}. Close it first.` }, 409)
    const { services, ttl_sec } = bodyOf(exchange)
    open = { services, ttl_sec, openedAt: clock.now(), id: `w-${++opened}` }
    return jsonAnswer({ ...moments(), services_started: services, state: 'open', extra: {} })
  })
  network.answer(`${madre}/window/close`, () => {
    if (!open) return jsonAnswer({ detail: 'No active window' }, 404)
    const { id: window_id, services: services_stopped } = open
    open = null
    return jsonAnswer({ window_id, closed_at: stamp(clock.now()), services_stopped, state: 'closed' })
  })
  const post = (path: string, body: unknown = {}, headers = {}) =>
    gateway.authorized(path, { method: 'POST', body: JSON.stringify(body), headers })
  const sent = (path: string) => network.exchanges.filter(({ url }) => url === madre + path)
  return { ...gateway, post, sent, read: async () => (await gateway.authorized(`${api}/status`)).json() }
}

async function expectJson<T>(response: Response, schema: v.GenericSchema<T>, status = 200): Promise<T> {
  const text = await response.text()
  expect({ status: response.status, text }).toMatchObject({ status })
  expect(response.headers.get('cache-control')).toBe('no-store')
  return v.parse(schema, JSON.parse(text))
}

/** A problem with the three members that v7's window clients read. */
async function expectWindowError(response: Response, code: ErrorCode): Promise<Problem> {
  const body = v.parse(Problem, await response.json())
  expect({ status: response.status, ...body }).toMatchObject({ status: 'error', error: code, error_code: code })
  expect(response.status).toBe(catalogue[code].status)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(body.error_msg).toBe(body.detail)
  return body
}

describe.each(paths)('%s', (path) => {
  it('opens, tells and closes madre’s window in one shape', async () => {
    const gateway = vx11()
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
      active_services: ['hermes', 'madre', 'redis', 'switch'],
      services: ['hermes', 'madre', 'redis', 'switch', 'tentaculo_link'],
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
    const gateway = vx11()
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
    const gateway = vx11()
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
    const gateway = vx11()
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
    const response = await vx11().post(`${api}/open`, { services: ['switch'], ttl_sec })
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
    const gateway = vx11()
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
    const gateway = vx11()
    const response = await gateway.authorized(`${api}/open`, { method: 'POST', body })
    await expectProblem(response, 'validation_error')
    expect(gateway.sent('/window/open')).toEqual([])
  })

  it('refuses services that are not on the list, and shows the list', async () => {
    const gateway = vx11({ VX11_ALLOWED_WINDOW_SERVICES: 'switch,hermes' })
    for (const service of ['spawner', 'madre', 'shub', '../switch', '']) {
      const response = await gateway.post(`${api}/open`, { services: ['switch', service] })
      expect((await expectWindowError(response, 'service_not_allowed')).detail).toBe('Allowed are switch, hermes.')
    }
    expect(gateway.sent('/window/open')).toEqual([])
  })

  it('lets one of ten win', async () => {
    const gateway = vx11()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => gateway.post(`${api}/open`, { services: ['switch'] })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(409)])
    const refused = answers.find(({ status }) => status === 409)
    await expectWindowError(refused as Response, 'window_already_active')
    expect(gateway.sent('/window/close')).toEqual([])
  })
})

describe('what goes wrong at madre', () => {
  const text = (body: string, status: number): UpstreamAnswer => ({
    status,
    headers: { 'content-type': 'text/plain' },
    body: new TextEncoder().encode(body),
  })
  const cases: [string, UpstreamAnswer | TransportError, ErrorCode][] = [
    ['401', jsonAnswer({ detail: 'auth_required' }, 401), 'madre_auth_failed'],
    ['403', jsonAnswer({ detail: 'forbidden' }, 403), 'madre_auth_failed'],
    ['404', jsonAnswer({ detail: 'No active window' }, 404), 'no_active_window'],
    ['409', jsonAnswer({ detail: 'Window already active' }, 409), 'window_already_active'],
    ['422', jsonAnswer({ detail: 'Services not in allowlist' }, 422), 'service_not_allowed'],
    ['500 in plain text', text('Internal Server Error', 500), 'madre_failed'],
    ['503', jsonAnswer({ detail: 'The database does not answer.' }, 503), 'madre_failed'],
    ['a redirect', jsonAnswer({}, 307), 'madre_failed'],
    ['200 without JSON', text('<html>', 200), 'madre_failed'],
    ['200 without a window', jsonAnswer({ status: 'ok' }), 'madre_failed'],
    ['nobody there', new TransportError('unreachable'), 'madre_unavailable'],
    ['silence', new TransportError('timeout'), 'madre_timeout'],
    ['no HTTP', new TransportError('malformed'), 'madre_failed'],
  ]

  it.each(cases)('has a name: %s', async (_what, answer, code) => {
    for (const action of ['open', 'close'] as const) {
      const gateway = vx11()
      gateway.network.answer(`${madre}/window/${action}`, answer)
      const body = await expectWindowError(await gateway.post(`${api}/${action}`, { services: ['switch'] }), code)
      expect(JSON.stringify(body)).not.toContain('Internal Server Error')
    }
  })

  it('has a name when madre is not configured', async () => {
    const gateway = vx11({ MADRE_URL: 'binding:NOBODY' })
    await expectWindowError(await gateway.post(`${api}/close`), 'madre_unavailable')
    expect(await gateway.read()).toMatchObject({
      status: 'error',
      mode: 'solo_madre',
      active_services: [],
      reason: 'not_configured',
      madre_status: 'DORMANT',
    })
  })

  it('shows in the status, which keeps what was known', async () => {
    const gateway = vx11()
    await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 60 })
    await gateway.read()
    gateway.network.answer(`${madre}/state`, jsonAnswer({ detail: 'boom' }, 500))
    gateway.network.answer('http://madre.test:8001/health', jsonAnswer({ status: 'ok' }))
    await gateway.clock.advance(2000)
    expect(await gateway.read()).toMatchObject({
      status: 'error',
      mode: 'window_active',
      window_id: 'w-1',
      ttl_remaining_sec: 58,
      degraded: true,
      health: 'degraded',
      reason: 'status_500',
      madre_status: 'UP',
    })
  })

  it('is mended where a restart left it with a window that it cannot read', async () => {
    const gateway = vx11()
    const { network } = gateway
    let closed = false
    network.answer(`${madre}/state`, () =>
      closed ? jsonAnswer({ policy: 'solo_madre' }) : text('Internal Server Error', 500),
    )
    network.answer(`${madre}/window/open`, (exchange) =>
      closed
        ? jsonAnswer({ window_id: 'w-9', services_started: bodyOf(exchange).services })
        : jsonAnswer({ detail: 'Window already active: w-1. Close it first.' }, 409),
    )
    network.answer(`${madre}/window/close`, () => {
      closed = true
      return jsonAnswer({ detail: "Internal error: can't subtract offset-naive and offset-aware datetimes" }, 500)
    })
    const opened = await expectJson(await gateway.post(`${api}/open`, { services: ['switch'] }), WindowChange)
    expect(opened).toMatchObject({ window_id: 'w-9', services_started: ['switch'], deadline: null })
    expect([gateway.sent('/window/open').length, gateway.sent('/window/close').length]).toEqual([2, 1])
  })

  it('is mended once, not for ever', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/state`, text('Internal Server Error', 500))
    gateway.network.answer(`${madre}/window/open`, text('Internal Server Error', 500))
    await expectWindowError(await gateway.post(`${api}/open`, { services: ['switch'] }), 'madre_failed')
    expect([gateway.sent('/window/open').length, gateway.sent('/window/close').length]).toEqual([2, 1])
  })
})

describe('wait=ready', () => {
  const open = { services: ['switch', 'tentaculo_link', 'operator-frontend'], ttl_sec: 600 }

  it('answers when every service does that can be asked', async () => {
    const gateway = vx11()
    const answer = gateway.post(`${api}/open?wait=ready`, open)
    await gateway.clock.whenSleeping()
    await gateway.clock.advance(499)
    gateway.network.answer('http://switch.test:8002/health', jsonAnswer({ status: 'ok' }))
    await gateway.clock.advance(1)
    const opened = await expectJson(await answer, WindowChange)
    expect(opened.ready).toEqual({ switch: true, tentaculo_link: true, 'operator-frontend': null })
  })

  it('says 202 and where to look when a service takes longer than the budget', async () => {
    const gateway = vx11()
    const answer = gateway.post(`${api}/open?wait=ready&budget_sec=3`, open)
    for (let turn = 0; turn < 7; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      await gateway.clock.advance(500)
    }
    expect(await expectJson(await answer, WindowPending, 202)).toMatchObject({
      status: 'pending',
      state: 'open',
      window_id: 'w-1',
      ready: { switch: false },
      status_url: '/operator/api/window/status',
    })
  })

  it('says 202 while madre still opens, and lets it go on', async () => {
    const work: Promise<unknown>[] = []
    const gateway = vx11({}, { background: (each: Promise<unknown>) => void work.push(each) })
    let done: (answer: UpstreamAnswer) => void = () => {}
    gateway.network.answer(`${madre}/window/open`, () => new Promise((resolve) => (done = resolve)))
    const answer = gateway.post(`${api}/open?wait=ready`, open)
    await gateway.clock.whenSleeping()
    await gateway.clock.advance(25_000)
    const pending = await expectJson(await answer, WindowPending, 202)
    expect(pending).toMatchObject({ state: 'opening', window_id: null, ready: { switch: false } })
    done(jsonAnswer({}, 500))
    await Promise.all(work)
    expect(gateway.logLines).toContainEqual(expect.objectContaining({ event: 'window_not_opened' }))
  })

  it.each(['?wait=yes', '?wait=ready&budget_sec=0', '?wait=ready&budget_sec=301', '?wait=ready&budget_sec=1e2'])(
    'refuses %s',
    async (query) => {
      await expectProblem(await vx11().post(`${api}/open${query}`, open), 'validation_error')
    },
  )
})

it('tells in the reference what opening takes', async () => {
  const document = (await (await testApp().request('/openapi.json')).json()) as { paths: Record<string, unknown> }
  const open = JSON.stringify(document.paths[`${api}/open`])
  expect(open).toContain('requestBody')
  expect(open).toContain('ttl_sec')
  expect(open).toContain('status_url')
})
