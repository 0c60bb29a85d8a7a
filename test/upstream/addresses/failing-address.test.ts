/** An address that fails: what it costs, how long it is spared, and how it comes back. */
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../../src/errors/gateway-error.ts'
import { answerOf, heldStream, post } from '../scripted-upstream.ts'
import { down, ok, one, other, twoAddresses } from './two-addresses.ts'

describe('an address that fails', () => {
  it('costs no request whatever its method, when nobody listens there, nor a retry, and is set aside at once', async () => {
    const { shub, answer, asked, at, state, lines, events } = twoAddresses()
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
    const { shub, answer, network } = twoAddresses({ VX11_TENTACULO_LINK_SHARED_SECRET: 'secret-for-the-entry-guard' })
    answer('/a', down, ok)
    await shub('/a', { ...post, body: new Uint8Array(3) })
    const signatures = network.exchanges.map(({ init }) => init.headers['x-vx11-signature'])
    expect(signatures).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)])
    expect(signatures[0]).not.toBe(signatures[1])
  })

  it('is left within the time and the deadline of the request', async () => {
    const { shub, network, clock, asked } = twoAddresses()
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
    const { shub, answer, asked } = twoAddresses()
    answer('/a', down, ok)
    await expect(shub('/a', { ...post, body: heldStream().stream })).rejects.toMatchObject({ code: 'shub_unavailable' })
    expect(asked()).toEqual(['one'])
  })

  it('has reads repeated at another one after a reset or a 503, without its Retry-After', async () => {
    const { shub, answer, asked, clock } = twoAddresses()
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
    const { shub, answer, asked } = twoAddresses()
    answer('/a', new TransportError('reset'), ok)
    await expect(shub('/a', { ...post, body: new Uint8Array(3) })).rejects.toMatchObject({ code: 'shub_unavailable' })
    expect(asked()).toEqual(['one'])
  })

  it('is set aside for longer after each probe that fails, never longer than the cool-down, and comes back', async () => {
    const { shub, answer, clock, at, asked, lines } = twoAddresses({ VX11_BREAKER_COOLDOWN_S: '8' })
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
    const { shub, answer, state, events, metrics, asked } = twoAddresses()
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
    const { shub, answer, asked } = twoAddresses()
    answer('/a', answerOf(500), ok)
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await shub('/a', post)).status))
    for (let i = 0; i < 100; i++) statuses.push((await shub('/a', post)).status)
    expect(statuses.filter((status) => status === 500).length).toBeLessThan(60)
    expect(asked().slice(-90)).toEqual(Array(90).fill('other'))
  })
})
