/** What the gateway says while madre opens or closes a window for it: she answers nothing else then. */
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { probeServices } from '../../src/features/truth/probe.ts'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { api, madre, windowsApp } from '../support/windows-app.ts'

const madreHealth = 'http://madre.test:8001/health'
const switchHealth = 'http://switch.test:8002/health'
const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A madre that holds one change until `finish`, and times out on everything else meanwhile. */
async function busyMadre(action: 'open' | 'close') {
  const gateway = windowsApp()
  const { network } = gateway
  network.answer(madreHealth, jsonAnswer({ status: 'ok' }))
  network.answer('http://shub.test:8007/health', jsonAnswer({ status: 'ok' }))
  await gateway.services.healthChecks.check('madre')
  if (action === 'close') await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 600 })
  await gateway.read()
  let finish: (answer: UpstreamAnswer) => void = () => {}
  network.answer(`${madre}/window/${action}`, () => new Promise((resolve) => (finish = resolve)))
  const silent = new TransportError('timeout')
  for (const url of [madreHealth, `${madre}/state`, 'http://madre.test:8001/madre/status']) network.answer(url, silent)
  const answer = gateway.post(`${api}/${action}`, { services: ['switch'], ttl_sec: 600, reason: 'mixing' })
  while (gateway.sent(`/window/${action}`).length === 0) await turn()
  return { ...gateway, answer, finish: (json: object) => finish(jsonAnswer(json)) }
}

const opened = {
  window_id: 'w-7',
  deadline: '2027-01-15T08:10:00Z',
  ttl_remaining_sec: 600,
  services_started: ['switch'],
}

describe.each(['open', 'close'] as const)('while madre works to %s a window', (action) => {
  it('calls her neither dead nor degraded', async () => {
    const gateway = await busyMadre(action)
    for (let check = 0; check < 6; check++) {
      await gateway.clock.advance(6000)
      await gateway.services.healthChecks.check('madre')
    }
    expect(gateway.announced.filter(({ severity }) => severity === 'crit')).toEqual([])
    const status = await (await gateway.authorized('/vx11/status')).json()
    expect(status).toMatchObject({ degraded: false, modules: { madre: { status: 'ok', up: true, reason: 'busy' } } })
    const word = action === 'open' ? 'opening' : 'closing'
    expect(await gateway.read()).toMatchObject({
      status: word,
      degraded: false,
      health: 'ok',
      madre_status: 'UP',
      reason: null,
      change: { state: word, services: expect.arrayContaining(['switch']) },
    })
    const round = await probeServices({ ...gateway.services, policy: gateway.services.policy })
    const found = Object.fromEntries(round.map((each) => [each.service, each.status]))
    expect(found).toMatchObject({ madre: 'UNKNOWN', switch: action === 'open' ? 'UNKNOWN' : 'OFF_BY_POLICY' })
  })
})

it('lets nothing in while the window closes', async () => {
  const gateway = await busyMadre('close')
  expect((await gateway.authorized('/switch/x')).status).toBe(403)
})

it('calls her dead when she refuses connections meanwhile', async () => {
  const gateway = await busyMadre('open')
  gateway.network.answer(madreHealth, new TransportError('unreachable'))
  for (let check = 0; check < 4; check++) {
    await gateway.clock.advance(6000)
    await gateway.services.healthChecks.check('madre')
  }
  expect(gateway.announced).toContainEqual(expect.objectContaining({ type: 'gateway.module.down', module: 'madre' }))
})

it('announces the window with the services asked for, the reason, who asked and the correlation id', async () => {
  const gateway = windowsApp()
  const headers = { 'x-correlation-id': 'mix-1' }
  await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 600, reason: 'mixing' }, headers)
  await gateway.post(`${api}/close`, {}, { 'x-correlation-id': 'mix-2' })
  const told = gateway.announced.filter(({ type }) => type.startsWith('gateway.window'))
  expect(told).toEqual([
    expect.objectContaining({
      type: 'gateway.window.opened',
      correlationId: 'mix-1',
      payload: expect.objectContaining({ services: ['switch'], reason: 'mixing', principal: 'link' }),
    }),
    expect.objectContaining({
      type: 'gateway.window.closed',
      correlationId: 'mix-2',
      payload: expect.objectContaining({ services: ['switch'], reason: 'closed on request', principal: 'link' }),
    }),
  ])
})

it('announces a window that was opened through the proxy alike', async () => {
  const gateway = windowsApp()
  gateway.network.answer(`${madre}/window/open`, jsonAnswer(opened))
  const headers = { 'x-correlation-id': 'mix-3', 'content-type': 'application/json', 'x-vx11-principal': 'mallory' }
  await gateway.post('/madre/power/window/open', { services: ['hermes'], ttl_sec: 60, reason: 'by hand' }, headers)
  const active_services = ['hermes', 'madre', 'redis']
  gateway.network.answer(`${madre}/state`, jsonAnswer({ ...opened, policy: 'windowed', active_services }))
  await gateway.read()
  expect(gateway.announced).toContainEqual(
    expect.objectContaining({
      type: 'gateway.window.opened',
      correlationId: 'mix-3',
      payload: expect.objectContaining({ services: ['hermes'], principal: 'link' }),
    }),
  )
})

