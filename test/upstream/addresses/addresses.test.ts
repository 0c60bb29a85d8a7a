/** An upstream of several addresses with all its layers: who is asked, who is spared, and who comes back. */
import Registry from 'prom-client/lib/registry.js'
import { describe, expect, it } from 'vitest'
import { prometheusMetrics } from '../../../src/adapters/prometheus/metrics.ts'
import { parseConfig } from '../../../src/config/config.ts'
import { TransportError } from '../../../src/errors/gateway-error.ts'
import type { ExchangeTrace, Log, LogFields, OpenedWebSocket, UpstreamInit } from '../../../src/ports/index.ts'
import { connectUpstreams } from '../../../src/upstream/connect.ts'
import { watchBody } from '../../../src/upstream/layers/watch-body.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { type Exchange, fakeNetwork, jsonAnswer } from '../../support/fake-network.ts'
import { fakeRandom } from '../../support/fake-random.ts'
import { answerOf, get, heldStream, post, turn } from '../scripted-upstream.ts'

const one = 'http://one:8007'
const other = 'http://other:8007'
type Answer = Parameters<ReturnType<typeof fakeNetwork>['answer']>[1]

function setup(env: Record<string, string> = {}) {
  const clock = fakeClock()
  const network = fakeNetwork()
  const lines: string[] = []
  const line = (event: string, fields?: LogFields) => void lines.push(`${event} ${fields?.address ?? fields?.upstream}`)
  const log: Log = { debug: line, info: line, warn: line, error: line }
  const events: string[] = []
  const metrics = prometheusMetrics(new Registry(), clock)
  const config = parseConfig({ SHUB_URL: `${one}, ${other}`, VX11_GATEWAY_TOKEN: 'token-for-tests', ...env })
  const sockets: string[] = []
  const connected = connectUpstreams({
    announce: ({ type }) => void events.push(type),
    config,
    clock,
    random: fakeRandom(),
    log,
    metrics,
    transports: { url: network.transport },
    webSocketTransports: {
      url: async (url) => {
        sockets.push(url)
        if (url.startsWith(one)) throw new TransportError('unreachable')
        return { peer: {}, protocol: null, headers: {} } as OpenedWebSocket
      },
    },
    watchBody,
    pause: (ms) => clock.advance(ms),
  })
  const shub = (target: string, init: UpstreamInit = get) => {
    if (!connected.upstreams.shub) throw new Error('no shub')
    return connected.upstreams.shub(target, init)
  }
  const answer = (path: string, atOne: Answer, atOther: Answer) => {
    network.answer(one + path, atOne)
    network.answer(other + path, atOther)
  }
  const asked = () => network.exchanges.map(({ url }) => (url.startsWith(one) ? 'one' : 'other'))
  const state = () => {
    const { shub } = connected.upstreamStates()
    if (!shub) throw new Error('no shub')
    return shub
  }
  const at = (index: number) => state().addresses?.[index]
  return { ...connected, config, clock, network, lines, events, metrics, shub, answer, asked, state, at, sockets }
}

const down = new TransportError('unreachable')
const ok = answerOf(200)
const newTrace = (): ExchangeTrace => ({ attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] })

describe('the choice of an address', () => {
  it('gives turns by weight', async () => {
    const { shub, answer, asked } = setup({ SHUB_URL: `${one} weight=3, ${other}` })
    answer('/a', ok, ok)
    for (let i = 0; i < 8; i++) await shub('/a')
    expect(asked().filter((each) => each === 'one')).toHaveLength(6)
  })

  it('goes where least is in flight, and counts a body until it ended or was given up', async () => {
    const { shub, answer, asked, at } = setup()
    const held = heldStream()
    answer('/held', answerOf(200, held.stream), answerOf(200, held.stream))
    answer('/a', ok, ok)
    const { body } = await shub('/held')
    expect(asked()).toEqual(['one'])
    expect(at(0)?.inFlight).toBe(1)
    for (let i = 0; i < 3; i++) await shub('/a')
    expect(asked().slice(1)).toEqual(['other', 'other', 'other'])
    await (body as ReadableStream).cancel()
    await turn()
    expect(at(0)?.inFlight).toBe(0)
    for (let i = 0; i < 4; i++) await shub('/a')
    expect(asked().slice(4)).toContain('one')
  })

  it('tells an administrator where a request went', async () => {
    const { shub, answer } = setup()
    answer('/a', down, ok)
    const trace = newTrace()
    await shub('/a', { ...get, trace })
    expect(trace).toMatchObject({ address: other, attempts: 2 })
    expect(trace.tries.map(({ address }) => address)).toEqual([expect.any(String), other])
    expect(trace.tries[0]?.address).not.toBe(other)
  })
})

