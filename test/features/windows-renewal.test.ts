/** Windows that use renews (`extend=true`), and who uses a window now; over the embedded madre, on any database. */
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import type { Database } from '../../src/db/database.ts'
import { WindowChange, WindowStatus } from '../../src/features/windows/schema.ts'
import type { OpenSocket } from '../../src/ports/index.ts'
import { forgetWindows, recordedEvents } from '../modules/embedded-madre/madres.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const api = '/operator/api/window'
const target = 'http://switch.test:8002/switch/x'

const database = testDatabase()
beforeEach(() => forgetWindows(database()))

function start(store: Database = database(), env: Record<string, string> = {}) {
  const gateway = testApp({
    env: { MADRE_URL: 'embedded', SWITCH_URL: 'http://switch.test:8002', VX11_RATE_LIMIT_ENABLED: 'no', ...env },
    deps: { database: store },
  })
  gateway.network.answer(target, jsonAnswer({}))
  gateway.network.answer('http://switch.test:8002/health', jsonAnswer({ status: 'ok' }))
  const post = (path: string, body: unknown = {}) =>
    gateway.authorized(path, { method: 'POST', body: JSON.stringify(body) })
  const open = async (query: string, body: object = {}) => {
    const response = await post(`${api}/open?${query}`, { services: ['switch'], ttl_sec: 60, ...body })
    expect(response.status).toBe(200)
    return v.parse(WindowChange, await response.json())
  }
  const read = async () => v.parse(WindowStatus, await (await gateway.authorized(`${api}/status`)).json())
  const use = async () => (await gateway.authorized('/switch/x')).status
  /** Second by second, so that what looks once a second looks as often as it would. */
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) await gateway.clock.advance(1000)
  }
  const isOpen = async () => (await read()).status === 'open'
  return { ...gateway, post, open, read, use, pass, isOpen }
}

/** An answer whose body stays open until the test ends it. */
function openBody() {
  let end = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new Uint8Array([1]))
      end = () => controller.close()
    },
  })
  return { answer: { status: 200, headers: {}, body }, end: () => end() }
}

/** Openings and ends are told as well (test/events). */
const renewals = ({ announced }: Pick<ReturnType<typeof testApp>, 'announced'>) =>
  announced.filter(({ type }) => type === 'gateway.window.extended')

