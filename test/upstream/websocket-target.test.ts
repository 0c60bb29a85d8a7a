/** Which upstreams speak WebSocket, what a handshake with one of them carries, and what it shares with other requests. */
import Registry from 'prom-client/lib/registry.js'
import { describe, expect, it } from 'vitest'
import { prometheusMetrics } from '../../src/adapters/prometheus/metrics.ts'
import { parseConfig } from '../../src/config/config.ts'
import { GatewayError, TransportError } from '../../src/errors/gateway-error.ts'
import type { ExchangeTrace, WebSocketInit, WebSocketTransport } from '../../src/ports/index.ts'
import { connectUpstreams } from '../../src/upstream/connect.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { fakeNetwork } from '../support/fake-network.ts'
import { fakeRandom } from '../support/fake-random.ts'
import { fakePeer } from '../support/websocket-peer.ts'
import { answerOf, post, turn } from './scripted-upstream.ts'

function connect(env: Record<string, string>, answer?: WebSocketTransport) {
  const calls: { url: string; init: WebSocketInit }[] = []
  const opened = { peer: fakePeer(), protocol: null, headers: {} }
  const url: WebSocketTransport = (target, init) => {
    calls.push({ url: target, init })
    return answer ? answer(target, init) : Promise.resolve(opened)
  }
  const config = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'link-token-for-tests', ...env })
  const clock = fakeClock()
  const network = fakeNetwork()
  const metrics = prometheusMetrics(new Registry(), clock)
  const silent = () => {}
  const connected = connectUpstreams({
    ...{ config, clock, random: fakeRandom(), metrics, announce: silent, pause: async () => {} },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    transports: { url: network.transport },
    webSocketTransports: { url },
  })
  const upstreams = connected.webSocketUpstreams
  const shake = async (path = '/live', more: { trace?: ExchangeTrace; signal?: AbortSignal } = {}) => {
    if (!upstreams.shub) throw new Error('no shub')
    return upstreams.shub(path, { ...handshake, ...more })
  }
  const ask = async (path: string) => connected.upstreams.shub?.(path, post)
  const state = () => connected.upstreamStates().shub
  return { upstreams, shake, ask, state, network, metrics, clock, calls, opened }
}

const shub = { SHUB_URL: 'http://shub.test:8007/audio/' }
const handshake = { headers: { 'x-correlation-id': 'c-1' }, protocols: ['a'] }

it('leaves out what is dormant, embedded or a binding that the platform lacks', () => {
  const { upstreams } = connect({ ...shub, MADRE_URL: 'embedded', SWITCH_URL: 'binding:SWITCH' })
  expect(Object.keys(upstreams)).toEqual(['shub'])
})

it('keeps the raw path below the base URL, and refuses an unsafe one', async () => {
  const { upstreams, calls, opened } = connect(shub)
  expect(await upstreams.shub?.('/live?a=%7e', handshake)).toBe(opened)
  expect(calls).toEqual([
    {
      url: 'http://shub.test:8007/audio/live?a=%7e',
      init: { ...handshake, limits: { connectMs: 2000, firstByteMs: 30_000, idleMs: 30_000 } },
    },
  ])
  await expect(upstreams.shub?.('/../x', handshake)).rejects.toMatchObject({ code: 'bad_request_target' })
})

