import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { Problem } from '../../src/http/answer/problem-body.ts'
import { observerExceptions } from '../../src/http/guards/observer-mode.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const powerUrl = 'http://madre.test:8001/madre/power/state'
const openUrl = 'http://madre.test:8001/madre/power/window/open'
const target = '/switch/queue/status'
const startMs = 1_800_000_000_000

const windowed = (services: readonly string[], more: object = {}) =>
  jsonAnswer({ policy: 'windowed', window_id: 'w-1', active_services: [...services, 'redis', 'madre'], ...more })
const solo = jsonAnswer({ policy: 'solo_madre', window_id: null, active_services: ['redis', 'madre'] })

function vx11(env: Record<string, string> = {}) {
  const gateway = testApp({ env: { SWITCH_URL: 'http://switch.test:8002', ...env } })
  gateway.network.answer(`http://switch.test:8002${target}`, jsonAnswer({ queue: [] }))
  const asked = (url: string) => gateway.network.exchanges.filter((exchange) => exchange.url === url).length
  return { ...gateway, asked, go: () => gateway.authorized(target) }
}

/** Asserts the whole union body of a policy refusal (contract shared/policy-refusals), and gives it. */
async function expectRefusal(response: Response, status = 'OFF_BY_POLICY'): Promise<Problem> {
  const text = await response.text()
  expect({ status: response.status, text }).toMatchObject({ status: 403 })
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = v.parse(Problem, JSON.parse(text))
  expect(body).toMatchObject({
    status,
    error: 'off_by_policy',
    status_code: 403,
    title: 'Off by policy',
    policy: expect.any(String),
    service: expect.any(String),
    reason: expect.any(String),
    message: expect.any(String),
    hint: expect.any(String),
    recommended_action: expect.any(String),
    retry_after_ms: null,
    correlation_id: response.headers.get('x-correlation-id'),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  })
  expect(body.detail).toBe(body.hint)
  return body
}

describe('requests to switch', () => {
  it('are refused while only madre runs, with the way to a window', async () => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, solo)
    const body = await expectRefusal(await gateway.go())
    expect(body).toMatchObject({
      policy: 'solo_madre',
      service: 'switch',
      reason: 'switch required but its window is not open',
      message: 'Disabled by SOLO_MADRE policy',
      hint: 'POST /operator/api/window/open {"services": ["switch"]}',
      timestamp: new Date(startMs).toISOString(),
    })
    expect(gateway.asked(`http://switch.test:8002${target}`)).toBe(0)
  })

  it('pass while a window lists it', async () => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, windowed(['switch']))
    expect((await gateway.go()).status).toBe(200)
  })

  it('are refused while a window lists others, with the hint to close it first', async () => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, windowed(['hermes']))
    const body = await expectRefusal(await gateway.go())
    expect(body).toMatchObject({
      policy: 'windowed',
      hint: expect.stringContaining('/operator/api/window/close, then'),
    })
  })

  it('are refused as WebSocket handshakes, too', async () => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, solo)
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    await expectRefusal(await gateway.authorized('/switch/socket', { headers }))
  })

  it('leave shub and madre alone', async () => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, solo)
    gateway.network.answer('http://shub.test:8007/status', jsonAnswer({}))
    gateway.network.answer('http://madre.test:8001/madre/plans', jsonAnswer({}))
    expect((await gateway.authorized('/shub/status')).status).toBe(200)
    expect((await gateway.authorized('/madre/plans')).status).toBe(200)
  })
})

