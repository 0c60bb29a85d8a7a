import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { Timeline } from '../../src/features/correlations/schema.ts'
import { maxEntries } from '../../src/features/correlations/service.ts'
import { maxRows } from '../../src/features/correlations/store/newest-rows.ts'
import { workRecorder } from '../../src/modules/timeline/work-recorder.ts'
import type { RecordedWork } from '../../src/ports/index.ts'
import { silent, someEvent, testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { testApp, tokens } from '../support/test-app.ts'

const database = testDatabase()
const tables = [
  'events',
  'operator_events',
  'forensic_ledger',
  'operator_message',
  'operator_session',
  'routing_events',
  'power_events',
]

beforeEach(async () => {
  const db = database().open()
  for (const table of tables) await db.run(sql.raw(`delete from ${table}`))
})

function gateway(env = {}) {
  const clock = fakeClock()
  const events = testEventLog({ database: database(), clock })
  const app = testApp({ env, deps: { clock, events, database: database() } })
  const timeline = async (id: string, token?: string) => {
    const headers = token === undefined ? {} : { 'x-vx11-token': token }
    const response = await app.authorized(`/operator/api/events/correlations/${id}`, { headers })
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    return v.parse(Timeline, await response.json())
  }
  return { ...app, clock, events, timeline }
}

const run = (statement: ReturnType<typeof sql>) => database().open().run(statement)
const iso = (ms: number) => new Date(ms).toISOString()
const at = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '000')

async function tell(session: string, metadata: string | null, ms: number) {
  await run(
    sql`insert or ignore into operator_session (session_id, user_id, source) values (${session}, 'link', 'api')`,
  )
  await run(sql`insert into operator_message (session_id, role, content, message_metadata, created_at)
    values (${session}, 'user', 'héllo', ${metadata}, ${at(ms)})`)
}