it('signs for shub’s entry guard where there is a secret', async () => {
  const { upstreams, calls } = connect({ ...shub, VX11_TENTACULO_LINK_SHARED_SECRET: 'shared-secret-for-tests' })
  await upstreams.shub?.('/live', handshake)
  expect(calls[0]?.init.headers).toMatchObject({
    'x-vx11-entry': 'tentaculo_link',
    'x-vx11-correlation-id': 'c-1',
    'x-vx11-signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

it('keeps the caller’s deadline', async () => {
  const { upstreams, calls } = connect(shub)
  await upstreams.shub?.('/live', { ...handshake, headers: { 'x-vx11-deadline-ms': '250' } })
  expect(calls[0]?.init.limits).toEqual({ connectMs: 250, firstByteMs: 250, idleMs: 250 })
})

describe('a failure', () => {
  it.each([
    ['unreachable', 'shub_unavailable'],
    ['timeout', 'shub_unavailable'],
    ['malformed', 'gateway_error'],
    ['aborted', 'client_closed_request'],
  ] as const)('by %s is told as %s', async (failure, code) => {
    const { upstreams } = connect(shub, () => Promise.reject(new TransportError(failure)))
    const error = await upstreams.shub?.('/live', handshake).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(GatewayError)
    expect(error).toMatchObject({ code })
  })

  it('of the upstream’s own making is its answer', async () => {
    const refusal = { status: 403, headers: {}, body: null }
    const { upstreams } = connect(shub, async () => refusal)
    expect(await upstreams.shub?.('/live', handshake)).toEqual(refusal)
  })
})

const refusing = (failure: 'unreachable' | 'reset' | 'timeout' | 'malformed') => () =>
  Promise.reject(new TransportError(failure))

describe('the circuit of its upstream', () => {
  it.each([
    ['that is unreachable', refusing('unreachable')],
    ['that hangs up', refusing('reset')],
    ['that takes too long', refusing('timeout')],
    ['that speaks no WebSocket', refusing('malformed')],
    ['that answers 503', async () => answerOf(503)],
  ] as const)('is opened by handshakes with one %s, for requests too', async (_what, answer) => {
    const { shake, ask, state, calls, network, metrics } = connect({ ...shub, VX11_BREAKER_FAILURES: '1' }, answer)
    await shake().catch(() => {})
    expect([calls.length, state()?.circuit, state()?.failures]).toEqual([1, 'open', 1])
    const refused = { code: 'shub_unavailable', details: { retryAfterMs: 1000 } }
    await expect(shake()).rejects.toMatchObject(refused)
    await expect(ask('/live')).rejects.toMatchObject(refused)
    expect([calls.length, network.exchanges.length]).toEqual([1, 0])
    const { body } = await metrics.render()
    const refusals = Number(/rejections_total{upstream="shub",reason="circuit_open"} (\d+)/.exec(body)?.[1])
    expect(refusals).toBeGreaterThanOrEqual(2)
  })

  it('is opened by requests, for handshakes too', async () => {
    const { shake, ask, calls } = connect({ ...shub, VX11_BREAKER_FAILURES: '1' })
    await ask('/a').catch(() => {})
    await expect(shake()).rejects.toMatchObject({ code: 'shub_unavailable', details: { retryAfterMs: 1000 } })
    expect(calls).toEqual([])
  })

  it.each(['an agreement', 'a 4xx'])('counts %s as a success', async (what) => {
    const { shake, ask, state } = connect(shub, what === 'a 4xx' ? async () => answerOf(403) : undefined)
    await ask('/a').catch(() => {})
    expect(state()?.failures).toBe(1)
    await shake()
    expect(state()?.failures).toBe(0)
  })

  it('takes no caller that left for a failure', async () => {
    const { shake, state } = connect({ ...shub, VX11_BREAKER_FAILURES: '1' }, () =>
      Promise.reject(new TransportError('aborted')),
    )
    await expect(shake()).rejects.toMatchObject({ code: 'client_closed_request' })
    expect(state()).toMatchObject({ circuit: 'closed', failures: 0 })
  })

  it('takes a handshake as its probe, and refuses the others meanwhile', async () => {
    let agree = () => {}
    const agreeing: WebSocketTransport = async () => {
      await new Promise<void>((done) => {
        agree = done
      })
      return { peer: fakePeer(), protocol: null, headers: {} }
    }
    const { shake, ask, state, clock, calls } = connect({ ...shub, VX11_BREAKER_FAILURES: '1' }, agreeing)
    await ask('/a').catch(() => {})
    await clock.advance(60_000)
    const probe = shake()
    await turn()
    expect(state()?.circuit).toBe('half_open')
    await expect(shake()).rejects.toMatchObject({ code: 'shub_unavailable', details: { retryAfterMs: 1000 } })
    agree()
    expect(await probe).toHaveProperty('peer')
    expect([state()?.circuit, calls.length]).toEqual(['closed', 1])
  })
})

it('counts a handshake as in flight until it is answered, and no open socket', async () => {
  let agree = () => {}
  const agreeing: WebSocketTransport = async () => {
    await new Promise<void>((done) => {
      agree = done
    })
    return { peer: fakePeer(), protocol: null, headers: {} }
  }
  const { shake, ask, state } = connect({ ...shub, VX11_MAX_IN_FLIGHT: '1' }, agreeing)
  const first = shake()
  await turn()
  expect(state()).toMatchObject({ inFlight: 1, activity: { requests: 1 } })
  const overloaded = { code: 'service_overloaded', details: { retryAfterMs: 1000 } }
  await expect(shake()).rejects.toMatchObject(overloaded)
  await expect(ask('/a')).rejects.toMatchObject(overloaded)
  agree()
  expect(await first).toHaveProperty('peer')
  expect(state()).toMatchObject({ inFlight: 0, activity: { requests: 0 } })
})

it('tries again where the upstream cannot have seen the handshake, and nowhere else', async () => {
  let tries = 0
  const opened = { peer: fakePeer(), protocol: null, headers: {} }
  const restarting = connect(shub, async () => {
    if (++tries < 3) throw new TransportError('unreachable')
    return opened
  })
  const trace: ExchangeTrace = { attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] }
  expect(await restarting.shake('/live', { trace })).toBe(opened)
  expect(trace).toMatchObject({ attempts: 3, circuit: 'closed' })
  const hungUp = connect(shub, refusing('reset'))
  await expect(hungUp.shake()).rejects.toMatchObject({ code: 'shub_unavailable' })
  const failed = connect(shub, async () => answerOf(503))
  expect(await failed.shake()).toMatchObject({ status: 503 })
  expect([hungUp.calls.length, failed.calls.length]).toEqual([1, 1])
})

it('takes a path that has limits of its own for no question about health', async () => {
  const { shake, calls, state } = connect({ ...shub, VX11_BREAKER_FAILURES: '1' }, async () => answerOf(503))
  await shake('/health')
  expect(calls[0]?.init.limits.firstByteMs).toBe(30_000)
  expect(state()?.circuit).toBe('open')
})
