/** Which address is asked, and that WebSockets count as requests do. */
import { describe, expect, it } from 'vitest'
import type { OpenedWebSocket } from '../../../src/ports/index.ts'
import { answerOf, get, heldStream, turn } from '../scripted-upstream.ts'
import { down, newTrace, ok, one, other, twoAddresses } from './two-addresses.ts'

describe('the choice of an address', () => {
  it('gives turns by weight', async () => {
    const { shub, answer, asked } = twoAddresses({ SHUB_URL: `${one} weight=3, ${other}` })
    answer('/a', ok, ok)
    for (let i = 0; i < 8; i++) await shub('/a')
    expect(asked().filter((each) => each === 'one')).toHaveLength(6)
  })

  it('goes where least is in flight, and counts a body until it ended or was given up', async () => {
    const { shub, answer, asked, at } = twoAddresses()
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
    const { shub, answer } = twoAddresses()
    answer('/a', down, ok)
    const trace = newTrace()
    await shub('/a', { ...get, trace })
    expect(trace).toMatchObject({ address: other, attempts: 2 })
    expect(trace.tries.map(({ address }) => address)).toEqual([expect.any(String), other])
    expect(trace.tries[0]?.address).not.toBe(other)
  })
})

describe('WebSockets', () => {
  const handshake = { headers: {}, protocols: [] }

  it('choose an address as well, move on where nobody listens, and count until they end', async () => {
    const { webSocketUpstreams, sockets, at, shub, answer, asked } = twoAddresses()
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