describe('an address that fails', () => {
  it('costs no request whatever its method, when nobody listens there, nor a retry, and is set aside at once', async () => {
    const { shub, answer, asked, at, state, lines, events } = setup()
    answer('/a', down, ok)
    expect((await shub('/a', { ...post, body: new Uint8Array(3) })).status).toBe(200)
    expect(at(0)).toMatchObject({
      circuit: 'open',
      ejections: 1,
      tries: { failure: 1 },
      cause: { code: 'unreachable' },
    })
    expect(state()).toMatchObject({ circuit: 'closed', retryBudget: { retries: 0 }, cause: null })
    for (let i = 0; i < 5; i++) await shub('/a')
    expect(asked().filter((each) => each === 'one')).toHaveLength(1)
    expect(lines).toContain(`address_set_aside ${one}`)
    expect(events).toEqual([])
  })

  it('is left with a signature of its own for each try', async () => {
    const { shub, answer, network } = setup({ VX11_TENTACULO_LINK_SHARED_SECRET: 'secret-for-the-entry-guard' })
    answer('/a', down, ok)
    await shub('/a', { ...post, body: new Uint8Array(3) })
    const signatures = network.exchanges.map(({ init }) => init.headers['x-vx11-signature'])
    expect(signatures).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)])
    expect(signatures[0]).not.toBe(signatures[1])
  })

  it('is left within the time and the deadline of the request', async () => {
    const { shub, network, clock, asked } = setup()
    const slow = async () => {
      await clock.advance(1500)
      throw down
    }
    network.answer(`${one}/a`, slow)
    network.answer(`${other}/a`, slow)
    await expect(shub('/a', { ...post, headers: { 'x-vx11-deadline-ms': '1600' } })).rejects.toMatchObject({
      code: 'shub_unavailable',
    })
    expect(network.exchanges.map(({ init }) => init.headers['x-vx11-deadline-ms'])).toEqual(['1600', '100'])
    expect(asked()).toEqual(['one', 'other'])
  })

  it('sends no stream a second time', async () => {
    const { shub, answer, asked } = setup()
    answer('/a', down, ok)
    await expect(shub('/a', { ...post, body: heldStream().stream })).rejects.toMatchObject({ code: 'shub_unavailable' })
    expect(asked()).toEqual(['one'])
  })

  it('has reads repeated at another one after a reset or a 503, without its Retry-After', async () => {
    const { shub, answer, asked, clock } = setup()
    answer('/reset', new TransportError('reset'), ok)
    answer('/busy', answerOf(503, null, { 'retry-after': '4' }), ok)
    const startedAt = clock.monotonic()
    expect((await shub('/reset')).status).toBe(200)
    expect((await shub('/a').catch(() => null))?.status).toBeUndefined()
    expect((await shub('/busy')).status).toBe(200)
    expect(asked().slice(0, 2)).toEqual(['one', 'other'])
    expect(clock.monotonic() - startedAt).toBeLessThan(2000)
  })

  it('does not repeat what may have had an effect', async () => {
    const { shub, answer, asked } = setup()
    answer('/a', new TransportError('reset'), ok)
    await expect(shub('/a', { ...post, body: new Uint8Array(3) })).rejects.toMatchObject({ code: 'shub_unavailable' })
    expect(asked()).toEqual(['one'])
  })

  it('is set aside for longer after each probe that fails, never longer than the cool-down, and comes back', async () => {
    const { shub, answer, clock, at, asked, lines } = setup({ VX11_BREAKER_COOLDOWN_S: '8' })
    answer('/a', down, ok)
    const probes: number[] = []
    for (let second = 0; second < 60; second++) {
      const before = asked().filter((each) => each === 'one').length
      for (let i = 0; i < 4; i++) expect((await shub('/a')).status).toBe(200)
      if (asked().filter((each) => each === 'one').length > before) probes.push(second)
      await clock.advance(1000)
    }
    expect(probes).toEqual([0, 1, 3, 7, 15, 23, 31, 39, 47, 55])
    answer('/a', ok, ok)
    await clock.advance(8000)
    for (let i = 0; i < 4; i++) await shub('/a')
    expect(at(0)).toMatchObject({ circuit: 'closed', ejections: 10 })
    expect(lines.at(-1)).toBe(`address_back ${one}`)
  })

  it('is tried all the same when there is no other: refusing everybody would help nobody', async () => {
    const { shub, answer, state, events, metrics, asked } = setup()
    answer('/a', down, down)
    for (let i = 0; i < 5; i++) await expect(shub('/a')).rejects.toMatchObject({ code: 'shub_unavailable' })
    expect(state()).toMatchObject({ circuit: 'open', openUntil: expect.any(Number), cause: { code: 'unreachable' } })
    expect(state().lastResorts).toBeGreaterThan(5)
    expect(new Set(asked())).toEqual(new Set(['one', 'other']))
    answer('/a', ok, down)
    // One of the two answers again, long before a cool-down ends.
    for (let i = 0; i < 3; i++) expect((await shub('/a')).status).toBe(200)
    expect(state()).toMatchObject({ circuit: 'closed' })
    expect(events.filter((each, index) => each !== events[index - 1])).toEqual([
      'gateway.breaker.opened',
      'gateway.breaker.closed',
    ])
    expect((await metrics.render()).body).toContain('vx11_circuit_transitions_total{upstream="shub",state="closed"} 1')
  })

  it('that answers 500 at once does not become the favourite', async () => {
    const { shub, answer, asked } = setup()
    answer('/a', answerOf(500), ok)
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await shub('/a', post)).status))
    for (let i = 0; i < 100; i++) statuses.push((await shub('/a', post)).status)
    expect(statuses.filter((status) => status === 500).length).toBeLessThan(60)
    expect(asked().slice(-90)).toEqual(Array(90).fill('other'))
  })
})