describe('extend=true', () => {
  it('moves the end of a window to its ttl after the last request', async () => {
    const gateway = start()
    const { renewal } = await gateway.open('extend=true')
    expect(renewal).toMatchObject({ ttl_seconds: 60 })
    await gateway.pass(40)
    expect(await gateway.use()).toBe(200)
    await gateway.pass(59)
    expect(await gateway.isOpen()).toBe(true)
    await gateway.pass(2)
    expect(await gateway.isOpen()).toBe(false)
    expect(await gateway.use()).toBe(403)
    const actions = (await recordedEvents(database())).map(({ action }) => action)
    expect(actions).toEqual(['window_opened', 'window_extended', 'window_expired'])
    expect(renewals(gateway)).toMatchObject([{ type: 'gateway.window.extended', module: 'madre', severity: 'info' }])
  })

  it('ends a window that nobody uses at its deadline, whoever looks at it', async () => {
    const gateway = start()
    await gateway.open('extend=true')
    for (let second = 0; second < 60; second++) {
      expect(await gateway.isOpen()).toBe(true)
      await gateway.authorized('/operator/api/status')
      await gateway.pass(1)
    }
    expect(await gateway.isOpen()).toBe(false)
    expect(renewals(gateway)).toEqual([])
  })

  it('holds a window open while a body streams, and lets it end when the body has ended', async () => {
    const gateway = start()
    await gateway.open('extend=true')
    const stream = openBody()
    gateway.network.answer(target, stream.answer)
    const response = await gateway.authorized('/switch/x')
    const reader = response.body?.getReader()
    await reader?.read()
    expect((await gateway.read()).activity.switch).toMatchObject({ requests: 1, streams: 1, sockets: 0 })
    await gateway.pass(200)
    expect(await gateway.isOpen()).toBe(true)
    stream.end()
    await reader?.read()
    expect((await gateway.read()).activity.switch).toMatchObject({ requests: 0, streams: 0 })
    await gateway.pass(61)
    expect(await gateway.isOpen()).toBe(false)
  })

  it('holds a window open while a WebSocket leads to one of its services, and counts from its end', async () => {
    const gateway = start()
    await gateway.open('extend=true')
    const socket: OpenSocket = { leadsTo: 'switch', goAway() {}, terminate() {} }
    const other: OpenSocket = { leadsTo: 'shub', goAway() {}, terminate() {} }
    gateway.deps.webSockets.open.add(socket).add(other)
    expect((await gateway.read()).activity).toMatchObject({ switch: { requests: 0, sockets: 1 } })
    await gateway.pass(100)
    expect(await gateway.isOpen()).toBe(true)
    gateway.deps.webSockets.open.delete(socket)
    gateway.deps.webSockets.lastEndedAt = { switch: gateway.clock.now() }
    await gateway.pass(59)
    expect(await gateway.isOpen()).toBe(true)
    await gateway.pass(2)
    expect(await gateway.isOpen()).toBe(false)
  })

  it('stops at the cap, however much the window is used', async () => {
    const gateway = start()
    const { renewal } = await gateway.open('extend=true&max_ttl_seconds=150')
    expect(renewal?.until).toBe(new Date(gateway.clock.now() + 150_000).toISOString())
    for (let second = 0; second < 150; second++) {
      expect(await gateway.use(), `second ${second}`).toBe(200)
      await gateway.pass(1)
    }
    expect(await gateway.use()).toBe(403)
  })

  it.each([1, 2, 3, 10])('renews a window of %i s', async (ttl_sec) => {
    const gateway = start()
    await gateway.open('extend=true', { ttl_sec })
    for (let tenth = 0; tenth < ttl_sec * 30; tenth++) {
      expect(await gateway.use(), `tenth ${tenth}`).toBe(200)
      await gateway.clock.advance(100)
    }
    await gateway.clock.advance(ttl_sec * 1000 + 100)
    expect(await gateway.use()).toBe(403)
  })

  it('costs one renewal for each ttl, not one for each request', async () => {
    const gateway = start()
    await gateway.open('extend=true')
    for (let second = 0; second < 300; second++) {
      await Promise.all([gateway.use(), gateway.use()])
      await gateway.pass(1)
    }
    expect(await gateway.isOpen()).toBe(true)
    expect(renewals(gateway).length).toBeLessThan(8)
    expect(gateway.deps.upstreamStates().madre?.inFlight).toBe(0)
  })

  it('goes on after a restart of the gateway', async () => {
    const first = start()
    await first.open('extend=true')
    const next = start()
    await next.clock.advance(30_000)
    expect(await next.use()).toBe(200)
    await next.pass(45)
    expect(await next.isOpen()).toBe(true)
  })

  it('does not count health checks of callers as use', async () => {
    const gateway = start()
    gateway.network.answer('http://switch.test:8002/switch/health', jsonAnswer({ status: 'ok' }))
    await gateway.open('extend=true')
    for (let second = 0; second < 60; second++) {
      await gateway.deps.upstreams.switch?.('/health', { method: 'GET', headers: {}, body: null })
      await gateway.pass(1)
    }
    expect(await gateway.isOpen()).toBe(false)
  })

  it('tries again when the database was away for a moment', async () => {
    let broken = false
    const flaky: Database = {
      ...database(),
      open: () => {
        if (broken) throw new Error('disk I/O error')
        return database().open()
      },
    }
    const gateway = start(flaky)
    await gateway.open('extend=true')
    await gateway.pass(54)
    await gateway.use()
    broken = true
    await gateway.pass(3)
    expect(renewals(gateway)).toEqual([])
    broken = false
    await gateway.pass(20)
    expect(await gateway.isOpen()).toBe(true)
  })

  it('is refused with a hint where madre is a real one, and nothing is opened', async () => {
    const gateway = start(database(), { MADRE_URL: 'http://madre.test:8001' })
    const response = await gateway.post(`${api}/open?extend=true`, { services: ['switch'], ttl_sec: 60 })
    expect(response.status).toBe(501)
    expect(await response.json()).toMatchObject({
      ...{
        error: 'not_implemented',
        error_code: 'not_implemented',
        detail: expect.stringContaining('longer ttl_seconds'),
      },
    })
    expect(gateway.network.exchanges).toEqual([])
    expect((await gateway.post(`${api}/open?extend=false`, { services: ['switch'] })).status).toBe(503)
  })

  it.each<[string, object]>([
    ['extend=true', { mode: 'hold' }],
    ['extend=true&max_ttl_sec=59', {}],
    ['extend=true&max_ttl_seconds=59', {}],
    ['extend=true&max_ttl_sec=86401', {}],
    ['extend=true&max_ttl_sec=0', {}],
    ['extend=true&max_ttl_sec=1e3', {}],
    ['extend=yes', {}],
    ['extend=', {}],
  ])('refuses %s with %j', async (query, body) => {
    const gateway = start()
    const response = await gateway.post(`${api}/open?${query}`, { services: ['switch'], ttl_sec: 60, ...body })
    await expectProblem(response, 'validation_error')
    expect(await gateway.isOpen()).toBe(false)
  })

  it('works with wait=ready, and under every name of the route', async () => {
    const gateway = start()
    for (const path of ['/api/window', '/operator/power/window', '/operator/api/v1/chat/window']) {
      const response = await gateway.post(`${path}/open?extend=true&wait=ready`, { services: ['switch'], ttl_sec: 60 })
      expect(await response.json()).toMatchObject({ renewal: { ttl_seconds: 60 }, ready: { switch: true } })
      expect((await gateway.post(`${path}/close`)).status).toBe(200)
    }
  })
})

