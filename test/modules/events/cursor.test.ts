import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventCursor, type StreamReader } from '../../../src/modules/events/stream/cursor.ts'
import type { EventQuery, StoredEvent } from '../../../src/ports/index.ts'
import { someEvent } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 0))
async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await nextTurn()
}

/** A stream of events of which every third is of the type `rare`, and whose database answers a turn late. */
function storedStream() {
  let events: StoredEvent[] = []
  let newest = 0
  const queries: EventQuery[] = []
  const state = { isDown: false }
  const typeOf = (id: number) => (id % 3 === 0 ? 'rare' : 'common')
  return {
    queries,
    state,
    get newest() {
      return newest
    },
    commit(count: number): StoredEvent[] {
      const made = Array.from({ length: count }, (_, index) => {
        const id = newest + 1 + index
        return { ...someEvent({ type: typeOf(id) }), id, eventId: `evt_${id}`, at: 0 }
      })
      newest += count
      events.push(...made)
      return made
    },
    /** Retention deletes the oldest events. */
    forget(upTo: number) {
      events = events.filter(({ id }) => id > upTo)
    },
    from: (first: number, last: number) => events.filter(({ id }) => id >= first && id <= last),
    async read(query: EventQuery) {
      queries.push(query)
      await nextTurn()
      if (state.isDown) throw new Error('down')
      const { after = 0, types, limit } = query
      const covered = events.filter(({ id }) => id > after).slice(0, Math.min(4, query.maxIds ?? 4))
      const kept = covered.filter(({ type }) => types?.includes(type) ?? true).slice(0, limit)
      const end = covered.at(-1)?.id ?? newest
      return { events: kept, next: end < newest ? end : null }
    },
  }
}

type Stream = ReturnType<typeof storedStream>

function follow(stream: Stream, position: number, more: Partial<StreamReader> = {}, types?: string[]) {
  const ids: number[] = []
  const log: string[] = []
  const cursor = new EventCursor({
    ...{ clock: fakeClock(), read: stream.read, position, maxPageBytes: 65_536 },
    ...(types && { filter: { types } }),
    reader: {
      deliver(events) {
        ids.push(...events.map(({ id }) => id))
        return undefined
      },
      caughtUp: () => log.push('caught up'),
      tooSlow: () => log.push('too slow'),
      failed: () => log.push('failed'),
      ...more,
    },
  })
  return { cursor, ids, log }
}

const range = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)