describe('health of addresses', () => {
  it('is asked of each; the upstream is up while one is; a down one is spared until it is up again', async () => {
    const { healthChecks, shub, answer, at, clock, asked, state, lines } = setup()
    const sick = jsonAnswer({ status: 'initializing' })
    const well = jsonAnswer({ status: 'ok', version: '7.1' })
    const check = async (times: number) => {
      for (let i = 0; i < times; i++) await clock.advance(await healthChecks.check('shub'))
    }
    answer('/a', ok, ok)
    answer('/health', sick, well)
    await check(1)
    expect(healthChecks.last('shub')).toMatchObject({ up: true, version: '7.1', reason: null })
    expect(at(0)?.health).toMatchObject({ up: false, reason: 'not_ready' })
    const before = asked().length
    for (let i = 0; i < 4; i++) await shub('/a')
    expect(asked().slice(before)).toEqual(Array(4).fill('other'))
    expect(state()).toMatchObject({ circuit: 'closed', lastResorts: 0 })
    answer('/health', well, well)
    await check(2)
    for (let i = 0; i < 2; i++) await shub('/a')
    expect(asked().slice(-2)).toContain('one')
    expect(lines).toEqual([`address_down ${one}`, `address_up ${other}`, 'upstream_up shub', `address_up ${one}`])
  })

  it('is forgotten where nobody asks any more', async () => {
    const { healthChecks, shub, answer, clock, asked } = setup()
    answer('/a', ok, ok)
    answer('/health', down, jsonAnswer({ status: 'ok' }))
    await healthChecks.check('shub')
    await clock.advance(31_000)
    for (let i = 0; i < 2; i++) await shub('/a')
    expect(asked().slice(-2)).toContain('one')
  })

  it('lets a probe through as soon as a check passes', async () => {
    const { healthChecks, shub, answer, clock, at } = setup()
    answer('/a', new TransportError('unreachable'), ok)
    await shub('/a')
    answer('/a', ok, ok)
    answer('/health', jsonAnswer({ status: 'ok' }), jsonAnswer({ status: 'ok' }))
    await clock.advance(1)
    await healthChecks.check('shub')
    for (let i = 0; i < 2; i++) await shub('/a')
    expect(at(0)?.circuit).toBe('closed')
  })
})

