import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UpstreamInit } from '../../../src/ports/index.ts'
import { inFlightLimit } from '../../../src/upstream/layers/in-flight.ts'
import { watchBody } from '../../../src/upstream/layers/watch-body.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { answerOf, type Ending, get, heldStream, scriptedUpstream, turn } from '../scripted-upstream.ts'

function setup(limit: number | (() => number), endings: Ending[], watches = true) {
  const clock = fakeClock()
  const counts = { refused: 0, abandoned: 0 }
  const slots = inFlightLimit({
    limit: typeof limit === 'number' ? () => limit : limit,
    clock,
    watchBody: watches ? watchBody : undefined,
    refused: () => counts.refused++,
    abandoned: () => counts.abandoned++,
  })
  const { upstream, tries } = scriptedUpstream(...endings)
  return { clock, counts, slots, tries, send: slots.around(upstream) }
}

const never: Ending = () => new Promise(() => {})
const outcome = (answer: Promise<unknown>): Promise<string> => {
  const settled = answer.then(
    () => 'answered',
    (error) => error.code as string,
  )
  return Promise.race([settled, turn().then(() => 'under way')])
}

describe('inFlightLimit', () => {
  it('follows a limit that is raised and lowered while requests are under way', async () => {
    let limit = 1
    const { send, slots } = setup(() => limit, [never])
    void send('/a', get)
    await expect(send('/a', get)).rejects.toMatchObject({ code: 'service_overloaded' })
    limit = 3
    for (let nth = 0; nth < 2; nth++) void send('/a', get)
    limit = 2
    await expect(send('/a', get)).rejects.toMatchObject({ code: 'service_overloaded' })
    expect(slots.count()).toBe(3)
  })

  it('lets exactly the limit through and refuses the next, with a time to come back', async () => {
    const { send, slots, counts } = setup(2, [never])
    void send('/a', get)
    void send('/a', get)
    await expect(send('/a', get)).rejects.toMatchObject({ code: 'service_overloaded', details: { retryAfterMs: 1000 } })
    expect(slots.count()).toBe(2)
    expect(counts.refused).toBe(1)
  })

  it('keeps a sixteenth for health and admin, who are refused last', async () => {
    const { send, slots } = setup(32, [never])
    const ends = async (init: UpstreamInit) => outcome(send('/a', init))
    for (let i = 0; i < 30; i++) void send('/a', get)
    expect(await ends(get)).toBe('service_overloaded')
    expect(await ends({ ...get, purpose: 'admin' })).toBe('under way')
    expect(await ends({ ...get, purpose: 'health' })).toBe('under way')
    expect(await ends({ ...get, purpose: 'health' })).toBe('service_overloaded')
    expect(slots.count()).toBe(32)
  })

  it('leaves slots to others, whatever one principal holds', async () => {
    const { send, slots } = setup(32, [never])
    const ends = async (owner: string) => outcome(send('/a', { ...get, owner }))
    for (let i = 0; i < 27; i++) expect(await ends('one')).toBe('under way')
    expect(await ends('one')).toBe('too_many_requests')
    for (let i = 0; i < 3; i++) expect(await ends('other')).toBe('under way')
    expect(await ends('other')).toBe('service_overloaded')
    expect(slots.count()).toBe(30)
  })

  it('gives a principal its share back with each answer', async () => {
    const { send } = setup(32, [200])
    for (let i = 0; i < 100; i++) await send('/a', { ...get, owner: 'one' })
    expect(await outcome(send('/a', { ...get, owner: 'one' }))).toBe('answered')
  })

  it('counts those under way, in whatever order they end', async () => {
    const orders = fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(orders, async (steps) => {
        const waiting: (() => void)[] = []
        const ending: Ending = () => new Promise((resolve) => waiting.push(() => resolve(answerOf(200))))
        const { send, slots } = setup(100, [ending])
        for (const [begins, which] of steps) {
          if (begins) void send('/a', get)
          else waiting.splice(which % Math.max(1, waiting.length), 1)[0]?.()
          await turn()
          expect(slots.count()).toBe(waiting.length)
        }
      }),
      { numRuns: 30 },
    )
  })

  it.each<[string, Ending]>([
    ['no body', 204],
    ['a body of bytes', answerOf(200, new Uint8Array(3))],
    ['an error', 'reset'],
    ['an exception', new Error('a bug')],
  ])('gives the slot back at once with %s', async (_what, ending) => {
    const { send, slots } = setup(2, [ending])
    await send('/a', get).catch(() => {})
    expect(slots.count()).toBe(0)
  })

  it('hands a body of bytes on as it is', async () => {
    const bytes = new Uint8Array(3)
    const { send } = setup(2, [answerOf(200, bytes)])
    expect((await send('/a', get)).body).toBe(bytes)
  })

  it('holds the slot until a stream was read to its end', async () => {
    const held = heldStream()
    const { send, slots, counts } = setup(1, [answerOf(200, held.stream), 200])
    const { body } = await send('/a', get)
    const text = new Response(body as ReadableStream).text()
    held.control.enqueue(new TextEncoder().encode('part one, '))
    await turn()
    expect(await outcome(send('/a', get))).toBe('service_overloaded')
    held.control.enqueue(new TextEncoder().encode('part two'))
    held.control.close()
    expect(await text).toBe('part one, part two')
    await turn()
    expect(slots.count()).toBe(0)
    expect(counts.abandoned).toBe(0)
  })

  it('gives the slot back when a stream breaks, read or not', async () => {
    for (const reads of [true, false]) {
      const held = heldStream()
      const { send, slots } = setup(1, [answerOf(200, held.stream)])
      const { body } = await send('/a', get)
      const reading = reads ? (body as ReadableStream).getReader().read() : Promise.reject(new Error('unread'))
      held.control.error(new Error('broken'))
      await expect(reading).rejects.toThrow(reads ? 'broken' : 'unread')
      await turn()
      expect(slots.count()).toBe(0)
    }
  })

  it('gives the slot back when the reader leaves, tells so, and lets the upstream know', async () => {
    const held = heldStream()
    const { send, slots, counts } = setup(1, [answerOf(200, held.stream)])
    const { body } = await send('/a', get)
    await (body as ReadableStream).cancel()
    await turn()
    expect(held.wasCancelled()).toBe(true)
    expect(slots.count()).toBe(0)
    expect(counts.abandoned).toBe(1)
  })

  it('does not read ahead of its reader', async () => {
    let pulls = 0
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulls++
          controller.enqueue(new Uint8Array(1))
        },
      },
      { highWaterMark: 0 },
    )
    const { send } = setup(1, [answerOf(200, source)])
    const reader = ((await send('/a', get)).body as ReadableStream<Uint8Array>).getReader()
    await turn()
    expect(pulls).toBe(0)
    await reader.read()
    await turn()
    expect(pulls).toBe(1)
    await reader.cancel()
  })
})

