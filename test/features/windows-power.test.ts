import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { TargetClosed, TargetOpened, TargetStatus } from '../../src/features/windows/core/schema.ts'
import {
  MadreReport,
  PolicyAccepted,
  PowerStateAnswer,
  PowerToken,
  ServicePlan,
} from '../../src/features/windows/power/schema.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp, tokens } from '../support/test-app.ts'
import { expectJson, expectWindowError, madre } from '../support/windows-app.ts'

const windowed = jsonAnswer({
  policy: 'windowed',
  window_id: 'w-1',
  created_at: '2027-01-15T08:00:00.000000+00:00Z',
  deadline: '2027-01-15T08:01:00.000000+00:00Z',
  ttl_remaining_sec: 59,
  active_services: ['switch', 'redis', 'madre'],
})

function vx11(deps = {}) {
  const gateway = testApp({ env: { SWITCH_URL: 'http://switch.test:8002' }, deps })
  gateway.network.answer(`${madre}/state`, windowed)
  const post = (path: string, body: unknown = {}, headers = {}) =>
    gateway.authorized(path, { method: 'POST', body: JSON.stringify(body), headers })
  const lastSent = () => {
    const init = gateway.network.exchanges.at(-1)?.init
    return { headers: init?.headers, limits: init?.limits, body: init?.body && decode(init.body as Uint8Array) }
  }
  return { ...gateway, post, lastSent }
}

const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes))

