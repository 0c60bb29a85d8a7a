import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { readConfiguration } from '../../../src/config/config.ts'
import type { Database } from '../../../src/db/database.ts'
import { TransportError } from '../../../src/errors/gateway-error.ts'
import { placeOf } from '../../../src/modules/timeline/sampling.ts'
import { maxWaiting, workRecorder } from '../../../src/modules/timeline/work-recorder.ts'
import type { RecordedWork } from '../../../src/ports/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { jsonAnswer } from '../../support/fake-network.ts'
import { testApp, testEnvironment } from '../../support/test-app.ts'

const database = testDatabase()

const trace = '0af7651916cd43dd8448eb211c80319c'
const span = 'b7ad6b7169203331'

const exchange = (changes: Partial<RecordedWork> = {}): RecordedWork => ({
  ...{ kind: 'request', at: 1_800_000_000_123, durationMs: 12.6, correlationId: 'c-1', principal: 'link' },
  ...{ target: 'shub', name: 'GET /shub/*', outcome: 'ok', status: 200, error: null, decisions: [] },
  steps: [{ name: 'shub', startMs: 0.504, durationMs: 12, outcome: 200 }],
  ...changes,
})

function recorder(over: Database = database()) {
  const clock = fakeClock()
  const { config } = readConfiguration(testEnvironment)
  const begun: Promise<unknown>[] = []
  const warnings: unknown[] = []
  let lost = 0
  const silent = () => {}
  const made = workRecorder({
    clock,
    config,
    database: over,
    log: { debug: silent, info: silent, error: silent, warn: (event, fields) => warnings.push([event, fields]) },
    metrics: { requestsNotRecorded: (count) => (lost += count) },
    background: (work) => void begun.push(work),
  })
  return { ...made, clock, begun, warnings, lost: () => lost }
}

const failed = { outcome: 'failed', status: 503, error: 'madre_unavailable' } as const

const rows = () => database().open().all<Record<string, unknown>>(sql`select * from routing_events order by id`)

beforeEach(async () => {
  await database().open().run(sql`delete from routing_events`)
})

describe('the recorder of finished work', () => {
  it('keeps them as routing events, within a second, in one piece of background work', async () => {
    const { record, clock, begun } = recorder()
    record(exchange())
    record(exchange({ ...failed, name: 'POST /madre/*', target: 'madre', correlationId: "o'c" }))
    record(exchange({ durationMs: 2000, principal: null, steps: [] }))
    expect([begun.length, await rows()]).toEqual([1, []])
    await clock.advance(1000)
    await begun[0]
    expect(await rows()).toMatchObject([
      {
        timestamp: '2027-01-15 08:00:00.123000',
        ...{ trace_id: 'c-1', route_type: 'gateway', provider_id: 'shub', score: 12.6 },
      },
      { trace_id: "o'c", provider_id: 'madre', route_type: 'gateway_failed' },
      { route_type: 'gateway_slow' },
    ])
    expect((await rows()).map(({ reasoning_short }) => JSON.parse(String(reasoning_short)))).toEqual([
      {
        ...{ kind: 'request', name: 'GET /shub/*', principal: 'link', outcome: 'ok', status: 200, error: null },
        steps: [['shub', 0.5, 12, 200]],
      },
      expect.objectContaining({ ...failed, name: 'POST /madre/*' }),
      expect.objectContaining({ principal: null, steps: [] }),
    ])
  })

  it('leads from the trace that a caller named to its correlation id, once', async () => {
    const { record, flush } = recorder()
    for (let i = 0; i < 3; i++) record(exchange({ traceparent: `00-${trace}-${span}-01` }))
    record(exchange({ correlationId: trace, traceparent: `00-${trace}-${span}-01` }))
    record(exchange({ traceparent: '00-nonsense' }))
    await flush()
    const links = (await rows()).filter(({ route_type }) => route_type === 'gateway_trace')
    expect(links).toMatchObject([{ trace_id: trace, provider_id: 'c-1', score: null }])
    expect(JSON.parse(String((await rows())[0]?.reasoning_short))).toMatchObject({ trace, parent: span })
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
    ['whose caller named its trace', { traceparent: `00-${trace}-${span}-01` }, [{ correlationId: trace }]],
    ['but none whose trace is invalid', { traceparent: `00-${trace}-${span}` }, []],
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
      { target: 'shub', name: 'POST /shub/*', status: 500, error: null, correlationId: ids[0] },
      { target: 'shub', name: 'POST /shub/*', status: 503, error: 'shub_unavailable', correlationId: ids[1] },
    ])
    expect(gateway.recorded).toHaveLength(2)
  })

  it('are all that were slow, and the chosen share of the others', async () => {
    const gateway = testApp({ env: { VX11_TIMELINE_SHARE: '0.5', VX11_TIMELINE_SLOW_MS: '100' } })
    gateway.network.answer('http://shub.test:8007/x', jsonAnswer({}))
    gateway.network.answer('http://shub.test:8007/slow', async () => {
      await gateway.clock.advance(100)
      return jsonAnswer({})
    })
    const ids = Array.from({ length: 80 }, (_, index) => `c-${index}`)
    for (const id of ids) await gateway.authorized('/shub/x', { headers: { 'x-correlation-id': id } })
    const chosen = gateway.recorded.map(({ correlationId }) => correlationId)
    expect(chosen).toEqual(ids.filter((id) => placeOf(id) < 0.5))
    expect(chosen.length).toBeGreaterThan(20)
    expect(chosen.length).toBeLessThan(60)
    await gateway.authorized('/shub/slow')
    expect(gateway.recorded.at(-1)).toMatchObject({ durationMs: 100, outcome: 'ok' })
  })
})
