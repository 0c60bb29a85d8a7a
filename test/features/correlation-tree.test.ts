import { type SQL, sql } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { findEvents } from '../../src/features/correlations/store/events.ts'
import { findLinked, findWork, listWork, maxListed, maxWork } from '../../src/features/correlations/store/work.ts'
import { maxTreeNodes } from '../../src/features/correlations/tree/order.ts'
import { Correlation, CorrelationList } from '../../src/features/correlations/tree/schema.ts'
import { workRecorder } from '../../src/modules/timeline/work-recorder.ts'
import type { RecordedWork } from '../../src/ports/index.ts'
import { silent, someEvent, testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp, tokens } from '../support/test-app.ts'

const database = testDatabase()
const run = (statement: ReturnType<typeof sql>) => database().open().run(statement)

beforeEach(async () => {
  for (const table of ['events', 'operator_events', 'forensic_ledger', 'routing_events', 'operator_message'])
    await run(sql.raw(`delete from ${table}`))
})

const named = [
  { name: 'ana', token: 'token-of-ana-00000000001', scopes: ['operator', 'shub'] },
  { name: 'ben', token: 'token-of-ben-00000000001', scopes: ['operator', 'shub'] },
  { name: 'chief', token: 'token-of-the-chief-00001', scopes: ['operator', 'shub', 'admin'] },
] as const
type Name = (typeof named)[number]['name']
const tokenOf = (name: Name) => named.find((each) => each.name === name)?.token ?? ''
const path = '/operator/api/correlations'

function gateway(env = {}) {
  const clock = fakeClock()
  const events = testEventLog({ database: database(), clock })
  let recorder: ReturnType<typeof workRecorder> | undefined
  const app = testApp({
    env: { VX11_TOKENS: JSON.stringify(named), ...env },
    clock,
    deps: { events, database: database(), recorder: { record: (work) => recorder?.record(work) } },
  })
  const made = workRecorder({
    ...{ clock, config: app.deps.config, log: silent, database: database() },
    metrics: { requestsNotRecorded: () => {} },
    background: () => {},
  })
  recorder = made
  const as = (name: Name, at: string, init: RequestInit = {}) =>
    app.request(at, { ...init, headers: { 'x-vx11-token': tokenOf(name), ...(init.headers as object) } })
  const record = async (...work: Partial<RecordedWork>[]) => {
    for (const each of work) made.record({ ...exchange, at: clock.now(), ...each })
    await made.flush()
  }
  const tree = async (id: string, name: Name = 'chief') =>
    v.parse(Correlation, await (await as(name, `${path}/${id}`)).json())
  const list = async (query = '', name: Name = 'chief') =>
    v.parse(CorrelationList, await (await as(name, `${path}${query}`)).json())
  return { ...app, clock, events, as, record, flush: made.flush, tree, list }
}