describe('the mode', () => {
  it('is asked for once in two seconds, whoever calls', async () => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, windowed(['switch']))
    await Promise.all(Array.from({ length: 50 }, () => gateway.go()))
    expect(gateway.asked(powerUrl)).toBe(1)
    await gateway.clock.advance(1999)
    await gateway.go()
    expect(gateway.asked(powerUrl)).toBe(1)
    await gateway.clock.advance(1)
    await gateway.go()
    expect(gateway.asked(powerUrl)).toBe(2)
  })

  it('stays what it was when madre goes away', async () => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, windowed(['switch']))
    await gateway.go()
    gateway.network.answer(powerUrl, new TransportError('unreachable'))
    await gateway.clock.advance(10_000)
    expect((await gateway.go()).status).toBe(200)
  })

  it('is solo_madre where madre never told', async () => {
    const body = await expectRefusal(await vx11().go())
    expect(body).toMatchObject({ policy: 'solo_madre', reason: expect.stringContaining('madre does not report') })
  })

  it('ends with the window’s deadline, also between two questions and without madre', async () => {
    const gateway = vx11()
    const deadline = new Date(startMs + 1500).toISOString()
    gateway.network.answer(powerUrl, windowed(['switch'], { deadline, ttl_remaining_sec: 1 }))
    await gateway.clock.advance(0)
    expect((await gateway.go()).status).toBe(200)
    gateway.network.answer(powerUrl, new TransportError('unreachable'))
    await gateway.clock.advance(1499)
    expect((await gateway.go()).status).toBe(200)
    await gateway.clock.advance(1)
    await expectRefusal(await gateway.go())
    await gateway.clock.advance(5000)
    await expectRefusal(await gateway.go())
  })

  it('is asked for anew after a change that passed through the gateway, also a failed one', async () => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, solo)
    await expectRefusal(await gateway.go())
    gateway.network.answer(openUrl, jsonAnswer({ window_id: 'w-1' }))
    gateway.network.answer(powerUrl, windowed(['switch']))
    await gateway.authorized('/madre/power/window/open', { method: 'POST', body: '{}' })
    expect((await gateway.go()).status).toBe(200)
    gateway.network.answer(openUrl, new TransportError('timeout'))
    gateway.network.answer(powerUrl, solo)
    await gateway.authorized('/madre/power/window/open', { method: 'POST', body: '{}' })
    await expectRefusal(await gateway.go())
  })

  it('is not what was asked before the change and answered after it', async () => {
    const gateway = vx11()
    let tell: (value: ReturnType<typeof jsonAnswer>) => void = () => {}
    gateway.network.answer(powerUrl, () => new Promise((resolve) => (tell = resolve)))
    const early = gateway.go()
    await gateway.clock.advance(0)
    await new Promise((resolve) => setTimeout(resolve, 0))
    gateway.network.answer(openUrl, jsonAnswer({ window_id: 'w-1' }))
    await gateway.authorized('/madre/power/window/open', { method: 'POST', body: '{}' })
    gateway.network.answer(powerUrl, windowed(['switch']))
    tell(solo)
    await expectRefusal(await early)
    expect((await gateway.go()).status).toBe(200)
  })

  it.each([
    ['a 500', jsonAnswer({}, 500)],
    ['a list', jsonAnswer([])],
    ['no JSON', { status: 200, headers: {}, body: new TextEncoder().encode('<html>') }],
    ['numbers for words', jsonAnswer({ policy: 1, window_id: 2 })],
  ])('is unknown when madre answers %s', async (_what, answer) => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, answer)
    await expectRefusal(await gateway.go())
  })

  it('takes services that madre holds open without a window', async () => {
    const gateway = vx11()
    gateway.network.answer(powerUrl, windowed(['switch'], { window_id: null }))
    expect((await gateway.go()).status).toBe(200)
  })
})

describe('observer mode', () => {
  it('refuses every change through the gateway but the listed exceptions, and no read', async () => {
    const gateway = vx11({ VX11_OPERATOR_CONTROL_ENABLED: 'false', VX11_RATE_LIMIT_ENABLED: 'false' })
    gateway.network.answer(powerUrl, solo)
    const routes = gateway.app.routes
      .filter(({ path }) => path !== '/*' && path !== '/auth/login')
      .map(({ method, path }) => ({ method: method === 'ALL' ? 'POST' : method, path: plain(path) }))
    const changes = routes.filter(({ method, path }) => method !== 'GET' && !Object.hasOwn(observerExceptions, path))
    expect(changes.length).toBeGreaterThan(30)
    for (const prefix of ['/madre/', '/switch/', '/shub/', '/hermes/', '/operator/', '/vx11/']) {
      expect(
        changes.some(({ path }) => path.startsWith(prefix)),
        prefix,
      ).toBe(true)
    }
    for (const { method, path } of [...changes, ...passedThrough]) {
      // HEAD's clients of intents read the word of a failed one (contract H9).
      const status = path === '/vx11/intent' ? 'ERROR' : 'OFF_BY_POLICY'
      const body = await expectRefusal(await gateway.authorized(path, { method }), status)
      expect(body).toMatchObject({ policy: 'observer', message: 'Operator control disabled (observer mode)' })
    }
    for (const path of ['/vx11/status', '/operator/power/state', '/operator/api/window/status']) {
      expect((await gateway.authorized(path)).status).toBe(200)
    }
    expect(gateway.network.exchanges.every(({ init }) => init.method === 'GET')).toBe(true)
  })

  it('names exceptions that exist, and leaves them open', async () => {
    const gateway = vx11({ VX11_OPERATOR_CONTROL_ENABLED: 'false' })
    gateway.network.answer(powerUrl, solo)
    for (const path of Object.keys(observerExceptions)) {
      const body = await (await gateway.authorized(path, { method: 'POST', body: '{' })).json()
      expect(body, path).not.toMatchObject({ policy: 'observer' })
      expect(body, path).not.toMatchObject({ error: 'not_found' })
    }
    expect((await gateway.authorized('/nowhere', { method: 'POST' })).status).toBe(404)
  })
})

const plain = (path: string) => path.replace(/:\w+(\{[^}]*\})?/g, 'switch').replace(/\*$/, 'anything')
const passedThrough = [
  { method: 'POST', path: '/madre/power/window/open' },
  { method: 'POST', path: '/switch/task' },
  { method: 'PUT', path: '/shub/presets/1' },
  { method: 'DELETE', path: '/madre/intents/1' },
]
