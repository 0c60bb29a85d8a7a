import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { canonicalTypes } from '../../src/modules/events/shape/canonical.ts'
import { testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { testApp, tokens } from '../support/test-app.ts'

const database = testDatabase()

function gateway(env: Record<string, string> = {}) {
  const events = testEventLog({ database: database(), clock: fakeClock() })
  const app = testApp({ env: { VX11_RATE_LIMIT_ENABLED: 'false', ...env }, deps: { events, database: database() } })
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.authorized(path, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
  return {
    ...app,
    events,
    ingest: (body: unknown, headers?: Record<string, string>) => post('/events/ingest', body, headers),
    batch: (body: unknown, headers?: Record<string, string>) => post('/events/ingest/batch', body, headers),
    async newest() {
      const { events: some } = await events.read({ limit: 1, order: 'newest_first' })
      return some[0]
    },
  }
}

const event = { source: 'madre', type: 'spawn_success', payload: { spawn_id: 'spawn-1' } }
const json = async (response: Response) => (await response.json()) as Record<string, unknown>

const canonical: Record<string, Record<string, unknown>> = {
  'system.alert': { alert_id: 'a-1', severity: 'L3', message: 'disk full', timestamp: 1 },
  'system.correlation.updated': { correlation_id: 'c-1', related_events: ['a-1'], strength: 0.5 },
  'forensic.snapshot.created': { snapshot_id: 's-1', reason: 'crash' },
  'madre.decision.explained': { decision_id: 'd-1', summary: 'because', confidence: 1 },
  'switch.tension.updated': { value: 3, components: {} },
  'shub.action.narrated': { action: 'mix', reason: 'asked', next_step: 'master' },
}

describe('POST /events/ingest', () => {
  it('stores any event and says where it stands', async () => {
    const { ingest, events } = gateway()
    const response = await ingest({ ...event, broadcast: true })
    const stream_id = await events.newest()
    expect([response.status, await json(response)]).toEqual([
      200,
      {
        ...{ status: 'received', event_id: `evt_${stream_id.toString(16).padStart(12, '0')}`, stream_id },
        ...{ source: 'madre', type: 'spawn_success', canonical: false, broadcast: false },
      },
    ])
  })

  it('knows the six canonical types by what their payload holds', async () => {
    const { ingest } = gateway()
    expect(Object.keys(canonical)).toEqual(Object.keys(canonicalTypes))
    for (const [type, payload] of Object.entries(canonical)) {
      expect(await json(await ingest({ source: 'madre', type, payload })), type).toMatchObject({
        ...{ status: 'received', canonical: true, broadcast: true },
      })
      for (const field of Object.keys(canonicalTypes[type]?.fields ?? {})) {
        const { [field]: _, ...rest } = payload
        for (const wrong of [rest, { ...payload, [field]: true }, { ...payload, [field]: null }]) {
          const response = await ingest({ source: 'madre', type, payload: wrong })
          expect([response.status, await json(response)], `${type} without ${field}`).toMatchObject([
            422,
            { status: 'rejected', reason: 'schema_validation_failed', error: 'event_rejected', status_code: 422 },
          ])
        }
      }
      expect((await ingest({ source: 'madre', type, payload: { ...payload, timestamp: '1' } })).status).toBe(422)
    }
  })

  it('lifts severity, module, correlation and a line out of the payload', async () => {
    const { ingest, newest } = gateway()
    await ingest({ source: 'watch', type: 'system.alert', payload: { ...canonical['system.alert'], module: 'switch' } })
    expect(await newest()).toMatchObject({
      severity: 'crit',
      module: 'switch',
      correlationId: null,
      summary: 'disk full',
    })
    await ingest({
      ...event,
      payload: { correlation_id: 'c-7', summary: 'two\nlines' },
      metadata: { severity: 'warn' },
    })
    expect(await newest()).toMatchObject({
      severity: 'warn',
      module: 'madre',
      correlationId: 'c-7',
      summary: 'two lines',
    })
    expect((await newest())?.payload).toEqual({
      correlation_id: 'c-7',
      summary: 'two\nlines',
      metadata: { severity: 'warn' },
    })
    await ingest({ ...event, payload: { correlation_id: 'no good', severity: 7 } }, { 'x-correlation-id': 'c-8' })
    expect(await newest()).toMatchObject({
      severity: 'info',
      correlationId: 'c-8',
      summary: 'spawn_success from madre',
    })
  })

  it('holds each type to its size, to the byte, and counts what is not ASCII as six', async () => {
    const { ingest } = gateway()
    const sized = (type: string, text: string) => ({ source: 's', type, payload: { ...canonical[type], text } })
    const frame = (type: string) =>
      JSON.stringify({ ...sized(type, ''), timestamp: 1_800_000_000_000, metadata: {} }).length
    for (const [type, { maxBytes }] of Object.entries(canonicalTypes)) {
      const room = maxBytes - frame(type)
      expect((await ingest(sized(type, 'x'.repeat(room)))).status, type).toBe(200)
      expect((await ingest(sized(type, 'x'.repeat(room + 1)))).status, type).toBe(422)
      expect((await ingest(sized(type, 'é'.repeat(Math.floor(room / 6))))).status, type).toBe(200)
      expect((await ingest(sized(type, 'é'.repeat(Math.floor(room / 6) + 1)))).status, type).toBe(422)
    }
    expect((await ingest(sized('other', 'x'.repeat(65_000)))).status).toBe(200)
    expect((await ingest(sized('other', 'x'.repeat(65_536)))).status).toBe(422)
  })

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', [event]],
    ['a scalar', '7'],
    ['no source', { type: 'x', payload: {} }],
    ['no payload', { source: 's', type: 'x' }],
    ['a list for a payload', { ...event, payload: [] }],
    ['a list for a type', { ...event, type: ['x'] }],
    ['an empty type', { ...event, type: '' }],
    ['a type of 65 characters', { ...event, type: 'x'.repeat(65) }],
    ['a line break in the source', { ...event, source: 'a\nb' }],
    ['half a character in the type', '{"source":"s","type":"\\ud800","payload":{}}'],
  ])('refuses %s, and stores nothing', async (_what, body) => {
    const { ingest, events } = gateway()
    const before = await events.newest()
    await expectProblem(await ingest(body), 'validation_error')
    expect(await events.newest()).toBe(before)
  })

  it('refuses what is nested without end', async () => {
    const { ingest } = gateway()
    const nested = (depth: number) =>
      `{"source":"s","type":"x","payload":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`
    expect((await ingest(nested(64))).status).toBe(200)
    expect((await ingest(nested(65))).status).toBe(422)
    expect((await ingest(nested(10_000))).status).toBe(422)
  })

  it('wants the scope ingest', async () => {
    const { request, ingest } = gateway()
    const post = (token: string) =>
      request('/events/ingest', { method: 'POST', headers: { 'x-vx11-token': token }, body: JSON.stringify(event) })
    expect((await ingest(event)).status).toBe(200)
    await expectProblem(await post(tokens.operator), 'forbidden')
    await expectProblem(await post(''), 'auth_required')
  })

  it('is off with its flag', async () => {
    const { ingest, batch } = gateway({ VX11_EVENTS_ENABLED: 'false' })
    await expectProblem(await ingest(event), 'feature_disabled')
    await expectProblem(await batch([event]), 'feature_disabled')
  })

  it('says 503 and when to come back while nothing can be stored', async () => {
    const { authorized } = testApp({
      deps: { events: testEventLog({ database: testApp().deps.database, clock: fakeClock() }) },
    })
    const response = await authorized('/events/ingest', { method: 'POST', body: JSON.stringify(event) })
    expect(response.headers.get('retry-after')).toBe('1')
    await expectProblem(response, 'events_unavailable')
  })
})

