import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { maxCountedEvents, maxTypes } from '../../src/features/debug/cardinality.ts'
import { Cardinality, CorrelationGraph } from '../../src/features/debug/schema.ts'
import { maxNodes } from '../../src/features/debug/service.ts'
import type { NewEvent } from '../../src/ports/index.ts'
import { someEvent, testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()

beforeEach(async () => {
  const db = database().open()
  for (const table of ['events', 'operator_events', 'forensic_ledger']) await db.run(sql.raw(`delete from ${table}`))
})

function gateway() {
  const clock = fakeClock()
  const events = testEventLog({ database: database(), clock })
  const app = testApp({ deps: { clock, events, database: database() } })
  const read = async <T>(path: string, schema: v.GenericSchema<T>): Promise<T> => {
    const response = await app.authorized(`/debug/events/${path}`)
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    return v.parse(schema, await response.json())
  }
  return {
    ...app,
    clock,
    events,
    cardinality: () => read('cardinality', Cardinality),
    graph: () => read('correlations', CorrelationGraph),
  }
}

describe('GET /debug/events/cardinality', () => {
  it('counts the events of the last minute by type, and the rate over it', async () => {
    const { events, clock, cardinality } = gateway()
    await events.append([someEvent({ type: 'old' })])
    await clock.advance(30_000)
    await events.append([someEvent({ type: 'a' }), someEvent({ type: 'a' }), someEvent({ type: 'b' })])
    expect(await cardinality()).toEqual({
      status: 'ok',
      timestamp: clock.now(),
      window_seconds: 60,
      events: {
        a: { count: 2, rate_per_min: 2 },
        b: { count: 1, rate_per_min: 1 },
        old: { count: 1, rate_per_min: 1 },
      },
      total_events: 4,
      other_types: { types: 0, count: 0 },
    })
    await clock.advance(30_001)
    expect((await cardinality()).events).not.toHaveProperty('old')
    await clock.advance(30_000)
    expect(await cardinality()).toMatchObject({ events: {}, total_events: 0 })
  })

  it('names so many types and no more, the most frequent ones, and counts the rest', async () => {
    const { events, cardinality } = gateway()
    const types = Array.from({ length: maxTypes + 3 }, (_, i) => someEvent({ type: `t${i}` }))
    await events.append([...types, someEvent({ type: 'often' }), someEvent({ type: 'often' })])
    const counted = await cardinality()
    expect(Object.keys(counted.events)).toHaveLength(maxTypes)
    expect(counted.events.often?.count).toBe(2)
    expect(counted.other_types).toEqual({ types: 4, count: 4 })
    expect(counted.total_events).toBe(maxTypes + 5)
  })

  it('takes names that objects have for what they are', async () => {
    const { events, cardinality } = gateway()
    await events.append(['__proto__', 'constructor', 'toString'].map((type) => someEvent({ type })))
    expect((await cardinality()).total_events).toBe(3)
  })

  it('shrinks its window, and says so, when more came than one look may read', async () => {
    const { clock, cardinality } = gateway()
    const at = (ms: number) => new Date(clock.now() - ms).toISOString().replace('T', ' ').replace('Z', '000')
    const fill = (count: number, ms: number) =>
      database()
        .open()
        .run(sql`
        with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
        insert into events (source, event_type, payload, created_at) select 's', 'flood', '{}', ${at(ms)} from n`)
    await fill(100, 50_000)
    await fill(maxCountedEvents, 10_000)
    const counted = await cardinality()
    expect(counted).toMatchObject({ window_seconds: 10, total_events: maxCountedEvents })
    expect(counted.events.flood?.rate_per_min).toBe(maxCountedEvents * 6)
  })

  it('wants a token, unless v7’s open paths are asked for', async () => {
    await expectProblem(await testApp().request('/debug/events/cardinality'), 'auth_required')
    const open = testApp({ env: { VX11_V7_OPEN_PATHS: 'true' }, deps: { database: database() } })
    expect((await open.request('/debug/events/cardinality')).status).toBe(200)
  })
})

describe('GET /debug/events/correlations', () => {
  const alert = (id: string, more: Partial<NewEvent> = {}) =>
    someEvent({ type: 'system.alert', payload: { alert_id: id, severity: 'L3' }, ...more })
  const correlated = (id: string, related: unknown, strength: unknown = 0.5) =>
    someEvent({
      type: 'system.correlation.updated',
      payload: { correlation_id: id, related_events: related, strength },
    })

  it('names its nodes, and draws what was told to be related', async () => {
    const { events, clock, graph } = gateway()
    await events.append([alert('a1'), alert('a2'), correlated('c1', ['a1', 'a2', 'unseen', 7, 'c1'], 0.9)])
    expect(await graph()).toEqual({
      status: 'ok',
      timestamp: clock.now(),
      window_seconds: 300,
      graph: {
        nodes: [
          { id: 'a1', type: 'system.alert', severity: 'L3', nature: 'incident' },
          { id: 'a2', type: 'system.alert', severity: 'L3', nature: 'incident' },
          { id: 'c1', type: 'system.correlation.updated', severity: 'info', nature: 'meta' },
        ].map((node) => ({
          ...node,
          event_id: expect.stringMatching(/^evt_[0-9a-f]{12}$/),
          timestamp: clock.now(),
          correlation_id: null,
        })),
        edges: [
          { from: 'c1', to: 'a1', kind: 'related', strength: 0.9 },
          { from: 'c1', to: 'a2', kind: 'related', strength: 0.9 },
        ],
        total_nodes: 3,
        total_edges: 2,
      },
      truncated: false,
    })
  })

  it('chains events with one correlation id in their order, canonical or not', async () => {
    const { events, graph } = gateway()
    const of = (id: string, correlationId: string | null) => alert(id, { correlationId })
    await events.append([of('a', 'x'), of('b', 'y'), of('c', 'x'), someEvent({ correlationId: 'x' }), someEvent()])
    const { graph: drawn } = await graph()
    const last = drawn.nodes.at(-1)
    expect(drawn.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c', last?.event_id])
    expect(last?.nature).toBeNull()
    expect(drawn.edges).toEqual([
      { from: 'a', to: 'c', kind: 'same_correlation', strength: null },
      { from: 'c', to: last?.id, kind: 'same_correlation', strength: null },
    ])
  })

  it('lets a later event with the same id take the earlier one’s place, and the last strength hold', async () => {
    const { events, graph } = gateway()
    await events.append([alert('a'), correlated('c', ['a'], 0.1), alert('b'), alert('a'), correlated('c', ['a'], 0.2)])
    const { graph: drawn } = await graph()
    expect(drawn.nodes.map(({ id }) => id)).toEqual(['b', 'a', 'c'])
    expect(drawn.edges).toEqual([{ from: 'c', to: 'a', kind: 'related', strength: 0.2 }])
  })

  it('forgets after 300 seconds by its own clock, whatever the sender’s says', async () => {
    const { events, clock, graph } = gateway()
    await events.append([alert('future', { payload: { alert_id: 'future', timestamp: 9e15 } })])
    await clock.advance(300_000)
    expect((await graph()).graph.total_nodes).toBe(1)
    await clock.advance(1)
    expect((await graph()).graph).toEqual({ nodes: [], edges: [], total_nodes: 0, total_edges: 0 })
  })

  it('draws the newest when there are too many, and says so', async () => {
    const { events, graph } = gateway()
    const some = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => alert(`a${from + i}`))
    await events.append(some(0, maxNodes))
    expect((await graph()).truncated).toBe(false)
    await events.append(some(maxNodes, maxNodes + 2))
    const { graph: drawn, truncated } = await graph()
    expect([drawn.nodes.length, drawn.nodes[0]?.id, truncated]).toEqual([maxNodes, 'a2', true])
  })

  it('takes payloads of any kind', async () => {
    const { events, graph } = gateway()
    await events.append([
      correlated('c', 'a'),
      correlated('d', null, 'strong'),
      alert('', { payload: { alert_id: 5 } }),
    ])
    expect((await graph()).graph.edges).toEqual([])
  })
})
