/** What VX11's own consoles, mcp and scripts send and read, where the gateway once answered something else. */
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { bodyOf, tellWindow } from '../support/power-window.ts'
import { testApp, tokens } from '../support/test-app.ts'

const madre = 'http://madre.test:8001'
const database = testDatabase()

function vx11(env: Record<string, string> = {}) {
  const gateway = testApp({ env: { SPAWNER_URL: 'http://spawner.test:8008', ...env }, deps: { database: database() } })
  const post = async (path: string, body: unknown, headers = {}) => {
    const response = await gateway.authorized(path, { method: 'POST', body: JSON.stringify(body), headers })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
  const get = async (path: string) => {
    const response = await gateway.authorized(path)
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
  const sentTo = (url: string) => gateway.network.exchanges.filter((exchange) => exchange.url === url).map(bodyOf)
  return { ...gateway, post, get, sentTo }
}

describe('intents', () => {
  const done = { status: 'DONE', mode: 'MADRE', provider: 'fallback_local', response: {}, degraded: false }

  it('takes mcp’s words, and finds the result of what it sent alone', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/vx11/intent`, jsonAnswer(done))
    for (const id of ['sent-1', 'nope']) gateway.network.answer(`${madre}/vx11/result/${id}`, jsonAnswer(done))
    const intent = { intent_type: 'execute', priority: 'high', text: 'go', correlation_id: 'sent-1' }
    expect((await gateway.post('/vx11/intent', intent)).status).toBe(200)
    expect(gateway.sentTo(`${madre}/vx11/intent`)).toEqual([
      expect.objectContaining({ intent_type: 'exec', priority: 'P0' }),
    ])
    expect(await gateway.get('/vx11/result/sent-1')).toMatchObject({ status: 200, json: { status: 'DONE' } })
    expect((await gateway.get('/vx11/result/nope')).status).toBe(404)
  })

  it('has the same members, whatever refuses it', async () => {
    const gateway = vx11()
    const members = { status: 'ERROR', mode: 'FALLBACK', provider: null, degraded: true }
    tellWindow(gateway.network, [])
    const closed = await gateway.post('/vx11/intent', { require: { spawner: true } })
    expect(closed).toMatchObject({ status: 403, json: { ...members, response: { required_service: 'spawner' } } })
    gateway.network.answer(`${madre}/vx11/intent`, new TransportError('unreachable'))
    const away = await gateway.post('/vx11/intent', {})
    expect(away).toMatchObject({ status: 503, json: { ...members, response: { reason: 'madre_unavailable' } } })
  })
})

it('gives the spawner the name that the console calls task_name', async () => {
  const gateway = vx11()
  tellWindow(gateway.network, ['spawner'])
  const spawner = 'http://spawner.test:8008/spawn'
  gateway.network.answer(spawner, jsonAnswer({ spawn_uuid: 'u-1', name: 'mix' }))
  gateway.network.answer(`${madre}/madre/intent`, jsonAnswer({ status: 'accepted' }))
  await gateway.post('/vx11/spawn', { task_type: 'shell', code: 'true', task_name: 'mix' })
  await gateway.post('/operator/api/spawner/submit', { cmd: 'true', task_name: 'mix' })
  expect(gateway.sentTo(spawner)).toEqual([
    expect.objectContaining({ name: 'mix' }),
    expect.objectContaining({ name: 'mix' }),
  ])
})

describe('the chat', () => {
  const chat = '/operator/api/chat'

  it('does not take madre’s template for an answer', async () => {
    const gateway = vx11()
    const template = { response: 'Plan executed.', status: 'DONE', provider: 'fallback_local', model: 'local' }
    gateway.network.answer(`${madre}/madre/chat`, jsonAnswer(template))
    expect((await gateway.post(chat, { message: 'hi' })).json).toMatchObject({ provider: 'local' })
    const spoken = { ...template, response: 'Hello.', provider: 'deepseek', model: 'deepseek-reasoner' }
    gateway.network.answer(`${madre}/madre/chat`, jsonAnswer(spoken))
    await gateway.clock.advance(120_000)
    expect((await gateway.post(chat, { message: 'hi again' })).json).toMatchObject({ provider: 'madre' })
  })

  it('enqueues nothing at madre for a caller with scope operator', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/madre/chat`, jsonAnswer({ response: 'ran it', status: 'DONE' }))
    const headers = { 'x-vx11-token': tokens.operator }
    expect((await gateway.post(chat, { message: 'run it', session_id: 'of-operator' }, headers)).json).toMatchObject({
      provider: 'local',
    })
    expect(gateway.sentTo(`${madre}/madre/chat`)).toEqual([])
  })

  it('shares no cached answer between two callers without a session', async () => {
    const gateway = vx11({ VX11_MOCK_PROVIDERS: 'true' })
    const first = await gateway.post(chat, { message: 'same' })
    const second = await gateway.post(chat, { message: 'same' })
    expect([first.json.cache_hit, second.json.cache_hit]).toEqual([false, false])
    const named = { message: 'same', session_id: first.json.session_id }
    await gateway.post(chat, named)
    expect((await gateway.post(chat, named)).json.cache_hit).toBe(true)
  })
})