describe('a module whose window closes', () => {
  it('is stopped, which is information, and no alarm', async () => {
    const gateway = windowsApp()
    gateway.network.answer(switchHealth, jsonAnswer({ status: 'ok' }))
    await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 600 })
    await gateway.services.healthChecks.check('switch')
    await gateway.post(`${api}/close`)
    gateway.network.answer(switchHealth, new TransportError('unreachable'))
    for (let check = 0; check < 4; check++) {
      await gateway.clock.advance(6000)
      await gateway.services.healthChecks.check('switch')
    }
    const turns = gateway.announced.filter(({ type }) => type.startsWith('gateway.module'))
    expect(turns.map(({ type, severity }) => [type, severity])).toEqual([
      ['gateway.module.up', 'info'],
      ['gateway.module.stopped', 'info'],
    ])
  })

  it('is an alarm when the window is open, and when a new window does not start it', async () => {
    const gateway = windowsApp()
    gateway.network.answer(switchHealth, new TransportError('unreachable'))
    await gateway.services.healthChecks.check('switch')
    expect(gateway.announced.map(({ type }) => type)).not.toContain('gateway.module.down')
    await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 600 })
    for (let check = 0; check < 4; check++) {
      await gateway.clock.advance(6000)
      await gateway.services.healthChecks.check('switch')
    }
    expect(gateway.announced).toContainEqual(
      expect.objectContaining({ type: 'gateway.module.down', severity: 'crit', module: 'switch' }),
    )
  })

  it('that still runs is shown as running without a window', async () => {
    const gateway = windowsApp()
    gateway.network.answer(switchHealth, jsonAnswer({ status: 'ok', active_model: 'm-1', deps: { hermes: 'down' } }))
    const { modules } = (await (await gateway.authorized('/vx11/status')).json()) as { modules: { switch: object } }
    expect(modules.switch).toMatchObject({
      up: true,
      reason: 'runs_without_window',
      reported: { active_model: 'm-1', deps: { hermes: 'down' } },
    })
  })
})

it('closes for a madre that restarted with a live window, as opening does', async () => {
  const gateway = windowsApp()
  await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 600 })
  let closes = 0
  gateway.network.answer(`${madre}/state`, () =>
    closes > 0 ? jsonAnswer({ policy: 'solo_madre', active_services: ['madre'] }) : jsonAnswer({}, 500),
  )
  gateway.network.answer(`${madre}/window/close`, () => {
    closes++
    return jsonAnswer({ detail: "Internal error: can't subtract offset-naive and offset-aware datetimes" }, 500)
  })
  const response = await gateway.post(`${api}/close`)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    state: 'closed',
    window_id: 'w-1',
    mode: 'solo_madre',
    services_stopped: [],
  })
  expect((await gateway.authorized('/switch/x')).status).toBe(403)
})

it('gives madre’s own reason to an administrator and to the log', async () => {
  const gateway = windowsApp()
  await gateway.post(`${api}/open`, { services: ['switch'] })
  const refused = await (await gateway.post(`${api}/open`, { services: ['switch'] })).json()
  expect(refused).toMatchObject({ error: 'window_already_active', upstream_reason: expect.stringContaining('w-1') })
  expect(gateway.logLines).toContainEqual(
    expect.objectContaining({ event: 'madre_refused', reason: expect.stringContaining('w-1') }),
  )
})

it('never says that madre is up beside why she does not answer', async () => {
  const gateway = windowsApp()
  gateway.network.answer(madreHealth, jsonAnswer({ status: 'ok' }))
  await gateway.services.healthChecks.check('madre')
  gateway.network.answer(`${madre}/state`, new TransportError('unreachable'))
  expect(await gateway.read()).toMatchObject({ reason: 'madre_unavailable', madre_status: 'DOWN' })
})

it('takes the readiness that wait=ready measured for the reading', async () => {
  const gateway = windowsApp()
  gateway.network.answer(switchHealth, new TransportError('unreachable'))
  await gateway.services.healthChecks.read('switch')
  gateway.network.answer(switchHealth, jsonAnswer({ status: 'ok' }))
  await gateway.post(`${api}/open?wait=ready`, { services: ['switch'] })
  expect(gateway.services.healthChecks.last('switch')).toMatchObject({ up: true })
})

it('measures no latency of what did not answer', async () => {
  const gateway = windowsApp()
  gateway.network.answer(switchHealth, new TransportError('unreachable'))
  expect(await gateway.services.healthChecks.read('switch')).toMatchObject({ up: false, latencyMs: null })
})

it('ends with the window that madre opened', async () => {
  const gateway = await busyMadre('open')
  gateway.network.answer(`${madre}/state`, jsonAnswer({ ...opened, policy: 'windowed', active_services: ['switch'] }))
  gateway.finish(opened)
  expect((await gateway.answer).status).toBe(200)
  expect(await gateway.read()).toMatchObject({ status: 'open', window_id: 'w-7', change: null })
})
