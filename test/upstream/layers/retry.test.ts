import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../src/errors/gateway-error.ts'
import { retryBudget } from '../../../src/lib/retry-budget.ts'
import type { UpstreamInit } from '../../../src/ports/index.ts'
import { isTransient, neverArrived, withRetries } from '../../../src/upstream/layers/retry.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { fakeRandom } from '../../support/fake-random.ts'
import { answerOf, type Ending, get, heldStream, post, scriptedUpstream } from '../scripted-upstream.ts'

const setup = (...endings: Ending[]) => setupFor(isTransient, ...endings)

function setupFor(isRetryable: typeof isTransient, ...endings: Ending[]) {
  const clock = fakeClock()
  const { upstream, tries } = scriptedUpstream(...endings)
  const counts = { retried: 0, refused: 0 }
  const pauses: number[] = []
  const budget = retryBudget({ share: 0.2, minimum: 3, windowS: 10 })
  const send = withRetries(upstream, {
    clock,
    random: fakeRandom(),
    budget,
    async pause(ms, signal) {
      pauses.push(ms)
      const sleeping = clock.sleep(ms, signal)
      await clock.advance(ms)
      return sleeping
    },
    retried: () => counts.retried++,
    refused: () => counts.refused++,
    isRetryable,
  })
  return { send, tries, clock, counts, pauses, budget }
}

