import { describe, expect, it } from 'vitest'
import { GatewayError, TransportError } from '../../../src/errors/gateway-error.ts'
import type { CircuitState, UpstreamInit } from '../../../src/ports/index.ts'
import { circuitBreaker } from '../../../src/upstream/layers/circuit.ts'
import { gatewayError } from '../../../src/upstream/target.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { answerOf, type Ending, get, scriptedUpstream } from '../scripted-upstream.ts'

function setup(...endings: Ending[]) {
  const clock = fakeClock()
  const rules = { failures: 5, cooldownMs: 60_000 }
  const changes: CircuitState[] = []
  const counts = { refused: 0 }
  const breaker = circuitBreaker({
    name: 'shub',
    rules: () => rules,
    clock,
    changed: (state) => changes.push(state),
    refused: () => counts.refused++,
  })
  const { upstream, tries } = scriptedUpstream(...endings)
  const send = breaker.around(upstream)
  const times = async (count: number, init: UpstreamInit = get) => {
    for (let i = 0; i < count; i++) await send('/a', init).catch(() => {})
  }
  return { clock, changes, counts, breaker, rules, tries, send, times }
}

describe('circuitBreaker', () => {
  it('goes by the rules that are in force at the moment', async () => {
    const { breaker, rules, times } = setup(500)
    await times(4)
    rules.failures = 6
    await times(1)
    expect(breaker.read()).toMatchObject({ circuit: 'closed', failures: 5 })
    rules.failures = 2
    await times(1)
    expect(breaker.read().circuit).toBe('open')
  })

  it.each(['unreachable', 'reset', 'timeout', 'malformed', 500, 502, 503, 504] as const)(
    'opens with the fifth %s in a row',
    async (ending) => {
      const { breaker, times, changes, tries } = setup(ending)
      await times(4)
      expect(breaker.read()).toMatchObject({ circuit: 'closed', failures: 4 })
      await times(6)
      expect(breaker.read()).toMatchObject({ circuit: 'open', failures: 5 })
      expect(tries).toHaveLength(5)
      expect(changes).toEqual(['open'])
    },
  )

  it.each([200, 302, 400, 401, 403, 404, 409, 422, 429, 501, 'aborted', 'body_too_large'] as const)(
    'stays closed with any number of %s',
    async (ending) => {
      const { breaker, times } = setup(ending)
      await times(20)
      expect(breaker.read()).toMatchObject({ circuit: 'closed', failures: 0, lastFailureAt: null })
    },
  )

  it('takes news about health for neither failure nor success', async () => {
    const bad = setup(503)
    await bad.times(20, { ...get, purpose: 'health' })
    expect(bad.breaker.read()).toMatchObject({ circuit: 'closed', failures: 0, lastFailureAt: null })

    const good = setup(500, 500, 500, 500, 200, 500)
    for (let i = 0; i < 6; i++) await good.send('/a', i === 4 ? { ...get, purpose: 'health' } : get)
    expect(good.breaker.read().circuit).toBe('open')
  })

  it('lets questions about health through while it is open', async () => {
    const { times, breaker, send } = setup(500, 500, 500, 500, 500, 200)
    await times(5)
    expect((await send('/health', { ...get, purpose: 'health' })).status).toBe(200)
    expect(breaker.read().circuit).toBe('open')
  })

  it('counts an upstream’s timeout, but not a caller’s impatience', async () => {
    const late = setup('timeout')
    const deadlineAt = late.clock.monotonic() + 1000
    await late.times(20, { ...get, deadlineAt })
    expect(late.breaker.read().failures).toBe(5)

    const impatient = setup(async () => {
      await impatient.clock.advance(1000)
      throw gatewayError('shub', new TransportError('timeout'))
    })
    for (let i = 0; i < 20; i++) await impatient.times(1, { ...get, deadlineAt: impatient.clock.monotonic() + 1000 })
    expect(impatient.breaker.read()).toMatchObject({ circuit: 'closed', failures: 0 })
  })

  it('refuses with the upstream’s own code and with what remains of the cool-down', async () => {
    const { times, send, clock, counts } = setup(500)
    await times(5)
    await clock.advance(20_000)
    await expect(send('/a', get)).rejects.toEqual(new GatewayError('shub_unavailable', { retryAfterMs: 40_000 }))
    expect(counts.refused).toBe(1)
  })

  it('lets one probe through after the cool-down, refuses the others, and closes with its success', async () => {
    const probe = Promise.withResolvers<ReturnType<typeof answerOf>>()
    const { times, send, clock, changes, tries } = setup(500, 500, 500, 500, 500, () => probe.promise, 200)
    await times(5)
    await clock.advance(60_000)
    const probing = send('/a', get)
    const others = await Promise.allSettled([send('/a', get), send('/a', get)])
    expect(others.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(tries).toHaveLength(6)
    probe.resolve(answerOf(200))
    expect((await probing).status).toBe(200)
    expect((await send('/a', get)).status).toBe(200)
    expect(changes).toEqual(['open', 'half_open', 'closed'])
  })

  it('opens again with the probe’s failure', async () => {
    const { times, breaker, clock, changes } = setup(500)
    await times(5)
    await clock.advance(60_000)
    await times(3)
    expect(changes).toEqual(['open', 'half_open', 'open'])
    expect(breaker.read()).toEqual({
      circuit: 'open',
      failures: 6,
      lastFailureAt: clock.now(),
      openUntil: clock.now() + 60_000,
    })
  })

  it('is not locked by a probe that never ends', async () => {
    const { times, send, clock } = setup(500, 500, 500, 500, 500, () => new Promise(() => {}), 200)
    await times(5)
    await clock.advance(60_000)
    void send('/a', get)
    await clock.advance(59_999)
    await expect(send('/a', get)).rejects.toThrow()
    await clock.advance(1)
    expect((await send('/a', get)).status).toBe(200)
  })

  it('makes room for another probe when a probe’s caller leaves', async () => {
    const { times, send, clock } = setup(500, 500, 500, 500, 500, 'aborted', 200)
    await times(5)
    await clock.advance(60_000)
    await expect(send('/a', get)).rejects.toThrow()
    expect((await send('/a', get)).status).toBe(200)
  })

  it('is closed by whoever saw the upstream recover', async () => {
    const { times, breaker } = setup(500)
    await times(5)
    breaker.heal()
    expect(breaker.read()).toMatchObject({ circuit: 'closed', failures: 0, openUntil: null })
    expect(breaker.read().lastFailureAt).not.toBeNull()
  })

  it('tells the circuit as the request found it', async () => {
    const { times, send, clock } = setup(500)
    const trace = (): NonNullable<UpstreamInit['trace']> => ({ attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] })
    const [first, refused, probe] = [trace(), trace(), trace()]
    await send('/a', { ...get, trace: first })
    await times(4)
    await send('/a', { ...get, trace: refused }).catch(() => {})
    await clock.advance(60_000)
    await send('/a', { ...get, trace: probe })
    expect([first.circuit, refused.circuit, probe.circuit]).toEqual(['closed', 'open', 'half_open'])
  })
})