describe('Idempotency-Key', () => {
  it('makes a repeated request the first one, for one principal, path and body', async () => {
    const { ingest, batch, events } = gateway()
    const key = { 'idempotency-key': 'key-1' }
    const first = await json(await ingest(event, key))
    expect(await json(await ingest(event, key))).toEqual(first)
    const before = await events.newest()
    await expectProblem(await ingest({ ...event, type: 'other' }, key), 'idempotency_key_reused')
    await expectProblem(await batch([event], key), 'idempotency_key_reused')
    expect(await events.newest()).toBe(before)
  })

  it('belongs to its principal', async () => {
    const other = { name: 'other', token: 'another-token-for-tests', scopes: ['ingest'] }
    const { ingest } = gateway({ VX11_TOKENS: JSON.stringify([other]) })
    const key = { 'idempotency-key': 'shared' }
    const first = await json(await ingest(event, key))
    const second = await json(await ingest(event, { ...key, 'x-vx11-token': other.token }))
    expect(second.stream_id).not.toBe(first.stream_id)
  })

  it.each(['', 'two words', 'é', 'x'.repeat(256)])('must be visible ASCII: not %j', async (key) => {
    const response = gateway().ingest(event, { 'idempotency-key': key })
    // A header's ends are trimmed on the way, so an empty one is as good as none where the platform drops it.
    if (key !== '') await expectProblem(await response, 'validation_error')
    else expect([200, 422]).toContain((await response).status)
  })
})

describe('POST /events/ingest/batch', () => {
  it('stores a list, and answers each item for itself', async () => {
    const { batch, events } = gateway()
    const before = await events.newest()
    const response = await batch([event, { ...event, type: 'system.alert' }, 7, { ...event, type: 'second' }])
    expect([response.status, await json(response)]).toMatchObject([
      200,
      {
        ...{ status: 'partly_received', received: 2, rejected: 2 },
        results: [
          { status: 'received', stream_id: before + 1, type: 'spawn_success' },
          { status: 'rejected', reason: 'schema_validation_failed' },
          { status: 'rejected', reason: 'validation_error' },
          { status: 'received', stream_id: before + 2, type: 'second' },
        ],
      },
    ])
  })

  it('takes one event to a line, with empty lines and either line end', async () => {
    const line = JSON.stringify(event)
    const response = await gateway().batch(`${line}\r\n\n{"broken\n${line}`)
    expect(await json(response)).toMatchObject({
      ...{ received: 2, rejected: 1 },
      results: [{ status: 'received' }, { reason: 'json_invalid' }, { status: 'received' }],
    })
  })

  it('takes 1000 events and no more, and not none', async () => {
    const { batch } = gateway()
    const small = { source: 's', type: 't', payload: {} }
    expect(await json(await batch(Array(1000).fill(small)))).toMatchObject({ received: 1000 })
    for (const body of [Array(1001).fill(small), [], '', '\n\n', '[{]'])
      await expectProblem(await batch(body), 'validation_error')
  })

  it('answers a repeated batch as the first', async () => {
    const { batch } = gateway()
    const key = { 'idempotency-key': 'batch-1' }
    const body = [event, 7, { ...event, type: 'second' }]
    const first = await json(await batch(body, key))
    expect(await json(await batch(body, key))).toEqual(first)
  })

  it('says rejected when nothing was good', async () => {
    expect(await json(await gateway().batch([7]))).toMatchObject({ status: 'rejected', received: 0, rejected: 1 })
  })
})
