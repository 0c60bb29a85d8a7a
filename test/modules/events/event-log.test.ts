import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { memoryEventHub } from '../../../src/adapters/memory/event-hub.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { forgetKeys } from '../../../src/modules/events/store/idempotency.ts'
import { checkLedger } from '../../../src/modules/events/store/ledger.ts'
import type { AppendOnce, Clock, Log } from '../../../src/ports/index.ts'
import { silent, someEvent, testEventLog } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const database = testDatabase()
const instance = (clock: Clock = fakeClock(), hub = memoryEventHub()) =>
  testEventLog({ database: database(), clock, hub })
const count = async (table: string) =>
  (
    await database()
      .open()
      .all<{ n: number }>(sql`select count(*) as n from ${sql.identifier(table)}`)
  )[0]?.n ?? 0
const realClock = systemClock()
const wholeLedger = { from: 1, to: Number.MAX_SAFE_INTEGER, limit: 5000 }

let keys = 0
const freshKey = (request = 'request'): AppendOnce => ({ key: `key-${++keys}`, request })

describe('the event log', () => {
  it('stores events, reads them back and tells listeners, in one order', async () => {
    const events = instance()
    const told: number[] = []
    const subscription = await events.subscribe((some) => told.push(...some.map(({ id }) => id)))
    const three = await Promise.all([
      events.append([someEvent({ type: 'a' }), someEvent({ type: 'b' })]),
      events.append([someEvent({ type: 'c', payload: { snow: '☃' }, severity: 'warn' })]),
    ])
    const ids = three.flat().map(({ id }) => id - subscription.after)
    expect(ids).toEqual([1, 2, 3])
    expect(told.map((id) => id - subscription.after)).toEqual([1, 2, 3])
    const page = await events.read({ limit: 2, order: 'newest_first' })
    expect(page.events).toEqual([three[1][0], three[0][1]])
    subscription.close()
  })

  it.each(['oldest_first', 'newest_first'] as const)(
    'bounds pages by bytes, %s, with one event at least',
    async (order) => {
      const events = instance()
      const payload = (length: number) => ({ text: 'é'.repeat(length / 2) })
      const stored = await events.append(
        [10_000, 10_000, 30_000, 10_000].map((n) => someEvent({ payload: payload(n) })),
      )
      const last = stored.at(-1)?.id ?? 0
      const bounds = { after: last - 4, before: last + 1, limit: 10, maxBytes: 20_000, order }
      const lengths: number[] = []
      const found: number[] = []
      for (let next: number | null = 0; next !== null; ) {
        const from = next === 0 ? {} : order === 'oldest_first' ? { after: next } : { before: next }
        const page = await events.readInTurn({ ...bounds, ...from })
        lengths.push(page.events.length)
        found.push(...page.events.map(({ id }) => id))
        next = page.next
      }
      const ids = stored.map(({ id }) => id)
      expect(found).toEqual(order === 'oldest_first' ? ids : ids.toReversed())
      expect(lengths.filter((length) => length > 0)).toEqual(order === 'oldest_first' ? [2, 1, 1] : [2, 2])
    },
  )

  it('bounds the ids that a page covers, whatever the filter keeps', async () => {
    const events = instance()
    const stored = await events.append(
      Array.from({ length: 30 }, (_, i) => someEvent({ type: i === 29 ? 'rare' : 'x' })),
    )
    const first = stored[0]?.id ?? 0
    const query = { types: ['rare'], after: first - 1, limit: 10, maxIds: 10, order: 'oldest_first' } as const
    expect(await events.read(query)).toEqual({ events: [], next: first + 9 })
    expect((await events.read({ ...query, after: first + 19 })).events).toHaveLength(1)
  })

  it('gives each event one row in each of the three tables, filed by words that the dashboard knows', async () => {
    const before = [await count('events'), await count('forensic_ledger'), await count('operator_events')]
    const [stored] = await instance().append([
      someEvent({ type: 'switch.window.odd', severity: 'crit', module: 'switch', correlationId: 'c-1' }),
    ])
    const after = [await count('events'), await count('forensic_ledger'), await count('operator_events')]
    expect(after).toEqual(before.map((n) => n + 1))
    const rows = await database().open().all(sql`select * from operator_events where event_id = ${stored?.eventId}`)
    expect(rows).toEqual([
      {
        ...{ event_id: stored?.eventId, ts: '2027-01-15 08:00:00.000000', event_type: 'window', severity: 'crit' },
        ...{ module: 'switch', correlation_id: 'c-1', summary: 'spawn_success from madre' },
        payload_json: '{"spawn":"spawn-1"}',
      },
    ])
  })

  it('keeps what is awkward as it came', async () => {
    const payload = JSON.parse(
      '{"__proto__":{"a":1},"quote":"\\"\\\\","nul":"\\u0000","lone":"\\ud800","deep":[[[]]],"n":1e300}',
    )
    const events = instance()
    const [stored] = await events.append([someEvent({ payload, summary: 'naïve ☃ 🔑', type: 'o\'brien"; drop' })])
    const page = await events.read({ limit: 1, order: 'newest_first' })
    expect(page.events).toEqual([stored])
    expect(Object.hasOwn(page.events[0]?.payload ?? {}, '__proto__')).toBe(true)
  })

  it('stores 1000 large events as one change', async () => {
    const payload = { text: '"\\"'.repeat(600) }
    const stored = await instance().append(Array.from({ length: 1000 }, () => someEvent({ payload })))
    const [first, last] = [stored[0]?.id ?? 0, stored.at(-1)?.id ?? 0]
    expect(last - first).toBe(999)
    const [row] = await database()
      .open()
      .all<{ n: number }>(sql`select count(*) as n from operator_events where event_id >= ${stored[0]?.eventId}`)
    expect(row?.n).toBe(1000)
  })

  it('keeps one chain when four instances write at once', async () => {
    const hub = memoryEventHub()
    const instances = Array.from({ length: 4 }, () => testEventLog({ database: database(), clock: realClock, hub }))
    const told: number[][] = instances.map(() => [])
    const subscriptions = await Promise.all(
      instances.map((events, index) => events.subscribe((some) => told[index]?.push(...some.map(({ id }) => id)))),
    )
    const writes = instances.flatMap((events, index) =>
      Array.from({ length: 10 }, (_, nth) => events.append([someEvent({ type: `${index}.${nth}` })])),
    )
    const ids = (await Promise.all(writes)).flat().map(({ id }) => id)
    expect(new Set(ids).size).toBe(40)
    const sorted = ids.toSorted((a, b) => a - b)
    await expect.poll(() => told.map((own) => own.length)).toEqual([40, 40, 40, 40])
    for (const own of told) expect(own).toEqual(sorted)
    expect(await checkLedger(database().open(), { ...wholeLedger, from: 1 }, fakeClock())).toMatchObject({
      broken: null,
    })
    for (const { close } of subscriptions) close()
  })

  it('writes behind what another instance has told, at the first attempt', async () => {
    const hub = memoryEventHub()
    let attempts = 0
    const counted = {
      ...database(),
      open: () => {
        attempts++
        return database().open()
      },
    }
    const one = testEventLog({ database: counted, clock: realClock, hub })
    const other = instance(realClock, hub)
    await one.append([someEvent()])
    attempts = 0
    const [theirs] = await other.append([someEvent()])
    const [own] = await one.append([someEvent()])
    expect([own?.id, attempts]).toEqual([(theirs?.id ?? 0) + 1, 1])
  })

  it('finds out what another instance has stored and not told, and what was told and is not so', async () => {
    const hub = memoryEventHub()
    const events = instance(realClock, hub)
    await events.append([someEvent()])
    const [untold] = await instance().append([someEvent()])
    const [behind] = await events.append([someEvent()])
    expect(behind?.id).toBe((untold?.id ?? 0) + 1)
    hub.publish({ newest: 999_999_999, events: [], ledger: { id: 999_999_999, hash: 'made up' } })
    const [next] = await events.append([someEvent()])
    expect(next?.id).toBe((behind?.id ?? 0) + 1)
    expect(await checkLedger(database().open(), wholeLedger, fakeClock())).toMatchObject({ broken: null })
  })

  it('says that events cannot be stored, and stores the next', async () => {
    const errors: unknown[] = []
    const log: Log = { ...silent, error: (event) => errors.push(event) }
    let down = true
    const flaky = {
      ...database(),
      open: () => {
        if (down) throw new Error('down')
        return database().open()
      },
    }
    const events = testEventLog({ database: flaky, clock: fakeClock(), log })
    await expect(events.append([someEvent()])).rejects.toMatchObject({
      code: 'events_unavailable',
      details: { retryAfterMs: 1000 },
    })
    expect(errors).toEqual(['events_not_stored'])
    down = false
    expect(await events.append([someEvent()])).toHaveLength(1)
  })

  it('takes 20000 waiting events and refuses the next at once', async () => {
    const before = await count('events')
    const stuck = {
      ...database(),
      open: () => {
        throw new Error('down')
      },
    }
    const events = testEventLog({ database: stuck, clock: fakeClock() })
    const thousand = Array.from({ length: 1000 }, () => someEvent())
    const waiting = Array.from({ length: 20 }, () => events.append(thousand).catch(({ code }) => code))
    await expect(events.append([someEvent()])).rejects.toMatchObject({ code: 'events_unavailable' })
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['events_unavailable']))
    await expect(events.append([])).resolves.toEqual([])
    expect(await count('events')).toBe(before)
  })
})