describe('a hedge', () => {
  const slowly =
    (clock: ReturnType<typeof fakeClock>, ms: number, then = ok) =>
    async (exchange: Exchange) => {
      await clock.sleep(ms, exchange.init.signal)
      return then
    }
  /** Both answer within 100 ms, 20 times or more. */
  async function taught(env = { VX11_HEDGED_UPSTREAMS: 'shub' }) {
    const all = setup(env)
    const { shub, answer, clock } = all
    answer('/a', slowly(clock, 100), slowly(clock, 100))
    for (let i = 0; i < 30; i++) {
      const answered = shub('/a')
      await clock.advance(100)
      await answered
    }
    return all
  }

  it('asks the second address after the 95th percentile, takes the first answer and aborts the other', async () => {
    const { shub, answer, clock, asked, network, state, at } = await taught()
    const taughtBy = asked().length
    expect(state().hedges).toMatchObject({ afterMs: 100, sent: 0 })
    answer('/slow', slowly(clock, 10_000), slowly(clock, 10))
    const trace = newTrace()
    const answered = Promise.all([shub('/slow', { ...get, trace }), shub('/slow')])
    await clock.advance(99)
    expect(asked().slice(taughtBy)).toHaveLength(2)
    await clock.advance(50)
    for (const { status } of await answered) expect(status).toBe(200)
    expect(asked().slice(taughtBy)).toEqual(['one', 'other', 'other'])
    await turn()
    expect(network.exchanges[taughtBy]?.init.signal?.aborted).toBe(true)
    expect(state().hedges).toMatchObject({ sent: 1, won: 1, refused: 0 })
    expect(trace).toMatchObject({ attempts: 2, address: other })
    expect(state()).toMatchObject({ inFlight: 0 })
    expect([at(0)?.inFlight, at(1)?.inFlight]).toEqual([0, 0])
    expect(at(0)?.tries).toMatchObject({ failure: 0, unknown: 1 })
  })

  it('is for reads only, and only where it was asked for', async () => {
    const { shub, answer, clock, asked } = await taught()
    const taughtBy = asked().length
    answer('/slow', slowly(clock, 1000), slowly(clock, 1000))
    const answered = [shub('/slow', { ...post, method: 'PUT' }), shub('/slow', post)]
    await clock.advance(1000)
    await Promise.all(answered)
    expect(asked().slice(taughtBy)).toHaveLength(2)
    const off = await taught({ VX11_HEDGED_UPSTREAMS: 'switch' })
    expect(off.state().hedges).toBeUndefined()
  })

  it('stays within the retry budget', async () => {
    const { shub, answer, clock, state } = await taught()
    answer('/slow', slowly(clock, 5000), slowly(clock, 5000))
    const answered = Array.from({ length: 60 }, () => shub('/slow'))
    await clock.advance(5000)
    await Promise.all(answered)
    const { sent, refused } = state().hedges ?? {}
    expect(sent).toBeLessThanOrEqual(18)
    expect(refused).toBe(60 - (sent ?? 0))
  })

  it('ends with its caller', async () => {
    const { shub, answer, clock, network, asked, at } = await taught()
    const taughtBy = asked().length
    answer('/slow', slowly(clock, 5000), slowly(clock, 5000))
    const caller = new AbortController()
    const answered = shub('/slow', { ...get, signal: caller.signal })
    await clock.advance(150)
    expect(asked().slice(taughtBy)).toHaveLength(2)
    caller.abort(new TransportError('aborted'))
    await expect(answered).rejects.toThrow()
    expect(network.exchanges.slice(taughtBy).map(({ init }) => init.signal?.aborted)).toEqual([true, true])
    expect([at(0)?.inFlight, at(1)?.inFlight]).toEqual([0, 0])
  })
})

