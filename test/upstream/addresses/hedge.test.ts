/** A slow read asks a second address, once and within the retry budget. */
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../../src/errors/gateway-error.ts'
import type { fakeClock } from '../../support/fake-clock.ts'
import type { Exchange } from '../../support/fake-network.ts'
import { get, post, turn } from '../scripted-upstream.ts'
import { newTrace, ok, other, twoAddresses } from './two-addresses.ts'

describe('a hedge', () => {
  const slowly =
    (clock: ReturnType<typeof fakeClock>, ms: number, then = ok) =>
    async (exchange: Exchange) => {
      await clock.sleep(ms, exchange.init.signal)
      return then
    }
  /** Both answer within 100 ms, 20 times or more. */
  async function taught(env = { VX11_HEDGED_UPSTREAMS: 'shub' }) {
    const all = twoAddresses(env)
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