describe('an idempotency key', () => {
  it('gives a repeated request the first answer, from any instance and after a restart', async () => {
    const once = freshKey()
    const first = await instance().append([someEvent(), someEvent()], once)
    const before = await count('events')
    expect(await instance().append([someEvent(), someEvent()], once)).toEqual(first)
    expect(await count('events')).toBe(before)
  })

  it('makes concurrent duplicates one event, within an instance and between two', async () => {
    const once = freshKey()
    const [one, other] = [instance(), instance()]
    const before = await count('events')
    const answers = await Promise.all([one, one, one, other, other].map((events) => events.append([someEvent()], once)))
    expect(new Set(answers.map(([event]) => event?.id)).size).toBe(1)
    expect(await count('events')).toBe(before + 1)
  })

  it('is refused for another request, alone and among others', async () => {
    const once = freshKey('one')
    const events = instance()
    const answers = await Promise.allSettled([
      events.append([someEvent()], once),
      events.append([someEvent()], { ...once, request: 'another' }),
      events.append([someEvent()]),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const late = instance().append([someEvent()], { ...once, request: 'another' })
    await expect(late).rejects.toMatchObject({ code: 'idempotency_key_reused' })
  })

  it('is free again after 24 hours, forgotten or not', async () => {
    const clock = fakeClock()
    const events = instance(clock)
    const once = freshKey('one')
    const [first] = await events.append([someEvent()], once)
    await clock.advance(24 * 3_600_000 - 1)
    expect(await events.append([someEvent()], once)).toMatchObject([{ id: first?.id }])
    await clock.advance(1)
    const [second] = await events.append([someEvent()], { ...once, request: 'another' })
    expect(second?.id).toBeGreaterThan(first?.id ?? 0)
    const kept = await count('operator_jobs')
    await clock.advance(24 * 3_600_000)
    await forgetKeys({ database: database(), clock, log: silent })
    expect(kept).toBeGreaterThan(0)
    expect(await count('operator_jobs')).toBe(0)
  })

  it('is none when it was dated by a clock that was years ahead', async () => {
    const clock = fakeClock()
    const events = instance(clock)
    const once = freshKey('ahead')
    clock.jump(3653 * 24 * 3_600_000)
    const [first] = await events.append([someEvent()], once)
    clock.jump(-3653 * 24 * 3_600_000)
    const [second] = await events.append([someEvent()], { ...once, request: 'another' })
    expect(second?.id).toBeGreaterThan(first?.id ?? 0)
    clock.jump(3653 * 24 * 3_600_000)
    await events.append([someEvent()], freshKey('left behind'))
    clock.jump(-3653 * 24 * 3_600_000)
    await forgetKeys({ database: database(), clock, log: silent })
    expect(await count('operator_jobs')).toBe(1)
  })
})

describe('reading', () => {
  it('filters by type, severity, module, correlation id and time, in both directions', async () => {
    const clock = fakeClock(1_900_000_000_000)
    const events = instance(clock)
    const [first] = await events.append([
      someEvent({ type: 'kind', module: 'm1', severity: 'warn', correlationId: 'x' }),
    ])
    await clock.advance(1000)
    await events.append([someEvent({ type: 'kind', module: 'm2' }), someEvent({ type: 'other', module: 'm1' })])
    const after = (first?.id ?? 0) - 1
    const types = async (query: object) => {
      const page = await events.read({ after, limit: 10, order: 'oldest_first', ...query })
      return page.events.map(({ type, module }) => `${type}:${module}`)
    }
    expect(await types({})).toEqual(['kind:m1', 'kind:m2', 'other:m1'])
    expect(await types({ order: 'newest_first' })).toEqual(['other:m1', 'kind:m2', 'kind:m1'])
    expect(await types({ types: ['kind'] })).toEqual(['kind:m1', 'kind:m2'])
    expect(await types({ types: [] })).toEqual([])
    expect(await types({ severities: ['warn', 'crit'] })).toEqual(['kind:m1'])
    expect(await types({ module: 'm1', types: ['other'] })).toEqual(['other:m1'])
    expect(await types({ correlationId: 'x' })).toEqual(['kind:m1'])
    expect(await types({ sinceMs: 1_900_000_001_000 })).toEqual(['kind:m2', 'other:m1'])
    expect(await types({ module: "m1' or 1=1 --" })).toEqual([])
  })

  it('pages through everything without a repetition, across stretches and holes', async () => {
    const events = instance()
    const stored = []
    for (let round = 0; round < 6; round++)
      stored.push(
        ...(await events.append(
          Array.from({ length: 1000 }, (_, n) => {
            const module = n === 0 && round === 0 ? 'once' : 'spawner'
            return someEvent({ type: n === 0 ? 'rare' : 'usual', module })
          }),
        )),
      )
    const [first, last] = [stored[0]?.id ?? 0, stored.at(-1)?.id ?? 0]
    const rare = stored.filter(({ type }) => type === 'rare').map(({ id }) => id)
    await database()
      .open()
      .run(sql`delete from events where id > ${first + 100} and id < ${first + 900}`)
    for (const [order, filter, wanted] of [
      ['oldest_first', { types: ['rare'] }, rare],
      ['newest_first', { types: ['rare'] }, rare.toReversed()],
      ['oldest_first', { module: 'once' }, [first]],
      ['newest_first', { module: 'once' }, [first]],
    ] as const) {
      const found: number[] = []
      let bounds: { after?: number; before?: number } = { after: first - 1, before: last + 1 }
      for (let pages = 0; ; pages++) {
        expect(pages).toBeLessThan(20)
        const page = await events.read({ ...bounds, ...filter, limit: 2, order })
        found.push(...page.events.map(({ id }) => id))
        if (page.next === null) break
        bounds = order === 'oldest_first' ? { ...bounds, after: page.next } : { ...bounds, before: page.next }
      }
      expect(found).toEqual(wanted)
    }
  })

  it('takes rows that others wrote for what they are', async () => {
    const rows = ['{"a":1}', 'no json', '[1]', null]
    const events = instance()
    const after = await events.newest()
    for (const payload of rows)
      await database()
        .open()
        .run(sql`insert into events (source, event_type, payload) values ('old', 'kind', ${payload})`)
    const page = await events.read({ after, limit: 10, order: 'oldest_first' })
    expect(page.events.map(({ payload }) => payload)).toEqual([{ a: 1 }, { text: 'no json' }, { value: [1] }, {}])
    expect(page.events[0]).toMatchObject({ severity: 'info', module: null, summary: 'kind', at: 0 })
    const [next] = await events.append([someEvent()])
    expect(next?.id).toBe(after + 5)
  })
})
