/** The proxy of WebSockets in the real app, on a platform and before an upstream that exist on paper only. */
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../src/errors/gateway-error.ts'
import type { Deps, OpenedWebSocket, UpstreamAnswer, WebSocketUpstream } from '../../src/ports/index.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { tellWindow } from '../support/power-window.ts'
import { testApp } from '../support/test-app.ts'
import { fakePeer } from '../support/websocket-peer.ts'

const handshake = {
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

const env = {
  ALLOWED_ORIGINS: 'https://console.test',
  SWITCH_URL: 'http://switch.test:8002',
  VX11_RATE_LIMIT_ENABLED: 'no',
}

function webSocketApp(answer?: OpenedWebSocket | UpstreamAnswer | GatewayError) {
  const caller = fakePeer()
  const upstream = fakePeer()
  const calls: { target: string; init: Parameters<WebSocketUpstream>[1] }[] = []
  const accepted: Parameters<Deps['webSockets']['accept']>[1][] = []
  const opened = { peer: upstream, protocol: 'b', headers: { 'set-cookie': 'u=1', 'sec-websocket-accept': 'x' } }
  const webSockets: Deps['webSockets'] = {
    canAccept: () => true,
    accept(_c, agreed) {
      accepted.push(agreed)
      return { answer: new Response('accepted'), peer: caller }
    },
    open: new Set(),
  }
  const connect: WebSocketUpstream = async (target, init) => {
    calls.push({ target, init })
    if (answer instanceof GatewayError) throw answer
    return answer ?? opened
  }
  const webSocketUpstreams = { shub: connect, switch: connect }
  const app = testApp({ env, deps: { webSockets, webSocketUpstreams } })
  const ask = (path: string, headers: Record<string, string> = {}) =>
    app.authorized(path, { headers: { ...handshake, ...headers } })
  return { ...app, ask, webSockets, caller, upstream, calls, accepted }
}

it('connects the two ends, and forgets them when both are gone', async () => {
  const { ask, webSockets, caller, upstream, calls, accepted, logLines, clock } = webSocketApp()
  const response = await ask('/shub/live?x=1', { 'sec-websocket-protocol': 'a , b', origin: 'https://console.test' })
  expect(await response.text()).toBe('accepted')
  expect(calls).toMatchObject([{ target: '/live?x=1', init: { protocols: ['a', 'b'] } }])
  expect(Object.keys(calls[0]?.init.headers ?? {}).filter((name) => name.startsWith('sec-'))).toEqual([])
  expect(accepted[0]?.protocol).toBe('b')
  expect(accepted[0]?.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(accepted[0]?.headers.get('access-control-allow-origin')).toBe('https://console.test')
  expect(accepted[0]?.headers.get('set-cookie')).toBe('u=1')
  expect(accepted[0]?.headers.has('sec-websocket-accept')).toBe(false)

  caller.events.message('hello')
  expect([upstream.sent, webSockets.open.size]).toEqual([['hello'], 1])
  expect([...webSockets.open][0]?.leadsTo).toBe('shub')
  await clock.advance(1500)
  caller.events.closed(1000, '')
  upstream.events.closed(1000, '')
  expect(webSockets.open.size).toBe(0)
  expect(webSockets.lastEndedAt).toEqual({ shub: clock.now() })
  expect(logLines.find(({ event }) => event === 'websocket_closed')).toMatchObject({
    upstream: 'shub',
    duration_ms: 1500,
    count: 1,
    reason: 'caller 1000',
  })
})

it('gives the upstream’s answer when it refuses', async () => {
  const { ask, webSockets } = webSocketApp({
    status: 401,
    headers: { 'www-authenticate': 'x', 'sec-websocket-version': '13', upgrade: 'websocket' },
    body: new TextEncoder().encode('no'),
  })
  const response = await ask('/shub/live')
  expect([response.status, await response.text(), webSockets.open.size]).toEqual([401, 'no', 0])
  expect(response.headers.get('www-authenticate')).toBe('x')
  expect(response.headers.has('upgrade')).toBe(false)
})

it('lets go of the upstream when the caller is gone by then', async () => {
  const { ask, webSockets, upstream } = webSocketApp()
  webSockets.accept = () => {
    throw new GatewayError('client_closed_request')
  }
  upstream.listen({ message: () => {}, closed: () => {}, alive: () => {} })
  await expectProblem(await ask('/shub/live'), 'client_closed_request')
  expect([upstream.terminated, webSockets.open.size]).toEqual([true, 0])
})

it('gives the trace to the upstream’s layers, and tells what they wrote to whoever asks', async () => {
  const { ask, calls, accepted } = webSocketApp()
  await ask('/shub/live', { 'x-vx11-explain': '1' })
  expect(calls[0]?.init.trace).toEqual({ attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] })
  expect(accepted[0]?.headers.get('server-timing')).toMatch(/^gateway;dur=.*, upstream;dur=0.00$/)
  expect(accepted[0]?.headers.get('x-vx11-decision')).toMatch(/route=.*circuit=none, attempts=0/)
})

describe('sockets that are open', () => {
  const metrics = async ({ authorized }: ReturnType<typeof webSocketApp>) => (await authorized('/metrics')).text()

  it('are told by upstream', async () => {
    const app = webSocketApp()
    expect(await metrics(app)).toContain('vx11_upstream_sockets{upstream="shub"} 0')
    await app.ask('/shub/live')
    await app.ask('/shub/live')
    const text = await metrics(app)
    expect(text).toContain('vx11_upstream_sockets{upstream="shub"} 2')
    expect(text).toContain('vx11_upstream_sockets{upstream="switch"} 0')
  })

  it('are 100 of one principal; one that ended makes room', async () => {
    const app = webSocketApp()
    for (let i = 0; i < 100; i++) expect((await app.ask('/shub/live')).status).toBe(200)
    const response = await app.ask('/shub/live')
    expect(response.headers.get('retry-after')).toBe('10')
    await expectProblem(response, 'too_many_requests')
    expect(app.calls).toHaveLength(100)
    expect(await metrics(app)).toContain('vx11_upstream_rejections_total{upstream="shub",reason="too_many_sockets"} 1')
    app.caller.events.closed(1000, '')
    app.upstream.events.closed(1000, '')
    expect((await app.ask('/shub/live')).status).toBe(200)
    await expectProblem(await app.ask('/shub/live'), 'too_many_requests')
  })

  it.each([
    ['refused', { status: 403, headers: {}, body: null }, 403],
    ['failed', new GatewayError('shub_unavailable'), 503],
  ] as const)('are none after a handshake that %s', async (_how, answer, status) => {
    const { ask } = webSocketApp(answer)
    for (let i = 0; i < 101; i++) expect((await ask('/shub/live')).status).toBe(status)
  })
})

describe('a socket to switch', () => {
  it('is closed with 1008 when the power window is', async () => {
    const { ask, network, clock, caller, upstream, logLines } = webSocketApp()
    tellWindow(network, ['switch'])
    expect((await ask('/switch/live')).status).toBe(200)
    await clock.whenSleeping()
    tellWindow(network, [])
    expect(caller.closes).toEqual([])
    await clock.advance(4000)
    for (const peer of [caller, upstream]) expect(peer.closes).toEqual([[1008, 'power window closed']])
    expect(logLines.find(({ event }) => event === 'websocket_closed')).toMatchObject({
      ...{ upstream: 'switch', reason: 'gateway 1008' },
    })
    expect((await ask('/switch/live')).status).toBe(403)
  })

  it('is watched no longer once it is closed', async () => {
    const { ask, network, clock, caller, upstream } = webSocketApp()
    tellWindow(network, ['switch'])
    await ask('/switch/live')
    await clock.advance(1)
    caller.events.closed(1000, '')
    upstream.events.closed(1000, '')
    const asked = network.exchanges.length
    for (let second = 0; second < 20; second++) await clock.advance(1000)
    expect([network.exchanges.length, clock.pendingSleeps()]).toEqual([asked, 0])
  })
})

it('asks nobody about windows for a socket that needs none', async () => {
  const { ask, network, clock } = webSocketApp()
  await ask('/shub/live')
  for (let second = 0; second < 20; second++) await clock.advance(1000)
  expect(network.exchanges).toEqual([])
})

describe('asks no upstream', () => {
  it.each([
    ['a foreign origin', 'forbidden', { origin: 'https://evil.test' }],
    ['another version', 'validation_error', { 'sec-websocket-version': '8' }],
    ['a broken key', 'validation_error', { 'sec-websocket-key': 'x' }],
    ['a broken list of sub-protocols', 'validation_error', { 'sec-websocket-protocol': 'a,,b' }],
    ['repeated sub-protocols', 'validation_error', { 'sec-websocket-protocol': 'a, a' }],
  ] as const)('for %s', async (_what, code, headers) => {
    const { ask, calls, network } = webSocketApp()
    const response = await ask('/shub/live', headers)
    await expectProblem(response, code)
    expect([calls.length, network.exchanges.length]).toEqual([0, 0])
  })

  it('while the gateway goes away', async () => {
    const { ask, calls, deps } = webSocketApp()
    deps.lifecycle.phase = 'closing'
    await expectProblem(await ask('/shub/live'), 'upstream_unavailable')
    expect(calls).toEqual([])
  })

  it('without a token', async () => {
    const { request, calls } = webSocketApp()
    await expectProblem(await request('/shub/live?token=link-token-for-the-tests', { headers: handshake }), 'forbidden')
    expect(calls).toEqual([])
  })
})

it.each([
  ['h2c', { upgrade: 'h2c' }],
  ['a list', { upgrade: 'websocket, h2c' }],
])('proxies an upgrade to %s as a plain request without it', async (_what, headers) => {
  const { ask, calls, network } = webSocketApp()
  network.answer('http://shub.test:8007/live', { status: 200, headers: {}, body: null })
  const response = await ask('/shub/live', headers)
  expect([response.status, calls.length]).toEqual([200, 0])
  expect(network.exchanges[0]?.init.headers).not.toHaveProperty('upgrade')
})