describe('where bodies cannot be watched', () => {
  it('leaves streams alone and gives the slot back with the headers', async () => {
    const held = heldStream()
    const { send, slots } = setup(1, [answerOf(200, held.stream)], false)
    expect((await send('/a', get)).body).toBe(held.stream)
    expect(slots.count()).toBe(0)
  })

  it('does not miss a slot that was taken back when its request ends after all', async () => {
    let end = () => {}
    const late: Ending = () =>
      new Promise((resolve) => {
        end = () => resolve(answerOf(200))
      })
    const { send, slots, clock } = setup(2, [late, never], false)
    void send('/a', { ...get, limits: { firstByteMs: 2000 } })
    await clock.advance(6000)
    void send('/a', get)
    await clock.advance(2000)
    expect(slots.count()).toBe(1)
    end()
    await turn()
    expect(slots.count()).toBe(1)
  })

  it('takes back a slot whose request was never heard of again', async () => {
    const { send, slots, clock } = setup(1, [never, 200], false)
    void send('/a', { ...get, limits: { firstByteMs: 2000 } })
    expect(await outcome(send('/a', get))).toBe('service_overloaded')
    await clock.advance(7000)
    expect(slots.count()).toBe(1)
    await clock.advance(1)
    expect((await send('/a', get)).status).toBe(200)
    expect(slots.count()).toBe(0)
  })
})

describe('activity', () => {
  it('tells what is under way, what of it streams, and when the last one ended', async () => {
    const held = heldStream()
    const { send, slots, clock } = setup(9, [200, answerOf(200, held.stream), never])
    expect(slots.activity()).toEqual({ requests: 0, streams: 0, lastAt: null })
    await send('/a', get)
    const ended = clock.now()
    await clock.advance(1000)
    expect(slots.activity()).toEqual({ requests: 0, streams: 0, lastAt: ended })
    const { body } = await send('/a', get)
    void send('/a', get)
    await clock.advance(1000)
    expect(slots.activity()).toEqual({ requests: 2, streams: 1, lastAt: clock.now() })
    await (body as ReadableStream).cancel()
    await turn()
    expect(slots.activity()).toMatchObject({ requests: 1, streams: 0 })
  })

  it('counts a request that failed, and no question about health', async () => {
    const { send, slots, clock } = setup(9, [200, never, 'unreachable'])
    const health: UpstreamInit = { ...get, purpose: 'health' }
    await send('/a', health)
    void send('/a', health)
    expect(slots.activity()).toEqual({ requests: 0, streams: 0, lastAt: null })
    await expect(send('/a', get)).rejects.toThrow()
    expect(slots.activity()).toEqual({ requests: 0, streams: 0, lastAt: clock.now() })
  })

  it('knows no streams where bodies cannot be watched', async () => {
    const { send, slots, clock } = setup(9, [answerOf(200, heldStream().stream)], false)
    await send('/a', get)
    expect(slots.activity()).toEqual({ requests: 0, streams: null, lastAt: clock.now() })
  })
})
