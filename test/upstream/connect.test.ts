/** The layers together, in their order: what one does must not undo what another promised. */
import Registry from 'prom-client/lib/registry.js'
import { describe, expect, it } from 'vitest'
import { prometheusMetrics } from '../../src/adapters/prometheus/metrics.ts'
import { parseConfig } from '../../src/config/config.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import type { ExchangeTrace, Log, LogFields, Transport, UpstreamInit } from '../../src/ports/index.ts'
import { connectUpstreams } from '../../src/upstream/connect.ts'
import { watchBody } from '../../src/upstream/layers/watch-body.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { fakeNetwork, jsonAnswer } from '../support/fake-network.ts'
import { fakeRandom } from '../support/fake-random.ts'
import { answerOf, get, heldStream, post, turn } from './scripted-upstream.ts'

const shubUrl = 'http://shub.test:8007'

function setup(env: Record<string, string> = {}) {
  const clock = fakeClock()
  const network = fakeNetwork()
  const lines: [string, LogFields | undefined][] = []
  const line = (event: string, fields?: LogFields) => void lines.push([event, fields])
  const log: Log = { debug: line, info: line, warn: line, error: line }
  const metrics = prometheusMetrics(new Registry(), clock)
  const connected = connectUpstreams({
    announce: () => {},
    config: parseConfig({
      SHUB_URL: shubUrl,
      MADRE_URL: 'http://madre.test:8001',
      VX11_GATEWAY_TOKEN: 'token-for-tests',
      ...env,
    }),
    clock,
    random: fakeRandom(),
    log,
    metrics,
    transports: { url: network.transport },
    watchBody,
    pause: (ms) => clock.advance(ms),
  })
  const shub = (target: string, init: UpstreamInit = get) => {
    if (!connected.upstreams.shub) throw new Error('no shub')
    return connected.upstreams.shub(target, init)
  }
  const answer = (path: string, given: Parameters<typeof network.answer>[1]) => network.answer(shubUrl + path, given)
  const state = () => connected.upstreamStates().shub
  /** Long enough to open the circuit. */
  const failing = async () => {
    for (let i = 0; i < 5; i++) {
      if (i > 0) await clock.advance(250)
      await shub('/a', post).catch(() => {})
    }
  }
  return { ...connected, failing, clock, network, lines, metrics, shub, answer, state }
}

const newTrace = (): ExchangeTrace => ({ attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] })

