/** One correlation as a tree, and the sentence that says why it went so. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { maxFound } from '../../src/features/correlations/store/correlation.ts'
import { maxTreeNodes } from '../../src/features/correlations/tree/order.ts'
import { someEvent } from '../support/event-log.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { below, forgetCorrelations, recordingGateway, spans, traceId } from '../support/recording-gateway.ts'

const database = testDatabase()
const ascending = (one: number | null, other: number | null) => (one ?? 0) - (other ?? 0)
const gateway = (env = {}) => recordingGateway(database(), env)
const run = (statement: ReturnType<typeof sql>) => database().open().run(statement)

beforeEach(() => forgetCorrelations(database()))

describe('GET /operator/api/correlations/{id}', () => {
  it('is the waterfall of a request that was tried three times, with the reason', async () => {
    const { as, clock, flush, network, tree } = gateway()
    let tries = 0
    network.answer('http://shub.test:8007/x', async () => {
      await clock.advance(20)
      return jsonAnswer({}, ++tries < 3 ? 503 : 502)
    })
    const response = await as('ana', '/shub/x', { headers: { 'x-correlation-id': 'c' } })
    expect(response.status).toBe(502)
    await flush()
    const { nodes, ...whole } = await tree('c')
    expect(nodes).toMatchObject([
      {
        ...{ parent: null, depth: 0, kind: 'request', name: 'GET /shub/*', target: 'shub', principal: 'ana' },
        ...{ start_ms: 0, outcome: 'failed', status: 502, error: null },
        decision: expect.stringMatching(/^tried 4 times/),
        decisions: [{ code: 'retried', values: { attempts: 4, paused_ms: expect.any(Number) } }],
      },
      { parent: nodes[0]?.id, depth: 1, kind: 'step', start_ms: 0, duration_ms: 20, outcome: 'failed', status: 503 },
      { kind: 'step', status: 503, start_ms: expect.any(Number) },
      { kind: 'step', status: 502 },
      { kind: 'step', status: 502 },
    ])
    expect(whole).toMatchObject({
      ...{ id: 'c', correlation_ids: ['c'], trace_ids: [], outcome: 'failed', truncated: false },
      because: { code: 'failed', node: nodes[0]?.id, others: 0 },
      why: expect.stringMatching(
        /^GET \/shub\/\* \(shub\) was a failure after \d+ ms with 502: shub 503 in 20 ms, then/,
      ),
    })
    const offsets = nodes.map(({ start_ms }) => start_ms ?? 0)
    expect(offsets).toEqual(offsets.toSorted((one, other) => one - other))
  })

  it('says that a request was not sent, and why', async () => {
    const { as, flush, network, tree } = gateway({ VX11_BREAKER_FAILURES: '1' })
    network.answer('http://shub.test:8007/x', jsonAnswer({}, 500))
    const ask = () => as('ana', '/shub/x', { method: 'POST', headers: { 'x-correlation-id': 'c' } })
    await ask()
    expect((await ask()).status).toBe(503)
    await flush()
    const { nodes } = await tree('c')
    expect(nodes.at(-1)).toMatchObject({ error: 'shub_unavailable', decision: 'not sent, circuit open', status: 503 })
    expect(nodes.at(-1)?.decisions).toEqual([
      { code: 'not_sent', values: {} },
      { code: 'circuit', values: { state: 'open' } },
    ])
  })

  it('holds chat, window and events beside requests, by time', async () => {
    const { as, clock, events, flush, record, tree } = gateway({ MADRE_URL: 'embedded' })
    await record({ at: clock.now() })
    await clock.advance(50)
    const init = { method: 'POST', headers: { 'x-correlation-id': 'c', 'content-type': 'application/json' } }
    const chat = await as('ana', '/operator/api/chat', { ...init, body: '{"message":"What runs?"}' })
    expect(chat.status).toBe(200)
    await clock.advance(50)
    await as('chief', '/operator/api/window/open', { ...init, body: '{"services":["switch"],"ttl_seconds":60}' })
    await events.append([someEvent({ correlationId: 'c', type: 'shub.done', summary: 'done', payload: {} })])
    await flush()
    const { nodes } = await tree('c')
    const kinds = nodes.flatMap(({ kind }) => (kind === 'step' ? [] : [kind]))
    expect([...new Set(kinds)]).toEqual(['request', 'chat', 'window', 'event'])
    expect(nodes.find(({ kind }) => kind === 'chat')).toMatchObject({ principal: 'ana', name: 'chat' })
    expect(nodes.find(({ kind }) => kind === 'window')).toMatchObject({ principal: 'chief', name: 'open switch' })
    expect(nodes.at(-1)).toMatchObject({
      kind: 'event',
      name: 'shub.done',
      decision: 'done',
      event_id: expect.any(Number),
    })
  })

  it('nests what names the try of another as its parent', async () => {
    const { record, tree } = gateway()
    const step = { name: 'shub', startMs: 1, durationMs: 8, outcome: 200 }
    await record(
      { at: 1_000_000, durationMs: 100, steps: [{ ...step, spanId: spans[0] }] },
      { at: 999_990, traceparent: below(spans[0]), target: 'switch', steps: [{ ...step, spanId: spans[1] }] },
      { at: 999_988, traceparent: below(spans[1]), target: 'madre' },
      { at: 999_989, traceparent: below(spans[2]), target: 'unknown' },
    )
    const { nodes, trace_ids } = await tree('c')
    expect(nodes.map(({ target, kind, depth }) => [target, kind, depth])).toEqual([
      ['shub', 'request', 0],
      ['shub', 'step', 1],
      ['switch', 'request', 2],
      ['switch', 'step', 3],
      ['madre', 'request', 4],
      ['unknown', 'request', 0],
    ])
    expect(trace_ids).toEqual([traceId])
  })

  it('breaks loops of parents, and those that are their own', async () => {
    const { record, tree } = gateway()
    const step = { name: 'shub', startMs: 1, durationMs: 8, outcome: 200 }
    await record(
      { traceparent: below(spans[1]), steps: [{ ...step, spanId: spans[0] }] },
      { traceparent: below(spans[0]), steps: [{ ...step, spanId: spans[1] }] },
      { traceparent: below(spans[2]), steps: [{ ...step, spanId: spans[2] }] },
    )
    const { nodes } = await tree('c')
    expect(nodes).toHaveLength(6)
    expect(nodes.filter(({ parent }) => parent === null)).toHaveLength(2)
  })

  it('is bounded however long a chain of parents and however many records there are', async () => {
    const { record, tree } = gateway()
    const spanOf = (index: number) => (index + 1).toString(16).padStart(16, '0')
    const chain = Array.from({ length: maxFound + 100 }, (_, index) => ({
      traceparent: below(spanOf(index - 1)),
      steps: [1, 2, 3].map(() => ({ name: 'shub', startMs: 0, durationMs: 1, outcome: 200, spanId: spanOf(index) })),
    }))
    await record(...chain)
    const { nodes, truncated } = await tree('c')
    expect([nodes.length, truncated]).toEqual([maxTreeNodes, true])
  })

  it('joins trace and correlation id', async () => {
    const { as, flush, network, tree } = gateway()
    network.answer('http://shub.test:8007/x', jsonAnswer({}))
    const traced = (headers: object) => as('ana', '/shub/x', { headers: { traceparent: below(spans[0]), ...headers } })
    const own = await traced({})
    expect(own.headers.get('x-correlation-id')).toBe(traceId)
    await traced({ 'x-correlation-id': 'mine' })
    await flush()
    expect(await tree(traceId)).toMatchObject({ correlation_ids: [traceId, 'mine'], trace_ids: [traceId] })
    expect((await tree(traceId)).nodes.filter(({ kind }) => kind === 'request')).toHaveLength(2)
    expect(await tree('mine')).toMatchObject({ correlation_ids: ['mine'], trace_ids: [traceId] })
  })

  it('holds the events of what a trace leads to, and those of the trace id', async () => {
    const { events, record, tree } = gateway()
    await record({ correlationId: 'mine', traceparent: below(spans[0]) })
    await events.append([
      someEvent({ correlationId: 'mine', type: 'of.mine', payload: {} }),
      someEvent({ correlationId: traceId, type: 'of.trace', payload: {} }),
      someEvent({ correlationId: 'other', type: 'of.other', payload: {} }),
    ])
    const { correlation_ids, nodes } = await tree(traceId)
    expect(correlation_ids).toEqual([traceId, 'mine'])
    expect(nodes.flatMap(({ kind, name }) => (kind === 'event' ? [name] : []))).toEqual(['of.mine', 'of.trace'])
  })

  it('finds events in the stream by the number in their id, whoever filed them', async () => {
    const { tree } = gateway()
    const numbers = [1, 15, 16, 0xff_ff, 0x89_ab_cd_ef, 0xab_cd_ef_01_23_45]
    for (const id of numbers) {
      const eventId = `evt_${id.toString(16).padStart(12, '0')}`
      await run(sql`insert into events (id, source, event_type, payload) values (${id}, 's', ${`of.${id}`}, 'no JSON')`)
      await run(sql`insert into operator_events (event_id, correlation_id) values (${eventId}, 'c')`)
    }
    for (const eventId of [
      'evt_1',
      'evt_00000000000G',
      'evt_00000000000A',
      'evt_0000000000010',
      'evt_',
      'x',
      'evt_000000000002',
    ])
      await run(sql`insert into operator_events (event_id, correlation_id) values (${eventId}, 'c')`)
    const { nodes } = await tree('c')
    expect(nodes.map(({ event_id }) => event_id).toSorted(ascending)).toEqual(numbers)
    for (const { event_id, name } of nodes) expect(name).toBe(`of.${event_id}`)
  })

  it('tells how long the slow ones took, and that all went well', async () => {
    const { record, tree } = gateway({ VX11_TIMELINE_SLOW_MS: '100' })
    await record({ durationMs: 1500, steps: [{ name: 'shub', startMs: 1, durationMs: 1490, outcome: 200 }] })
    expect(await tree('c')).toMatchObject({
      outcome: 'slow',
      why: 'GET /shub/* (shub) was slow after 1.5 s with 200: shub 200 in 1.5 s.',
    })
    await record({ correlationId: 'fine' }, { correlationId: 'fine', durationMs: 20, kind: 'chat', target: 'madre' })
    const fine = await tree('fine')
    expect(fine).toMatchObject({ outcome: 'ok', why: 'All went well; The chat took longest, 20 ms.' })
    const chat = fine.nodes.find(({ kind }) => kind === 'chat')
    expect(fine.because).toEqual({ code: 'all_well', node: chat?.id, others: 0 })
  })

  it('reads what earlier versions and other services stored', async () => {
    const { tree } = gateway()
    for (const [type, text] of [
      ['proxy', 'GET /shub/* 503 13 ms'],
      ['proxy', 'nonsense'],
      ['cli', 'chosen'],
      ['gateway', 'no JSON'],
      ['gateway', '{"steps":[1,["a"],["a",1,2,200]],"status":"x","principal":7}'],
      ['gateway', 'null'],
      ['gateway', '{"kind":"request","decision":"tried 2 times"}'],
      ['gateway', '{"kind":"request","decided":[["retried",{"attempts":2,"paused_ms":[]}],["new",{}],7]}'],
    ] as const)
      await run(sql`insert into routing_events (timestamp, trace_id, route_type, provider_id, reasoning_short)
        values ('2027-01-15 08:00:00.123000', 'c', ${type}, 'p', ${text})`)
    await run(
      sql`insert into routing_events (timestamp, trace_id, route_type, provider_id) values ('?', 'c', 'cli', 'p')`,
    )
    const { nodes } = await tree('c')
    expect(nodes).toHaveLength(10)
    expect(nodes).toContainEqual(expect.objectContaining({ decision: 'tried 2 times', decisions: [] }))
    const partly = [{ code: 'retried', values: { attempts: 2 } }]
    expect(nodes).toContainEqual(expect.objectContaining({ decisions: partly }))
    expect(nodes).toContainEqual(
      expect.objectContaining({ kind: 'request', status: 503, duration_ms: 13, outcome: 'failed' }),
    )
    expect(nodes).toContainEqual(expect.objectContaining({ kind: 'routing', name: 'cli', start_ms: null }))
  })
})
