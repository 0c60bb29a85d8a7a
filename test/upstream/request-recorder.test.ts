import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import type { Database } from '../../src/db/database.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import type { ProxiedRequest } from '../../src/ports/index.ts'
import { maxWaiting, requestRecorder } from '../../src/upstream/request-recorder.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()

const exchange = (changes: Partial<ProxiedRequest> = {}): ProxiedRequest => ({
  at: 1_800_000_000_123,
  correlationId: 'c-1',
  upstream: 'shub',
  method: 'GET',
  route: '/shub/*',
  status: 200,
  durationMs: 12.6,
  ...changes,
})

function recorder(over: Database = database()) {
  const clock = fakeClock()
  const begun: Promise<unknown>[] = []
  const warnings: unknown[] = []
  let lost = 0
  const silent = () => {}
  const made = requestRecorder({
    clock,
    database: over,
    log: { debug: silent, info: silent, error: silent, warn: (event, fields) => warnings.push([event, fields]) },
    metrics: { requestsNotRecorded: (count) => (lost += count) },
    background: (work) => void begun.push(work),
  })
  return { ...made, clock, begun, warnings, lost: () => lost }
}

const rows = () => database().open().all<Record<string, unknown>>(sql`select * from routing_events order by id`)

beforeEach(async () => {
  await database().open().run(sql`delete from routing_events`)
})

describe('the recorder of proxied requests', () => {
  it('keeps them as routing events, within a second, in one piece of background work', async () => {
    const { record, clock, begun } = recorder()
    record(exchange())
    record(exchange({ status: 503, method: 'POST', upstream: 'madre', route: '/madre/*', correlationId: "o'c" }))
    expect([begun.length, await rows()]).toEqual([1, []])
    await clock.advance(1000)
    await begun[0]
    expect(await rows()).toMatchObject([
      {
        timestamp: '2027-01-15 08:00:00.123000',
        trace_id: 'c-1',
        route_type: 'proxy',
        provider_id: 'shub',
        score: null,
        reasoning_short: 'GET /shub/* 200 13 ms',
      },
      { trace_id: "o'c", provider_id: 'madre', reasoning_short: 'POST /madre/* 503 13 ms' },
    ])
  })

  it('keeps every one of many, and begins anew afterwards', async () => {
    const { record, clock, begun } = recorder()
    for (let i = 0; i < 450; i++) record(exchange({ correlationId: `c-${i}` }))
    await clock.advance(1000)
    await Promise.all(begun)
    record(exchange({ correlationId: 'late' }))
    expect(begun).toHaveLength(2)
    await clock.advance(1000)
    await Promise.all(begun)
    expect((await rows()).map(({ trace_id }) => trace_id)).toEqual([
      ...Array.from({ length: 450 }, (_, i) => `c-${i}`),
      'late',
    ])
  })

  it('counts what is too much instead of keeping it', () => {
    const { record, lost } = recorder()
    for (let i = 0; i < maxWaiting; i++) record(exchange())
    expect(lost()).toBe(0)
    for (let i = 0; i < 3; i++) record(exchange())
    expect(lost()).toBe(3)
  })

  it('counts what the database did not take, says why without what callers wrote, and hurts nobody', async () => {
    const broken: Database = {
      ...database(),
      open: () => {
        throw new Error('disk full')
      },
    }
    const { record, flush, lost, warnings } = recorder(broken)
    for (let i = 0; i < 3; i++) record(exchange({ correlationId: 'secret' }))
    await flush()
    expect(lost()).toBe(3)
    expect(warnings).toEqual([['requests_not_recorded', { count: 3, reason: 'disk full' }]])
  })

  it('begins again when the work that was to write died with its request', async () => {
    const { record, clock, begun, flush } = recorder()
    record(exchange())
    // The clock moves on without waking what slept, as an isolate does that was cancelled.
    await clock.advance(500)
    record(exchange())
    expect(begun).toHaveLength(1)
    await flush()
    expect(await rows()).toHaveLength(2)
  })
})

describe('which requests are recorded', () => {
  it.each([
    ['whose caller named its correlation', { 'x-correlation-id': 'mine' }, [{ correlationId: 'mine', status: 200 }]],
    ['but none that nobody named', {}, []],
    ['but none with a name that is not safe', { 'x-correlation-id': 'a b' }, []],
  ])('are those %s', async (_what, headers, expected) => {
    const gateway = testApp()
    gateway.network.answer('http://shub.test:8007/x', jsonAnswer({}))
    await gateway.authorized('/shub/x', { headers: headers as Record<string, string> })
    expect(gateway.recorded).toMatchObject(expected)
    expect(gateway.recorded).toHaveLength(expected.length)
  })

  it('are all that failed, with the gateway’s own id where they brought none', async () => {
    const gateway = testApp()
    gateway.network.answer('http://shub.test:8007/broken', jsonAnswer({}, 500))
    gateway.network.answer('http://shub.test:8007/away', new TransportError('unreachable'))
    gateway.network.answer('http://shub.test:8007/missing', jsonAnswer({}, 404))
    const ids: (string | null)[] = []
    for (const path of ['broken', 'away', 'missing']) {
      ids.push((await gateway.authorized(`/shub/${path}`, { method: 'POST' })).headers.get('x-correlation-id'))
    }
    expect(gateway.recorded).toMatchObject([
      { upstream: 'shub', method: 'POST', route: '/shub/*', status: 500, correlationId: ids[0] },
      { upstream: 'shub', method: 'POST', route: '/shub/*', status: 503, correlationId: ids[1] },
    ])
    expect(gateway.recorded).toHaveLength(2)
  })
})