it('lists the windows, one at most, also under v1', async () => {
  const gateway = vx11()
  tellWindow(gateway.network, [])
  expect((await gateway.get('/operator/api/windows')).json).toMatchObject({ mode: 'solo_madre', windows: [], total: 0 })
  await gateway.clock.advance(2000)
  tellWindow(gateway.network, ['spawner'])
  expect((await gateway.get('/operator/api/v1/windows')).json).toMatchObject({
    windows: [{ window_id: 'w-1', state: 'open', services: ['spawner'] }],
    total: 1,
  })
})

it('says service_offline of a change whose module is away', async () => {
  const gateway = vx11()
  const away = { error: 'madre_unavailable', status: 'service_offline' }
  expect((await gateway.post('/operator/power/service/switch/stop', {})).json).toMatchObject(away)
  expect((await gateway.post('/operator/power/policy/solo_madre/apply', {})).json).toMatchObject(away)
  const task = await gateway.post('/operator/task', { task_type: 'chat', payload: {} })
  expect(task.json).toMatchObject({ error: 'switch_unavailable', status: 'service_offline' })
  const colony = await gateway.post('/operator/inee/colony/register', {})
  expect(colony.json).toMatchObject({ error: 'upstream_unavailable', status: 'service_offline' })
  const login = { username: 'ana', password: 'p4ss' }
  for (const backend of [gateway, vx11({ OPERATOR_URL: 'http://operator.test:8011' })])
    for (const path of ['/auth/login', '/auth/logout'])
      expect((await backend.post(path, login)).json).toMatchObject({
        error: 'upstream_unavailable',
        status: 'service_offline',
      })
})

it('reports the power status from what is measured where there is no docker', async () => {
  const gateway = vx11({ MADRE_URL: 'embedded' })
  const status = await gateway.get('/operator/power/status')
  expect(status).toMatchObject({ status: 200, json: { status: 'ok', source: 'health_checks' } })
  expect(status.json.services).toContainEqual({ Service: 'switch', State: expect.any(String) })
})

it('redirects a trailing slash to the path that exists, and to no other host', async () => {
  const gateway = vx11()
  const moved = await gateway.authorized('/operator/api/status/?a=1')
  expect([moved.status, moved.headers.get('location')]).toEqual([308, '/operator/api/status?a=1'])
  for (const [method, path] of [
    ['GET', '/vx11/status'],
    ['POST', '/auth/login'],
    ['GET', '/health'],
  ] as const) {
    const open = await gateway.request(`${path}/`, { method })
    expect([open.status, open.headers.get('location')]).toEqual([308, path])
  }
  expect((await gateway.request('/operator/api/status/')).status).toBe(401)
  expect((await gateway.request('/shub/health/')).status).toBe(403)
  expect((await gateway.authorized('/operator/api/nothing/')).status).toBe(404)
  expect((await gateway.authorized('//evil.test/')).headers.get('location')).toBeNull()
})

it('measures nothing without samples', async () => {
  const text = await (await vx11().authorized('/metrics')).text()
  expect(text).not.toMatch(/^(shub_proxy_latency_p\d+|cache_hit_rate) /m)
  expect(text).not.toContain('NaN')
})

it('names the operator backend as compose does, and knows it by its other names', async () => {
  const gateway = vx11()
  for (const name of ['operator-backend', 'operator_backend', 'operator']) {
    expect((await gateway.get(`/operator/api/modules/${name}`)).json).toMatchObject({ name: 'operator-backend' })
  }
})

it('names it so in every view of the modules', async () => {
  const gateway = vx11({ OPERATOR_URL: 'http://operator.test:8011' })
  const named = { 'operator-backend': expect.anything() }
  const status = (await gateway.get('/vx11/status')).json
  expect(status).toMatchObject({ modules: { 'operator-backend': { module: 'operator-backend' } } })
  expect(status.reasons).toContainEqual(expect.stringMatching(/^operator-backend: /))
  expect((await gateway.get('/vx11/overview')).json).toMatchObject({ modules_health: named })
  expect((await gateway.get('/operator/api/modules')).json).toMatchObject({ modules: named })
  const health = (await gateway.get('/operator/api/health')).json
  expect(health.latencies_ms).toHaveProperty('operator-backend')
})

it('names the store when a window does not open because the disk is full', async () => {
  const full = {
    ...database(),
    open: () => {
      throw new Error('SQLITE_FULL: database or disk is full')
    },
  }
  const gateway = testApp({ env: { MADRE_URL: 'embedded' }, deps: { database: full } })
  const body = JSON.stringify({ services: ['switch'] })
  const response = await gateway.authorized('/operator/api/window/open', { method: 'POST', body })
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    error: 'database_unavailable',
    detail: expect.stringContaining('disk'),
  })
})