describe('withRetries', () => {
  it.each(['unreachable', 'reset', 502, 503, 504] as const)('asks again after %s', async (ending) => {
    const { send, tries, counts } = setup(ending, 200)
    expect((await send('/a', get)).status).toBe(200)
    expect(tries).toHaveLength(2)
    expect(counts).toEqual({ retried: 1, refused: 0 })
  })

  it.each(['timeout', 'malformed', 'aborted', 'body_too_large', 500, 501, 429, 404] as const)(
    'lets %s stand',
    async (ending) => {
      const { send, tries } = setup(ending, 200)
      await send('/a', get).catch(() => {})
      expect(tries).toHaveLength(1)
    },
  )

  it.each(['reset', 'timeout', 'malformed', 502, 503, 504] as const)(
    'lets %s stand where only what never arrived may be repeated',
    async (ending) => {
      const { send, tries } = setupFor(neverArrived, ending, 200)
      await send('/a', get).catch(() => {})
      expect(tries).toHaveLength(1)
    },
  )

  it('repeats there what never arrived', async () => {
    const { send, tries } = setupFor(neverArrived, 'unreachable', 101)
    expect((await send('/a', get)).status).toBe(101)
    expect(tries).toHaveLength(2)
  })

  it('gives up after the third retry, with the last answer', async () => {
    const { send, tries, pauses } = setup('reset', 503, 502, 504, 200)
    expect((await send('/a', get)).status).toBe(504)
    expect(tries).toHaveLength(4)
    expect(pauses).toHaveLength(3)
    expect(pauses.every((ms, i) => ms >= 0 && ms < ([100, 250, 625][i] ?? 0))).toBe(true)
  })

  it('gives up with the last error', async () => {
    const { send } = setup(503, 503, 503, 'unreachable')
    await expect(send('/a', get)).rejects.toMatchObject({ code: 'shub_unavailable', cause: { failure: 'unreachable' } })
  })

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('repeats %s, with the same bytes', async (method) => {
    const { send, tries } = setup(503, 200)
    const body = new TextEncoder().encode('same')
    await send('/a', { ...get, method, body })
    expect(tries.map(({ init }) => [init.method, init.body])).toEqual([
      [method, body],
      [method, body],
    ])
  })

  it.each<[string, UpstreamInit]>([
    ['POST', post],
    ['PATCH', { ...get, method: 'PATCH' }],
    ['an unknown method', { ...get, method: 'FROB' }],
    ['a stream', { ...get, method: 'PUT', body: heldStream().stream }],
    ['a question about health', { ...get, purpose: 'health' }],
  ])('never repeats %s', async (_what, init) => {
    const { send, tries } = setup(503, 200)
    expect((await send('/a', init)).status).toBe(503)
    expect(tries).toHaveLength(1)
  })

  it('cancels the body of an answer that it does not hand on', async () => {
    const held = heldStream()
    const { send } = setup(answerOf(503, held.stream), 200)
    await send('/a', get)
    expect(held.wasCancelled()).toBe(true)
  })

  it('hands the body of the last answer on untouched', async () => {
    const held = heldStream()
    const { send } = setup(answerOf(404, held.stream))
    expect((await send('/a', get)).body).toBe(held.stream)
    expect(held.wasCancelled()).toBe(false)
  })

  it('waits for as long as Retry-After says', async () => {
    const { send, pauses } = setup(answerOf(503, null, { 'retry-after': '2' }), 200)
    await send('/a', get)
    expect(pauses[0]).toBeGreaterThanOrEqual(2000)
  })

  it('hands on an answer that asks for more patience than it has', async () => {
    const { send, tries } = setup(answerOf(503, null, { 'retry-after': '60' }), 200)
    expect((await send('/a', get)).status).toBe(503)
    expect(tries).toHaveLength(1)
  })

  it('gives all tries together the time of one', async () => {
    const { send, tries, clock } = setup(
      async () => {
        await clock.advance(20_000)
        return answerOf(503)
      },
      async () => {
        await clock.advance(9999)
        return answerOf(503)
      },
      200,
    )
    expect((await send('/a', { ...get, limits: { firstByteMs: 30_000, connectMs: 500 } })).status).toBe(503)
    expect(tries).toHaveLength(2)
    expect(tries[1]?.init.limits?.connectMs).toBe(500)
    expect(tries[1]?.init.limits?.firstByteMs).toBeGreaterThan(9800)
    expect(tries[1]?.init.limits?.firstByteMs).toBeLessThanOrEqual(10_000)
  })

  it('stays within the caller’s deadline', async () => {
    const { send, tries, clock } = setup(answerOf(503, null, { 'retry-after': '1' }), 200)
    expect((await send('/a', { ...get, deadlineAt: clock.monotonic() + 1000 })).status).toBe(503)
    expect(tries).toHaveLength(1)
  })

  it('does not ask again for a caller that left during a try', async () => {
    const caller = new AbortController()
    const { send, tries } = setup(async () => {
      caller.abort()
      return answerOf(503)
    }, 200)
    expect((await send('/a', { ...get, signal: caller.signal })).status).toBe(503)
    expect(tries).toHaveLength(1)
  })

  it('stops waiting when the caller leaves, and asks no more', async () => {
    const caller = new AbortController()
    const clock = fakeClock()
    const { upstream, tries } = scriptedUpstream(answerOf(503, null, { 'retry-after': '3' }), 200)
    const budget = retryBudget({ share: 0.2, minimum: 3, windowS: 10 })
    const nothing = () => {}
    const told = { retried: nothing, refused: nothing }
    const options = { clock, random: fakeRandom(), budget, pause: clock.sleep, ...told, isRetryable: isTransient }
    const answer = withRetries(upstream, options)('/a', { ...get, signal: caller.signal })
    await clock.whenSleeping()
    caller.abort()
    await expect(answer).rejects.toEqual(new GatewayError('client_closed_request'))
    expect(tries).toHaveLength(1)
    expect(clock.pendingSleeps()).toBe(0)
  })

  it('spends the budget and then lets failures stand', async () => {
    const { send, tries, counts } = setup('reset')
    for (let i = 0; i < 10; i++) await send('/a', get).catch(() => {})
    expect(tries).toHaveLength(13)
    expect(counts).toEqual({ retried: 3, refused: 9 })
  })

  it('does not count a request that was refused on the way', async () => {
    const { send, budget, clock } = setup(new GatewayError('shub_unavailable', { retryAfterMs: 1000 }))
    await expect(send('/a', get)).rejects.toThrow()
    expect(budget.read(clock.now()).requests).toBe(0)
  })

  it('tells how long it waited', async () => {
    const { send, pauses } = setup(503, 503, 200)
    const trace = { attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] }
    await send('/a', { ...get, trace })
    expect(trace.pausedMs).toBe(pauses.reduce((sum, ms) => sum + ms, 0))
  })
})