describe('a cursor', () => {
  it('delivers a notice that continues its position without reading', async () => {
    const stream = storedStream()
    const { cursor, ids } = follow(stream, 0)
    const events = stream.commit(2)
    cursor.notify({ newest: 2, events })
    expect(ids).toEqual([1, 2])
    expect(stream.queries).toEqual([])
  })

  it('reads pages until it reaches the newest id, and delivers later events after them', async () => {
    const stream = storedStream()
    stream.commit(10)
    const { cursor, ids, log } = follow(stream, 0)
    cursor.notify({ newest: 10, events: [] })
    await nextTurn()
    cursor.notify({ newest: 11, events: stream.commit(1) })
    await settled()
    expect(ids).toEqual(range(1, 11))
    expect(log).toEqual(['caught up'])
  })

  it('asks for bounded pages', async () => {
    const stream = storedStream()
    stream.commit(3)
    const { cursor } = follow(stream, 0)
    cursor.notify({ newest: 3, events: [] })
    await settled()
    expect(stream.queries[0]).toMatchObject({ maxBytes: 65_536, limit: 100, maxIds: 2000 })
  })

  it('moves on through events that its filter does not keep', async () => {
    const stream = storedStream()
    stream.commit(30)
    const positions: number[] = []
    const { cursor, ids } = follow(stream, 0, { moved: (to) => positions.push(to) }, ['never'])
    cursor.notify({ newest: 30, events: [] })
    await settled()
    expect(ids).toEqual([])
    expect(positions.length).toBeGreaterThan(3)
    expect(cursor.position).toBe(30)
  })

  it('gives a reader no page before it is ready, and none when it is too slow', async () => {
    const stream = storedStream()
    stream.commit(5)
    const slow = follow(stream, 0, { whenReady: async () => false })
    slow.cursor.notify({ newest: 5, events: [] })
    await settled()
    expect([slow.ids, slow.log, stream.queries]).toEqual([[], ['too slow'], []])
  })

  it('goes on after the last event that its reader took', async () => {
    const stream = storedStream()
    const ids: number[] = []
    const { cursor } = follow(stream, 0, {
      deliver(events) {
        ids.push(...events.slice(0, 1).map(({ id }) => id))
        return 1
      },
    })
    cursor.notify({ newest: 5, events: stream.commit(5) })
    await settled()
    expect(ids).toEqual(range(1, 5))
  })

  it('says that it failed, and tries again with the next notice', async () => {
    const stream = storedStream()
    stream.commit(3)
    stream.state.isDown = true
    const { cursor, ids, log } = follow(stream, 0)
    cursor.notify({ newest: 3, events: [] })
    await settled()
    expect([ids, log]).toEqual([[], ['failed']])
    stream.state.isDown = false
    cursor.notify({ newest: 3, events: [] })
    await settled()
    expect(ids).toEqual([1, 2, 3])
  })

  it('delivers nothing after it was closed', async () => {
    const stream = storedStream()
    stream.commit(9)
    const { cursor, ids, log } = follow(stream, 0)
    cursor.notify({ newest: 9, events: [] })
    cursor.close()
    await settled()
    cursor.notify({ newest: 10, events: stream.commit(1) })
    expect([ids, log]).toEqual([[], []])
  })

  const step = fc.oneof(
    fc.record({ kind: fc.constant('commit' as const), count: fc.integer({ min: 1, max: 7 }) }),
    fc.record({
      kind: fc.constant('notice' as const),
      back: fc.integer({ min: 0, max: 9 }),
      width: fc.integer({ min: 0, max: 5 }),
      isMixed: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('ready' as const), isReady: fc.boolean() }),
    fc.record({ kind: fc.constant('take' as const), atMost: fc.constantFrom(1, 2, 100) }),
    fc.record({ kind: fc.constant('database' as const), isDown: fc.boolean() }),
    fc.constant({ kind: 'wait' as const }),
    fc.constant({ kind: 'restart' as const }),
  )

  it.each([undefined, ['rare'], ['never']])(
    'leaves no gap and repeats nothing with the filter %j, whatever notices, reader, database and restarts do',
    async (types) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const stream = storedStream()
          stream.commit(3)
          const ids: number[] = []
          const reader = { isReady: true, atMost: 100 }
          const start = (position: number) =>
            follow(
              stream,
              position,
              {
                isReady: () => reader.isReady,
                async whenReady() {
                  for (let turn = 0; turn < 3 && !reader.isReady; turn++) await nextTurn()
                  return true
                },
                deliver(events) {
                  const taken = events.slice(0, reader.atMost)
                  ids.push(...taken.map(({ id }) => id))
                  return taken.length
                },
              },
              types,
            ).cursor
          let cursor = start(1)
          for (const each of steps) {
            if (each.kind === 'commit') stream.commit(each.count)
            if (each.kind === 'wait') await nextTurn()
            if (each.kind === 'ready') reader.isReady = each.isReady
            if (each.kind === 'take') reader.atMost = each.atMost
            if (each.kind === 'database') stream.state.isDown = each.isDown
            if (each.kind === 'restart') {
              cursor.close()
              cursor = start(cursor.position)
            }
            if (each.kind !== 'notice') continue
            const newest = Math.max(1, stream.newest - each.back)
            const events = stream.from(newest - each.width + 1, newest)
            cursor.notify({ newest, events: each.isMixed ? events.toReversed() : events })
          }
          await settled()
          stream.state.isDown = false
          reader.isReady = true
          cursor.notify({ newest: stream.newest, events: [] })
          await expect.poll(() => cursor.position).toBe(stream.newest)
          const wanted = stream.from(2, stream.newest).filter(({ type }) => types?.includes(type) ?? true)
          expect(ids).toEqual(wanted.map(({ id }) => id))
        }),
        { numRuns: 40 },
      )
    },
  )

  it('crosses the gap that retention left', async () => {
    const stream = storedStream()
    stream.commit(20)
    stream.forget(10)
    const { cursor, ids } = follow(stream, 2)
    cursor.notify({ newest: 20, events: [] })
    await settled()
    expect(ids).toEqual(range(11, 20))
  })
})