describe('GET /operator/api/events/correlations/{id}', () => {
  it('gathers what every part wrote under the id, by time', async () => {
    const { clock, deps, events, timeline } = gateway()
    const start = clock.now()
    await tell('s-1', '{"correlation_id":"c-1"}', start)
    await clock.advance(10)
    await run(sql`insert into routing_events (timestamp, trace_id, route_type, provider_id, reasoning_short)
      values (${at(start + 10)}, 'c-1', 'provider_call', 'switch', 'failed (timeout)')`)
    const recorder = workRecorder({
      ...{ clock, config: deps.config, log: silent, database: database() },
      metrics: { requestsNotRecorded: () => {} },
      background: () => {},
    })
    const exchange: Omit<RecordedWork, 'at' | 'correlationId'> = {
      ...{ kind: 'request', target: 'shub', name: 'POST /shub/*', outcome: 'ok', status: 202, durationMs: 8 },
      ...{ principal: 'link', error: null, decisions: [], steps: [] },
    }
    recorder.record({ ...exchange, at: start + 20, correlationId: 'c-1' })
    recorder.record({ ...exchange, at: start + 20, correlationId: 'c-2' })
    await recorder.flush()
    await clock.advance(20)
    await events.append([
      someEvent({
        type: 'gateway.window.opened',
        correlationId: 'c-1',
        payload: { window_id: 'w-7', principal: 'link' },
        summary: 'opened',
      }),
      someEvent({ correlationId: 'c-10' }),
    ])
    for (const reason of ['w-7 switch: now', 'w-77 switch: no', null, ''])
      await run(sql`insert into power_events (module, action, reason, timestamp)
        values ('madre', 'window_opened', ${reason}, ${at(start + 40)})`)
    expect(await timeline('c-1')).toEqual({
      correlation_id: 'c-1',
      entries: [
        {
          kind: 'chat',
          at: iso(start),
          message_id: expect.any(Number),
          session_id: 's-1',
          role: 'user',
          characters: 5,
        },
        {
          kind: 'routing',
          at: iso(start + 10),
          route_type: 'provider_call',
          provider: 'switch',
          summary: 'failed (timeout)',
        },
        { kind: 'request', at: iso(start + 20), upstream: 'shub', summary: 'POST /shub/* 202 8 ms' },
        {
          ...{
            kind: 'event',
            at: iso(start + 30),
            event_id: expect.stringMatching(/^evt_/),
            stream_id: expect.any(Number),
          },
          ...{
            type: 'gateway.window.opened',
            source: 'madre',
            severity: 'info',
            module: null,
            summary: 'opened',
            principal: 'link',
          },
        },
        {
          kind: 'window',
          at: iso(start + 40),
          module: 'madre',
          action: 'window_opened',
          summary: 'w-7 switch: now',
          principal: 'link',
        },
      ],
      searched: {
        events: { found: 1, complete: true },
        chat: { found: 1, complete: true },
        routing: { found: 2, complete: true },
        windows: { found: 1, complete: true },
      },
    })
  })

  it('identifies a conversation to its owner and to administrators alone', async () => {
    const named = [
      { name: 'link-reader', token: 'token-of-the-reader-0001', scopes: ['operator'] },
      { name: 'chief', token: 'token-of-the-chief-00001', scopes: ['operator', 'admin'] },
    ]
    const { clock, timeline } = gateway({ VX11_TOKENS: JSON.stringify(named) })
    await tell('s-1', '{"correlation_id":"c-1"}', clock.now())
    const chatOf = async (token?: string) => (await timeline('c-1', token)).entries[0]
    expect(await chatOf('token-of-the-reader-0001')).toMatchObject({
      ...{ kind: 'chat', role: 'user', characters: 5, message_id: null, session_id: null },
    })
    expect(await chatOf('token-of-the-chief-00001')).toMatchObject({ session_id: 's-1' })
    expect(await chatOf()).toMatchObject({ session_id: 's-1' })
  })

  it('is empty for an id that nobody used', async () => {
    const { timeline } = gateway()
    expect((await timeline('a:b/c@d+e=f')).entries).toEqual([])
  })

  it('survives what other writers stored', async () => {
    const { clock, timeline } = gateway()
    for (const metadata of [
      null,
      '',
      'no JSON',
      '[]',
      '"c-1"',
      '{"correlation_id":["c-1"]}',
      '{"correlation_id":"c-1"}',
    ])
      await tell('s-1', metadata, clock.now())
    await run(
      sql`insert into routing_events (timestamp, trace_id, route_type, provider_id) values ('nonsense', 'c-1', 'cli', 'x')`,
    )
    const { entries } = await timeline('c-1')
    expect(entries).toEqual([
      { kind: 'routing', at: null, route_type: 'cli', provider: 'x', summary: null },
      expect.objectContaining({ kind: 'chat' }),
    ])
  })

  it('says where it did not look at everything, and finds by index what is older', async () => {
    const { clock, timeline } = gateway()
    await tell('s-1', '{"correlation_id":"early"}', clock.now())
    await run(sql`insert into routing_events (trace_id, route_type, provider_id) values ('early', 'cli', 'x')`)
    const fill = (
      count: number,
    ) => sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
      insert into operator_message (session_id, role, content) select 's-1', 'user', 'x' from n`
    await run(fill(maxRows - 1))
    expect((await timeline('early')).searched.chat).toEqual({ found: 1, complete: true })
    await run(fill(1))
    expect((await timeline('early')).searched).toMatchObject({
      chat: { found: 0, complete: false },
      routing: { found: 1, complete: true },
    })
  })

  it('gives the newest entries where there are more than fit', async () => {
    const { events, timeline } = gateway()
    const stored = await events.append(Array.from({ length: maxEntries + 20 }, () => someEvent({ correlationId: 'c' })))
    const { entries } = await timeline('c')
    expect(entries).toHaveLength(maxEntries)
    expect(entries.at(-1)).toMatchObject({ stream_id: stored.at(-1)?.id })
  })

  it.each(['a b', 'x'.repeat(129), 'é', "'; drop table events"])('refuses the id %s', async (id) => {
    const { authorized } = gateway()
    const response = await authorized(`/operator/api/events/correlations/${encodeURIComponent(id)}`)
    await expectProblem(response, 'validation_error')
  })

  it('is for operators', async () => {
    const { request } = gateway()
    const path = '/operator/api/events/correlations/c'
    await expectProblem(await request(path), 'auth_required')
    await expectProblem(await request(path, { headers: { 'x-vx11-token': tokens.shub } }), 'forbidden')
    expect((await request(path, { headers: { 'x-vx11-token': tokens.operator } })).status).toBe(200)
  })
})