describe('WebSockets', () => {
  const handshake = { headers: {}, protocols: [] }

  it('choose an address as well, move on where nobody listens, and count until they end', async () => {
    const { webSocketUpstreams, sockets, at, shub, answer, asked } = setup()
    const opened = (await webSocketUpstreams.shub?.('/live', handshake)) as OpenedWebSocket
    expect(sockets).toEqual([`${one}/live`, `${other}/live`])
    expect(at(1)).toMatchObject({ sockets: 1, inFlight: 0 })
    expect(at(0)?.circuit).toBe('open')
    answer('/a', ok, ok)
    await shub('/a')
    expect(asked()).toEqual(['other'])
    opened.left?.()
    opened.left?.()
    expect(at(1)?.sockets).toBe(0)
  })
})

describe('a reload', () => {
  it('keeps what is known of addresses that stay, and forgets the others', async () => {
    const { config, followTargets, shub, answer, at, state, asked, metrics } = setup()
    answer('/a', down, ok)
    await shub('/a')
    const next = (url: string) => {
      const { upstreams } = parseConfig({ SHUB_URL: url, VX11_GATEWAY_TOKEN: 'token-for-tests' })
      Object.assign(config, { upstreams })
      followTargets()
    }
    next(`http://third:8007, ${one} weight=5`)
    expect(at(0)).toMatchObject({ url: 'http://third:8007', circuit: 'closed' })
    expect(at(1)).toMatchObject({ url: one, circuit: 'open', weight: 5 })
    expect((await metrics.render()).body).not.toContain(other)
    next(other)
    expect(state().addresses).toBeUndefined()
    const before = asked().length
    expect((await shub('/a')).status).toBe(200)
    expect(asked().slice(before)).toEqual(['other'])
    next(`${one}, ${other}`)
    expect(at(0)?.circuit).toBe('closed')
  })
})

describe('metrics and states', () => {
  it('name each address, and have nothing of an upstream with one', async () => {
    const { shub, answer, metrics, healthChecks } = setup({ MADRE_URL: 'http://madre:8001' })
    answer('/a', down, ok)
    answer('/health', down, jsonAnswer({ status: 'ok' }))
    await shub('/a')
    await healthChecks.check('shub')
    const { body } = await metrics.render()
    for (const line of [
      `vx11_upstream_address_up{upstream="shub",address="${one}"} 0`,
      `vx11_upstream_address_up{upstream="shub",address="${other}"} 1`,
      `vx11_upstream_address_circuit_state{upstream="shub",address="${one}"} 1`,
      `vx11_upstream_address_in_flight{upstream="shub",address="${other}"} 0`,
      `vx11_upstream_address_tries_total{upstream="shub",address="${one}",outcome="failure"} 1`,
      `vx11_upstream_address_tries_total{upstream="shub",address="${other}",outcome="success"} 1`,
      `vx11_upstream_address_ejections_total{upstream="shub",address="${one}"} 1`,
      'vx11_upstream_last_resorts_total{upstream="shub"} 0',
      'vx11_circuit_state{upstream="shub"} 0',
    ])
      expect(body).toContain(`${line}\n`)
    expect(body).not.toMatch(/address[^\n]*madre/)
    expect(body).not.toContain('vx11_upstream_hedges_total{')
  })
})