describe('the activity of a window', () => {
  it('is told by service, for the services of the window that the gateway reaches', async () => {
    const gateway = start(database(), { HERMES_URL: 'http://hermes.test:8003' })
    expect((await gateway.read()).activity).toEqual({})
    const { activity, renewal } = await gateway.open('', { services: ['switch', 'hermes', 'mcp'] })
    const idle = { requests: 0, streams: 0, sockets: 0, last_activity: null }
    expect(activity).toEqual({ switch: idle, hermes: idle })
    expect(renewal).toBeNull()
    await gateway.use()
    const used = new Date(gateway.clock.now()).toISOString()
    await gateway.clock.advance(5000)
    expect((await gateway.read()).activity).toEqual({ switch: { ...idle, last_activity: used }, hermes: idle })
    const status = (await (await gateway.authorized('/operator/api/status')).json()) as { window: object }
    expect(status.window).toMatchObject({ activity: { switch: { last_activity: used } } })
  })

  it('renews nothing in a window without extend', async () => {
    const gateway = start()
    await gateway.open('')
    for (let second = 0; second < 60; second++) {
      expect(await gateway.use()).toBe(200)
      await gateway.pass(1)
    }
    expect(await gateway.use()).toBe(403)
  })
})

describe('extending on request', () => {
  const deadlineOf = async ({ read }: ReturnType<typeof start>) => Date.parse((await read()).deadline ?? '')

  it('moves the deadline from now, never back, tells who did, and stops nothing', async () => {
    const gateway = start()
    const { window_id } = await gateway.open('', { ttl_sec: 60 })
    await gateway.pass(50)
    const response = await gateway.post(`${api}/extend`, { ttl_sec: 600 })
    const extended = v.parse(WindowChange, await response.json())
    expect(extended).toMatchObject({ window_id, state: 'open', services_stopped: [] })
    const end = gateway.clock.now() + 600_000
    expect(Date.parse(extended.deadline ?? '')).toBe(end)
    expect((await gateway.post(`${api}/extend`, { ttl_sec: 1 })).status).toBe(200)
    expect(await deadlineOf(gateway)).toBe(end)
    await gateway.pass(599)
    expect(await gateway.isOpen()).toBe(true)
    await gateway.pass(2)
    expect(await gateway.isOpen()).toBe(false)
    expect(renewals(gateway)[0]).toMatchObject({ payload: { window_id, principal: 'link' } })
    const actions = (await recordedEvents(database())).map(({ action }) => action)
    expect(actions).toEqual(['window_opened', 'window_extended', 'window_expired'])
  })

  it('is refused without a window, for one that is held, and beyond the bounds', async () => {
    const gateway = start()
    await expectProblem(await gateway.post(`${api}/extend`, { ttl_sec: 60 }), 'no_active_window', 'error')
    await gateway.open('', { mode: 'hold' })
    for (const body of [{ ttl_sec: 60 }, { ttl_sec: 0 }, { ttl_seconds: 86_401 }, { ttl_seconds: 60, ttl_sec: 61 }, {}])
      await expectProblem(await gateway.post(`${api}/extend`, body), 'validation_error')
  })

  it('is refused before a real madre, who is not even asked', async () => {
    const gateway = testApp({ deps: { database: database() } })
    const body = JSON.stringify({ ttl_sec: 60 })
    await expectProblem(await gateway.authorized(`${api}/extend`, { method: 'POST', body }), 'not_implemented', 'error')
    expect(gateway.network.exchanges).toEqual([])
  })
})