describe('an upstream with all its layers', () => {
  it('leaves dormant upstreams out', () => {
    const { upstreams, probes, upstreamStates, healthChecks } = setup()
    expect(Object.keys(upstreams)).toEqual(['madre', 'shub'])
    expect(Object.keys(probes)).toEqual(['madre', 'shub'])
    expect(Object.keys(upstreamStates())).toEqual(['madre', 'shub'])
    expect(healthChecks.names).toEqual(['madre', 'shub'])
  })

  it('gives the transport what it needs and nothing more', async () => {
    const { shub, answer, network } = setup()
    answer('/status?x=1', answerOf(200))
    const signal = new AbortController().signal
    await shub('/status?x=1', { ...get, headers: { a: '1' }, signal, trace: newTrace(), purpose: 'admin' })
    expect(network.exchanges[0]?.init).toEqual({
      method: 'GET',
      headers: { a: '1' },
      body: null,
      signal,
      limits: { connectMs: 2000, firstByteMs: 5000, idleMs: 30_000, streamIdleMs: 300_000 },
    })
  })

  it('traces tries, waiting and pausing', async () => {
    const { shub, answer, clock } = setup()
    let tries = 0
    answer('/a', async () => {
      await clock.advance(40)
      return answerOf(++tries < 3 ? 503 : 200)
    })
    const trace = newTrace()
    const startedAt = clock.now()
    await shub('/a', { ...get, trace })
    expect(trace).toMatchObject({ attempts: 3, upstreamMs: 120, circuit: 'closed' })
    expect(trace.pausedMs).toBe(clock.now() - startedAt - 120)
  })

  it('sends what is left of a deadline with every try', async () => {
    const { shub, answer, network, clock } = setup()
    answer('/a', async () => {
      await clock.advance(100)
      return answerOf(503)
    })
    await shub('/a', { ...get, headers: { 'x-vx11-deadline-ms': '10000' } })
    const sent = network.exchanges.map(({ init }) => Number(init.headers['x-vx11-deadline-ms']))
    expect(sent).toHaveLength(4)
    expect(sent[0]).toBe(10_000)
    for (let i = 1; i < sent.length; i++) expect(sent[i]).toBeLessThanOrEqual((sent[i - 1] ?? 0) - 100)
    expect(network.exchanges.map(({ init }) => init.limits.firstByteMs)).toEqual(sent)
  })

  it('keeps its tries within a short deadline, and lets impatience open no circuit', async () => {
    const { shub, answer, network, clock, state } = setup()
    answer('/a', async ({ init }) => {
      await clock.advance(init.limits.firstByteMs)
      throw new TransportError('timeout')
    })
    for (let i = 0; i < 10; i++) {
      const answered = shub('/a', { ...get, headers: { 'x-vx11-deadline-ms': '1' } })
      await expect(answered).rejects.toMatchObject({ code: 'shub_unavailable' })
    }
    expect(network.exchanges).toHaveLength(10)
    expect(state()).toMatchObject({ circuit: 'closed', failures: 0 })
  })

  it('stops retrying when its own tries open the circuit', async () => {
    const { shub, network, state, lines, metrics } = setup({ VX11_BREAKER_FAILURES: '1' })
    await expect(shub('/a')).rejects.toMatchObject({
      code: 'shub_unavailable',
      details: { retryAfterMs: expect.any(Number) },
    })
    expect(network.exchanges).toHaveLength(1)
    expect(state()).toMatchObject({ circuit: 'open', failures: 1, inFlight: 0 })
    expect(lines).toEqual([['circuit_open', { upstream: 'shub' }]])
    const { body } = await metrics.render()
    expect(body).toContain('vx11_circuit_state{upstream="shub"} 1')
    expect(body).toContain('vx11_circuit_state{upstream="madre"} 0')
    expect(body).toContain('vx11_circuit_transitions_total{upstream="shub",state="open"} 1')
    expect(body).toContain('vx11_upstream_rejections_total{upstream="shub",reason="circuit_open"} 1')
  })

  it('has one circuit for each upstream', async () => {
    const { shub, upstreams, network } = setup()
    network.answer('http://madre.test:8001/a', answerOf(200))
    for (let i = 0; i < 5; i++) await shub('/a', post).catch(() => {})
    expect((await upstreams.madre?.('/a', get))?.status).toBe(200)
  })

  it('holds one slot for a request, whatever its tries, and counts what it refuses', async () => {
    const { shub, answer, state, metrics } = setup({ VX11_MAX_IN_FLIGHT: '2' })
    const held = [heldStream(), heldStream()]
    answer('/one', answerOf(200, held[0]?.stream ?? null))
    answer('/two', answerOf(200, held[1]?.stream ?? null))
    const bodies = [await shub('/one'), await shub('/two')].map(({ body }) => body as ReadableStream)
    expect(state()?.inFlight).toBe(2)
    await expect(shub('/three')).rejects.toMatchObject({ code: 'service_overloaded' })
    await bodies[0]?.cancel()
    held[1]?.control.close()
    await bodies[1]?.getReader().read()
    await turn()
    expect(state()).toMatchObject({ inFlight: 0, maxInFlight: 2 })
    const { body } = await metrics.render()
    expect(body).toContain('vx11_upstream_rejections_total{upstream="shub",reason="overloaded"} 1')
    expect(body).toContain('vx11_upstream_aborts_total{upstream="shub"} 1')
    expect(body).toContain('vx11_upstream_in_flight{upstream="shub"} 0')
  })

  it('counts retries, and those that the budget refused', async () => {
    const { shub, answer, metrics, state } = setup({ VX11_BREAKER_FAILURES: '1000' })
    answer('/a', answerOf(503))
    for (let i = 0; i < 2; i++) await shub('/a')
    expect(state()?.retryBudget).toEqual({ requests: 2, retries: 3, remaining: 0 })
    const { body } = await metrics.render()
    expect(body).toContain('vx11_upstream_retries_total{upstream="shub"} 3')
    expect(body).toContain('vx11_upstream_retries_refused_total{upstream="shub"} 1')
  })

  it('asks probes past the circuit, without retries and without a slot', async () => {
    const { failing, probes, network, state } = setup({ VX11_MAX_IN_FLIGHT: '1' })
    await failing()
    const before = network.exchanges.length
    network.answer(`${shubUrl}/health`, jsonAnswer({ status: 'ok' }, 503))
    expect((await probes.shub?.('/health', get))?.status).toBe(503)
    expect(network.exchanges).toHaveLength(before + 1)
    expect(state()?.circuit).toBe('open')
  })
})