const exchange: Omit<RecordedWork, 'at'> = {
  ...{ kind: 'request', durationMs: 10, correlationId: 'c', principal: 'ana', target: 'shub', name: 'GET /shub/*' },
  ...{ outcome: 'ok', status: 200, error: null, decisions: [], steps: [] },
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spans = ['b7ad6b7169203331', 'b7ad6b7169203332', 'b7ad6b7169203333'] as const
const below = (span: string, trace: string = traceId) => `00-${trace}-${span}-01`

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
    const chain = Array.from({ length: maxWork + 100 }, (_, index) => ({
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

describe('who may read a correlation', () => {
  it('is its principal, and who has scope admin; to another it does not exist', async () => {
    const { as, record, tree } = gateway()
    await record({})
    expect((await tree('c', 'ana')).nodes).toHaveLength(1)
    expect((await tree('c', 'chief')).nodes).toHaveLength(1)
    const [foreign, unknown] = await Promise.all(['c', 'nobody'].map((id) => as('ben', `${path}/${id}`)))
    const problems = [await expectProblem(foreign as Response, 'correlation_not_found')]
    problems.push(await expectProblem(unknown as Response, 'correlation_not_found'))
    const [one, other] = problems.map(({ correlation_id: _, ...problem }) => problem)
    expect(one).toEqual(other)
  })

  it('sees of a shared id only its own, and what is public', async () => {
    const { events, record, tree } = gateway()
    await record({}, { principal: 'ben', target: 'switch' }, { principal: null, target: 'madre' })
    await events.append([
      someEvent({ correlationId: 'c', type: 'of.ana', payload: { principal: 'ana' } }),
      someEvent({ correlationId: 'c', type: 'of.ben', payload: { by: 'ben' } }),
      someEvent({ correlationId: 'c', type: 'of.nobody', payload: {} }),
    ])
    const seen = async (name: Name) =>
      (await tree('c', name)).nodes.map(({ target, name: what }) => (what.startsWith('of.') ? what : target))
    expect(await seen('ana')).toEqual(['shub', 'madre', 'of.ana', 'of.nobody'])
    expect(await seen('ben')).toEqual(['switch', 'madre', 'of.ben', 'of.nobody'])
    expect(await seen('chief')).toHaveLength(6)
  })

  it('is nobody but an administrator where nothing says whose it was', async () => {
    const { as, tree } = gateway()
    for (const [type, text] of [
      ['proxy', 'GET /shub/* 200 13 ms'],
      ['provider_call', 'answered'],
      ['gateway', 'no JSON'],
      ['gateway', '{}'],
    ])
      await run(
        sql`insert into routing_events (trace_id, route_type, provider_id, reasoning_short) values ('c', ${type}, 'p', ${text})`,
      )
    await expectProblem(await as('ana', `${path}/c`), 'correlation_not_found')
    expect((await tree('c', 'chief')).nodes).toHaveLength(4)
  })

  it('is not moved by what others write under the same id', async () => {
    const { record, tree, list } = gateway()
    await record({ durationMs: 42 })
    for (let part = 0; part < 3; part++) await record(...Array.from({ length: 300 }, () => ({ principal: 'ben' })))
    expect((await tree('c', 'ana')).nodes).toMatchObject([{ principal: 'ana', duration_ms: 42 }])
    expect((await list('', 'ana')).correlations).toMatchObject([{ id: 'c', records: 1, principal: 'ana' }])
  })

  it('follows no trace of another to its correlations', async () => {
    const { as, record } = gateway()
    await record({ principal: 'ben', correlationId: 'of-ben', traceparent: below(spans[0]) })
    await expectProblem(await as('ana', `${path}/${traceId}`), 'correlation_not_found')
  })

  it('holds for the older timeline, too', async () => {
    const { as, record } = gateway()
    await record({}, { principal: 'ben' })
    const { entries } = (await (await as('ben', '/operator/api/events/correlations/c')).json()) as {
      entries: unknown[]
    }
    expect(entries).toHaveLength(1)
  })

  it('is nobody without scope operator', async () => {
    const { request } = gateway()
    for (const at of [path, `${path}/c`]) {
      await expectProblem(await request(at), 'auth_required')
      await expectProblem(await request(at, { headers: { 'x-vx11-token': tokens.shub } }), 'forbidden')
    }
  })

  it.each(['a b', 'x'.repeat(129), 'é', "'; drop table events", '%00', '{}'])('refuses the id %s', async (id) => {
    const { as } = gateway()
    await expectProblem(await as('chief', `${path}/${encodeURIComponent(id)}`), 'validation_error')
  })

  it.each(['..', '__proto__', 'constructor', 'a/b', '-'])('finds nothing under the id %s', async (id) => {
    const { as } = gateway()
    expect([400, 404]).toContain((await as('chief', `${path}/${id}`)).status)
  })
})

describe('GET /operator/api/correlations', () => {
  it('lists recent, failed and slow ones, each principal its own', async () => {
    const { list, record } = gateway()
    const failed = { outcome: 'failed', status: 503, error: 'shub_unavailable' } as const
    await record(
      { correlationId: 'c-1' },
      { correlationId: 'c-2', ...failed },
      { correlationId: 'c-3', durationMs: 2500 },
      { correlationId: 'c-4', ...failed, durationMs: 3000, principal: 'ben' },
      { correlationId: 'c-1', durationMs: 12 },
      { correlationId: 'c-5', durationMs: 1999 },
    )
    const ids = async (query: string, name: Name) => (await list(query, name)).correlations.map(({ id }) => id)
    expect(await ids('', 'chief')).toEqual(['c-5', 'c-1', 'c-4', 'c-3', 'c-2'])
    expect(await ids('', 'ana')).toEqual(['c-5', 'c-1', 'c-3', 'c-2'])
    expect(await ids('?show=failed', 'chief')).toEqual(['c-4', 'c-2'])
    expect(await ids('?show=failed', 'ana')).toEqual(['c-2'])
    expect(await ids('?show=slow', 'chief')).toEqual(['c-4', 'c-3'])
    expect(await ids('?show=slow', 'ben')).toEqual(['c-4'])
    expect((await list()).correlations[1]).toEqual({
      ...{ id: 'c-1', at: expect.any(String), kind: 'request', name: 'GET /shub/*', target: 'shub', status: 200 },
      ...{ principal: 'ana', outcome: 'ok', duration_ms: 12, records: 2 },
    })
  })

  it.each(['recent', 'failed', 'slow'])('goes through all %s ones page by page, each once', async (show) => {
    const { as, list, record } = gateway()
    const failed = { outcome: 'failed', status: 504, durationMs: 2000 } as const
    const ids = Array.from({ length: 25 }, (_, index) => `c-${index}`)
    await record(
      ...ids.map((correlationId, index) => ({ correlationId, ...(index % 2 ? failed : { durationMs: 5000 }) })),
    )
    const wanted = show === 'failed' ? ids.filter((_, index) => index % 2) : ids
    const seen: string[] = []
    for (let query = `?show=${show}&limit=4`; ; ) {
      const { correlations, next } = await list(query)
      seen.push(...correlations.map(({ id }) => id))
      if (next === null) break
      query = `?show=${show}&limit=4&cursor=${next}`
    }
    expect(seen.toReversed()).toEqual(wanted)
    expect((await as('chief', `${path}?show=${show}&limit=4`)).headers.get('link')).toContain('rel="next"')
  })

  it('gives a next where it has not looked at all rows', async () => {
    const { list, record } = gateway()
    await record({ correlationId: 'old' })
    await run(sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${maxListed})
      insert into routing_events (trace_id, route_type, provider_id) select 'other', 'cli', 'x' from n`)
    const first = await list()
    expect(first.correlations).toEqual([])
    expect((await list(`?cursor=${first.next}`)).correlations).toMatchObject([{ id: 'old' }])
  })

  it.each(['?show=all', '?limit=0', '?limit=201', '?cursor=0', '?cursor=-1', '?cursor=x'])(
    'refuses %s',
    async (query) => {
      const { as } = gateway()
      await expectProblem(await as('chief', `${path}${query}`), 'validation_error')
    },
  )

  it('reads by index whatever is read, and sorts nothing', async () => {
    const db = database().open()
    const asked: SQL[] = []
    const all = (statement: SQL) => {
      asked.push(statement)
      return db.all(statement)
    }
    const watched = { ...db, all } as unknown as typeof db
    for (const reader of [named[0], named[2]]) {
      await findWork(watched, reader, 'c')
      await findLinked(watched, reader, traceId)
      await findEvents(watched, reader, 'c')
      for (const show of ['failed', 'slow', 'recent'] as const)
        await listWork(watched, reader, { show, before: 1_000_000, limit: 51, slowMs: 100 })
    }
    const plans = await Promise.all(
      asked.map((statement) => db.all<{ detail: string }>(sql`explain query plan ${statement}`)),
    )
    const steps = plans.flat().map(({ detail }) => detail)
    const ofTables = steps.filter((step) => /(routing_events|operator_events|\bevents\b)/.test(step))
    expect(ofTables.length).toBeGreaterThan(20)
    for (const step of ofTables)
      expect(step).toMatch(
        /USING (COVERING )?INDEX idx_(\w+_(trace_id|notable_score|correlation_id)) |USING INTEGER PRIMARY KEY/,
      )
    expect(steps.filter((step) => /ORDER BY/.test(step))).toEqual([])
  })
})