describe('GET /operator/power/state', () => {
  it('gives madre’s fields, moments mended, and those of the power card', async () => {
    const gateway = vx11()
    const state = await expectJson(await gateway.authorized('/operator/power/state'), PowerStateAnswer)
    expect(state).toMatchObject({
      status: 'ok',
      policy: 'windowed',
      window_id: 'w-1',
      created_at: '2027-01-15T08:00:00.000Z',
      deadline: '2027-01-15T08:01:00.000Z',
      active_services: ['madre', 'switch'],
      degraded: false,
    })
    expect(state.power_window).toEqual({
      policy: 'windowed',
      window_id: 'w-1',
      ttl_remaining: state.ttl_remaining_sec,
      running_services: ['madre', 'switch'],
    })
  })

  it('says that madre is away', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/state`, new TransportError('timeout'))
    const state = await expectJson(await gateway.authorized('/operator/power/state'), PowerStateAnswer)
    expect(state).toMatchObject({ status: 'service_offline', degraded: true, reason: 'upstream_timeout' })
  })
})

describe.each([
  ['/operator/power/status', '/status'],
  ['/operator/power/policy/solo_madre/status', '/policy/solo_madre/status'],
])('GET %s', (path, target) => {
  it('gives madre’s report', async () => {
    const gateway = vx11()
    gateway.network.answer(madre + target, jsonAnswer({ status: 'ok', policy_active: false, services: [{ a: 1 }] }))
    const report = await expectJson(await gateway.authorized(path), MadreReport)
    expect(report).toEqual({ status: 'ok', policy_active: false, services: [{ a: 1 }] })
  })

  it('says 200 and service_offline when madre is away, and errors by name', async () => {
    const gateway = vx11()
    const report = await expectJson(await gateway.authorized(path), MadreReport)
    expect(report).toMatchObject({ status: 'service_offline', module: 'madre', error: 'madre_unavailable' })
    gateway.network.answer(madre + target, jsonAnswer({ detail: 'not here' }, 501))
    await expectWindowError(await gateway.authorized(path), 'not_implemented')
    for (const status of [404, 500]) {
      gateway.network.answer(madre + target, jsonAnswer({ detail: 'Not Found' }, status))
      await expectWindowError(await gateway.authorized(path), 'madre_failed')
    }
  })
})

describe('POST /operator/power/policy/solo_madre/apply', () => {
  const path = '/operator/power/policy/solo_madre/apply'
  const target = `${madre}/policy/solo_madre/apply`

  it('gives madre’s word when it comes at once', async () => {
    const gateway = vx11()
    gateway.network.answer(target, jsonAnswer({ status: 'ok', policy: 'solo_madre', executed: [] }))
    expect(await expectJson(await gateway.post(path), MadreReport)).toMatchObject({ policy: 'solo_madre' })
    expect(gateway.lastSent().limits?.firstByteMs).toBe(385_000)
    gateway.network.answer(target, jsonAnswer({}, 500))
    await expectWindowError(await gateway.post(path), 'madre_failed')
  })

  it('says 202 after a second, because madre may stop the gateway, and goes on', async () => {
    const work: Promise<unknown>[] = []
    const gateway = vx11({ background: (each: Promise<unknown>) => void work.push(each) })
    let done: () => void = () => {}
    gateway.network.answer(target, () => new Promise((resolve) => (done = () => resolve(jsonAnswer({}, 500)))))
    let isOver = false
    const answer = Promise.resolve(gateway.post(path)).finally(() => {
      isOver = true
    })
    while (!isOver) await gateway.clock.advance(100)
    const accepted = await expectJson(await answer, PolicyAccepted, 202)
    expect(accepted.status_url).toBe('/operator/power/policy/solo_madre/status')
    done()
    await Promise.all(work)
    expect(gateway.logLines).toContainEqual(expect.objectContaining({ event: 'policy_not_applied' }))
  })
})

describe('POST /operator/power/service/{name}/{action}', () => {
  const plan = { status: 'plan', apply: false, service: 'switch', plan: [{ cmd: ['docker'] }], executed: [] }
  const url = (action: string, name = 'switch') => `${madre}/service/${name}/${action}`

  it.each(['start', 'stop', 'restart'])('shows the plan to %s as a plan', async (action) => {
    const gateway = vx11()
    gateway.network.answer(url(action), jsonAnswer({ ...plan, action }))
    const response = await gateway.authorized(`/operator/power/service/switch/${action}`, { method: 'POST' })
    expect(await expectJson(response, ServicePlan)).toMatchObject({ status: 'plan', apply: false, action })
    expect(gateway.lastSent().body).toEqual({ apply: false, confirm: null })
  })

  it('passes on the confirmation and both factors, under one user agent', async () => {
    const gateway = vx11()
    gateway.network.answer(url('stop'), jsonAnswer({ ...plan, status: 'ok', apply: true, executed: [{ rc: 0 }] }))
    const headers = { 'X-VX11-Power-Key': 'key', 'X-VX11-Power-Token': 'token', 'user-agent': 'curl' }
    const body = { apply: true, confirm: 'I_UNDERSTAND_THIS_STOPS_SERVICES' }
    const response = await gateway.post('/operator/power/service/switch/stop', body, headers)
    expect(await expectJson(response, ServicePlan)).toMatchObject({ status: 'ok', executed: [{ rc: 0 }] })
    expect(gateway.lastSent()).toMatchObject({
      body,
      headers: { 'x-vx11-power-key': 'key', 'x-vx11-power-token': 'token', 'user-agent': 'tentaculo-link/7.0' },
    })
    gateway.network.answer(`${madre}/token`, jsonAnswer({ status: 'ok', token: 'p-1', expires_at: 'soon' }))
    expect((await expectJson(await gateway.authorized('/operator/power/token'), PowerToken)).token).toBe('p-1')
    expect(gateway.lastSent().headers).toMatchObject({ 'user-agent': 'tentaculo-link/7.0' })
  })

  it.each([
    [400, { security: { key: true, token: false, confirm: false, rate_ok: true } }, 'power_not_confirmed'],
    [400, 'what', 'power_not_confirmed'],
    [429, {}, 'too_many_requests'],
    [404, { detail: 'service_not_allowed' }, 'service_not_allowed'],
    [500, {}, 'madre_failed'],
    [200, { status: 'fine' }, 'madre_failed'],
  ] as const)('names madre’s %i %j', async (status, json, code) => {
    const gateway = vx11()
    gateway.network.answer(url('start'), jsonAnswer(json, status))
    const body = await expectWindowError(await gateway.post('/operator/power/service/switch/start'), code)
    if (typeof json === 'object' && 'security' in json) {
      expect(body.error_msg).toMatch(/missing: X-VX11-Power-Token, the confirmation\.$/)
    }
  })

  it('refuses names that are not on the list, and bodies of another shape', async () => {
    const gateway = vx11()
    for (const name of ['redis', 'shub', 'a%3Fb=1', 'switch%00', '__proto__']) {
      const response = await gateway.post(`/operator/power/service/${name}/start`)
      expect([400, 422], name).toContain(response.status)
    }
    for (const body of [{ apply: 'yes' }, { confirm: 'x'.repeat(129) }, { confirm: {} }, [], 'text']) {
      await expectProblem(await gateway.post('/operator/power/service/switch/start', body), 'validation_error')
    }
    expect(gateway.network.exchanges).toEqual([])
  })

  it('is for administrators, and so is a power token', async () => {
    const gateway = vx11()
    const headers = { 'x-vx11-token': tokens.operator }
    const start = '/operator/power/service/switch/start'
    await expectProblem(await gateway.request(start, { method: 'POST', headers }), 'forbidden')
    await expectProblem(await gateway.request('/operator/power/token', { headers }), 'forbidden')
    expect((await gateway.request('/operator/power/state', { headers })).status).toBe(200)
  })
})

describe('/vx11/window', () => {
  it('opens madre’s window for one target, in HEAD’s words and its own', async () => {
    const gateway = vx11()
    gateway.network.answer(
      `${madre}/window/open`,
      jsonAnswer({ window_id: 'w-1', deadline: '2027-01-15T08:01:00Z', services_started: ['switch'] }),
    )
    const response = await gateway.post('/vx11/window/open', { target: 'switch', ttl_seconds: 60 })
    expect(await expectJson(response, TargetOpened)).toMatchObject({
      target: 'switch',
      is_open: true,
      window_id: 'w-1',
      expires_at: '2027-01-15T08:01:00.000Z',
      state: 'open',
    })
    const sent = gateway.network.exchanges.find(({ url }) => url.endsWith('/open'))
    expect(decode(sent?.init.body as Uint8Array)).toEqual({
      services: ['switch'],
      ttl_sec: 60,
      mode: 'ttl',
      reason: 'operator_manual',
    })
  })

  it('tells of each target whether the window holds it', async () => {
    const gateway = vx11()
    const status = async (target: string) =>
      expectJson(await gateway.authorized(`/vx11/window/status/${target}`), TargetStatus)
    expect(await status('switch')).toMatchObject({ is_open: true, opened_at: '2027-01-15T08:00:00.000Z' })
    expect(await status('hermes')).toMatchObject({ is_open: false, opened_at: null, window_id: 'w-1' })
    await expectWindowError(await gateway.authorized('/vx11/window/status/nobody'), 'service_not_allowed')
  })

  it('closes the window for a target that it holds, and asks what to close', async () => {
    const gateway = vx11()
    const closed = { window_id: 'w-1', closed_at: '2027-01-15T08:00:30Z', services_stopped: ['switch'] }
    gateway.network.answer(`${madre}/window/close`, jsonAnswer(closed))
    await expectWindowError(await gateway.post('/vx11/window/close', { target: 'hermes' }), 'no_active_window')
    for (const target of ['madre', 'redis', 'nobody', ''])
      await expectWindowError(await gateway.post('/vx11/window/close', { target }), 'service_not_allowed')
    await expectProblem(await gateway.post('/vx11/window/close', {}), 'validation_error')
    await expectProblem(await gateway.authorized('/vx11/window/close', { method: 'POST' }), 'validation_error')
    expect(gateway.network.exchanges.filter(({ url }) => url.endsWith('/close'))).toEqual([])
    const answer = await expectJson(await gateway.post('/vx11/window/close', { target: 'switch' }), TargetClosed)
    expect(answer).toMatchObject({ closed: true, was_open: true, services_stopped: ['switch'] })
  })

  it('refuses other bounds and shapes', async () => {
    const gateway = vx11()
    for (const body of [
      {},
      { target: 1 },
      { target: 'switch', ttl_seconds: 0 },
      { target: 'switch', ttl_seconds: 86_401 },
    ]) {
      await expectProblem(await gateway.post('/vx11/window/open', body), 'validation_error')
    }
  })
})
