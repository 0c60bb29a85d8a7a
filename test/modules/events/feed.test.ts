import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventFeed } from '../../../src/modules/events/stream/feed.ts'
import type { CommitNotice, StoredEvent } from '../../../src/ports/index.ts'
import { silent, someEvent } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const stored = (id: number): StoredEvent => ({ ...someEvent(), id, eventId: `evt_${id}`, at: 0 })
const upTo = (newest: number, from = newest) =>
  Array.from({ length: newest - from + 1 }, (_, index) => stored(from + index))

/** A database as far as it is written, and a hub that says what a test lets it say. */
function stream() {
  const clock = fakeClock()
  const hubListeners = new Set<(news: CommitNotice) => void>()
  const database = { newest: 0, down: false, reads: 0 }
  const feed = eventFeed({
    clock,
    log: silent,
    pollEveryMs: 1000,
    hub: {
      publish: () => {},
      subscribe: async (listener) => {
        hubListeners.add(listener)
        return () => hubListeners.delete(listener)
      },
    },
    newest: async () => {
      if (database.down) throw new Error('down')
      return database.newest
    },
    async read({ after = 0 }) {
      database.reads++
      if (database.down) throw new Error('down')
      const end = Math.min(database.newest, after + 3)
      return { events: upTo(end, after + 1), next: end < database.newest ? end : null }
    },
  })
  return {
    clock,
    database,
    feed,
    hubListeners,
    /** Everything up to the id is committed. */
    commit: (newest: number) => {
      database.newest = Math.max(database.newest, newest)
    },
    news: (newest: number, from = newest) => {
      for (const listener of hubListeners) listener({ newest, events: upTo(newest, from) })
    },
    newsWithoutEvents: (newest: number) => {
      for (const listener of hubListeners) listener({ newest, events: [] })
    },
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
const collect = () => {
  const ids: number[] = []
  return { ids, listen: (some: readonly StoredEvent[]) => void ids.push(...some.map(({ id }) => id)) }
}

describe('the feed', () => {
  it('tells news at once and without asking the database', async () => {
    const { feed, commit, news, database } = stream()
    commit(7)
    const { ids, listen } = collect()
    expect((await feed(listen)).after).toBe(7)
    commit(9)
    news(8)
    news(9)
    expect(ids).toEqual([8, 9])
    expect(database.reads).toBe(0)
  })

  it('tells nothing twice', async () => {
    const { feed, commit, news } = stream()
    const { ids, listen } = collect()
    await feed(listen)
    commit(3)
    news(2, 1)
    news(2, 1)
    news(1)
    news(3, 2)
    await settled()
    expect(ids).toEqual([1, 2, 3])
  })

  it('reads what it missed before it tells what came after', async () => {
    const { feed, commit, news } = stream()
    const { ids, listen } = collect()
    await feed(listen)
    commit(9)
    news(9)
    news(5)
    await settled()
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('reads what was too large to be carried along', async () => {
    const { feed, commit, newsWithoutEvents } = stream()
    const { ids, listen } = collect()
    await feed(listen)
    commit(4)
    newsWithoutEvents(4)
    await settled()
    expect(ids).toEqual([1, 2, 3, 4])
  })

  it('looks by itself when the hub says nothing, also after the database was away', async () => {
    const { feed, commit, clock, database } = stream()
    const { ids, listen } = collect()
    await feed(listen)
    commit(2)
    database.down = true
    await clock.advance(1000)
    expect(ids).toEqual([])
    database.down = false
    await clock.advance(999)
    expect(ids).toEqual([])
    await clock.advance(1)
    await settled()
    expect(ids).toEqual([1, 2])
  })

  it('stops looking when nobody listens, and begins anew with the next', async () => {
    const { feed, commit, news, clock, hubListeners } = stream()
    const { ids, listen } = collect()
    const first = await feed(listen)
    const second = await feed(() => {})
    first.close()
    first.close()
    expect(hubListeners.size).toBe(1)
    second.close()
    await settled()
    expect([hubListeners.size, clock.pendingSleeps()]).toEqual([0, 0])
    commit(5)
    expect(await feed(listen)).toMatchObject({ after: 5 })
    commit(6)
    news(6)
    expect(ids).toEqual([6])
  })

  it.each([0, 1, 2, 3, 4, 5, 6])('misses nothing that is committed %i turns after its beginning', async (turns) => {
    const { feed, commit, news } = stream()
    const { ids, listen } = collect()
    const beginning = feed(listen)
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    commit(2)
    news(2, 1)
    const { after } = await beginning
    await settled()
    expect(
      upTo(after, 1)
        .map(({ id }) => id)
        .concat(ids),
    ).toEqual([1, 2])
  })

  it('can be subscribed to after a start that failed', async () => {
    const { feed, database, hubListeners } = stream()
    database.down = true
    await expect(feed(() => {})).rejects.toThrow('down')
    expect(hubListeners.size).toBe(0)
    database.down = false
    expect(await feed(() => {})).toMatchObject({ after: 0 })
  })

  it('tells every event once and in order, whatever the hub loses, repeats and mixes up', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('commit' as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({
        kind: fc.constant('news' as const),
        back: fc.integer({ min: 0, max: 6 }),
        width: fc.integer({ min: 1, max: 4 }),
      }),
      fc.constant({ kind: 'wait' as const }),
      fc.constant({ kind: 'look' as const }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { feed, commit, news, clock, database } = stream()
        commit(3)
        const { ids, listen } = collect()
        await feed(listen)
        for (const each of steps) {
          if (each.kind === 'commit') commit(database.newest + each.count)
          if (each.kind === 'wait') await settled()
          if (each.kind === 'look') await clock.advance(1000)
          if (each.kind !== 'news') continue
          const newest = Math.max(1, database.newest - each.back)
          news(newest, Math.max(1, newest - each.width + 1))
        }
        await clock.advance(1000)
        await settled()
        expect(ids).toEqual(upTo(database.newest, 4).map(({ id }) => id))
      }),
      { numRuns: 60 },
    )
  })
})