describe('health checks and circuits', () => {
  it('close a circuit when they see the upstream recover, and never open one', async () => {
    const { failing, answer, healthChecks, state, clock, lines } = setup()
    const check = async (up: boolean) => {
      answer('/health', up ? jsonAnswer({ status: 'ok' }) : new TransportError('unreachable'))
      await clock.advance(await healthChecks.check('shub'))
    }
    await check(true)
    for (let i = 0; i < 10; i++) await check(false)
    expect(state()?.circuit).toBe('closed')
    await failing()
    await check(true)
    expect(state()?.circuit).toBe('open')
    await check(true)
    expect(state()?.circuit).toBe('closed')
    expect(lines.map(([event]) => event)).toEqual([
      'upstream_up',
      'upstream_down',
      'circuit_open',
      'circuit_closed',
      'upstream_up',
    ])
  })

  it('leave a circuit open whose upstream was healthy all the time, and let a probe through', async () => {
    const { failing, shub, answer, healthChecks, state, clock, network } = setup()
    answer('/health', jsonAnswer({ status: 'ok' }))
    await failing()
    for (let i = 0; i < 5; i++) await clock.advance(await healthChecks.check('shub'))
    expect(state()).toMatchObject({ circuit: 'open', openUntil: expect.any(Number) })
    const asked = network.exchanges.length
    await shub('/a', post).catch(() => {})
    expect(network.exchanges).toHaveLength(asked + 1)
  })
})

describe('500 requests a second', () => {
  /** Requests arrive evenly for a simulated while; `transport` may look at the clock. */
  async function drive(transport: (now: number) => number, seconds: number) {
    const clock = fakeClock(0)
    let tries = 0
    const url: Transport = async (target) => {
      const status = transport(clock.now())
      const isCheck = target.endsWith('/health')
      if (!isCheck) tries++
      if (status === 0) throw new TransportError('unreachable')
      if (isCheck) return jsonAnswer({ status: 'ok' })
      return answerOf(status)
    }
    const silent = () => {}
    const { upstreams, upstreamStates, healthChecks } = connectUpstreams({
      announce: () => {},
      config: parseConfig({ SHUB_URL: shubUrl, VX11_GATEWAY_TOKEN: 'token-for-tests' }),
      clock,
      random: fakeRandom(),
      log: { debug: silent, info: silent, warn: silent, error: silent },
      metrics: prometheusMetrics(new Registry(), clock),
      transports: { url },
      // Ends with the turn: what is simulated is the number of tries, not their moments.
      pause: async () => {},
    })
    let good = 0
    let lastBad = 0
    let checkAt = 0
    for (let now = 0; now < seconds * 1000; now += 100) {
      if (now >= checkAt) checkAt = now + (await healthChecks.check('shub'))
      const burst = Array.from({ length: 50 }, () => upstreams.shub?.('/a', get))
      for (const { status } of await Promise.allSettled(burst)) {
        if (status === 'fulfilled') good++
        else lastBad = now
      }
      await clock.advance(100)
    }
    return { tries, good, lastBad, state: upstreamStates().shub }
  }

  it('to an upstream that is down for a minute cost it a second of tries, and pass again within seconds', async () => {
    const recoversAt = 70_000
    const { tries, good, lastBad, state } = await drive((now) => (now < recoversAt ? 0 : 200), 140)
    expect(lastBad).toBeLessThanOrEqual(recoversAt + 6000)
    expect(good).toBeGreaterThanOrEqual(50 * 10 * 64)
    expect(tries - good).toBeLessThanOrEqual(50 * 10 * 1.5)
    expect(state?.circuit).toBe('closed')
  })
})
