import { eq } from 'drizzle-orm'
import Registry from 'prom-client/lib/registry.js'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { prometheusMetrics } from '../../src/adapters/prometheus/metrics.ts'
import type { Database } from '../../src/db/database.ts'
import { operatorMetrics } from '../../src/db/schema/operator.ts'
import { type FlushDeps, metricsFlush } from '../../src/features/metrics/flush.ts'
import { recorder } from '../../src/features/metrics/recorder.ts'
import { MetricBuckets, MetricsDisabled, MetricsRead } from '../../src/features/metrics/series/schema.ts'
import { powerPolicy } from '../../src/modules/power/power-policy.ts'
import { awayDatabase, hangingDatabase } from '../support/absent-database.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const path = '/operator/api/metrics'
const open = testDatabase()

/** A gateway with its minute; `database` may change under it. */
function measured(env: Record<string, string> = {}, extra: Partial<FlushDeps> = {}) {
  const overheard = recorder(prometheusMetrics(new Registry(), fakeClock()))
  const store: { current: Database } = { current: open() }
  const database: Database = { ...open(), open: () => store.current.open() }
  const gateway = testApp({ env, deps: { metrics: overheard.metrics, database } })
  const { deps, clock } = gateway
  const flush = metricsFlush({
    ...{ ...deps, database, recorder: overheard, instance: 'one', policy: powerPolicy(deps), ...extra },
  })
  const read = async (query = '') => {
    const response = await gateway.authorized(`${path}${query}`)
    const text = await response.text()
    expect({ status: response.status, text }).toMatchObject({ status: 200 })
    expect(response.headers.get('cache-control')).toBe('no-store')
    return v.parse(MetricsRead, JSON.parse(text))
  }
  const minute = async () => {
    await clock.advance(60_000)
    await flush()
  }
  const values = async (name: string) => (await read(`?name=${name}`)).metrics.map(({ value }) => value)
  return { ...gateway, store, flush, minute, read, values }
}

describe('the measurements', () => {
  beforeEach(async () => {
    await open().open().delete(operatorMetrics)
  })

  it('tell a minute of requests, with the instance that saw them', async () => {
    const { minute, read, network, authorized, clock } = measured()
    network.answer('http://shub.test:8007/slow', async () => {
      await clock.advance(250)
      return jsonAnswer({})
    })
    for (let i = 0; i < 3; i++) await authorized('/shub/slow')
    await minute()
    const { metrics, count } = await read('?name=latency_ms')
    expect(count).toBe(3)
    for (const metric of metrics) {
      expect(metric).toMatchObject({
        unit: 'ms',
        module: 'tentaculo_link',
        dimensions: { instance: 'one', requests: 3 },
      })
      expect(metric.metric_id).toMatch(/^met_[0-9a-f]{12}$/)
      expect(metric.value).toBeCloseTo(250, -1)
      expect(metric.timestamp).toMatch(/^2027-01-15T08:01:00.000Z$/)
    }
    expect(metrics.map(({ dimensions }) => dimensions.quantile).toSorted()).toEqual(['p50', 'p95', 'p99'])
  })

  it('are absent where nothing was measured', async () => {
    const { minute, read } = measured()
    await minute()
    expect((await read()).metrics.map(({ metric_name }) => metric_name)).toEqual(['chat_throughput'])
  })

  it('hold what the platform tells of the process, and what waits', async () => {
    const vitals = { cpuPercent: () => 12.34567, ramGib: () => 0.25 }
    const { minute, read } = measured({}, { vitals, events: { waiting: () => 7 } })
    await minute()
    const told = Object.fromEntries(
      (await read()).metrics.map(({ metric_name, value, unit }) => [metric_name, [value, unit]]),
    )
    expect(told).toEqual({
      cpu_percent: [12.346, '%'],
      ram_gib: [0.25, 'GiB'],
      event_backlog: [7, ''],
      chat_throughput: [0, ''],
    })
  })

  it('hold the seconds that an open window has left, while madre tells', async () => {
    const { minute, values, network, clock } = measured()
    const deadline = new Date(clock.now() + 600_000).toISOString()
    const state = { policy: 'windowed', window_id: 'w', active_services: ['switch'], created_at: deadline, deadline }
    network.answer('http://madre.test:8001/madre/power/state', jsonAnswer(state))
    await minute()
    expect(await values('window_ttl')).toEqual([540])
    network.answer('http://madre.test:8001/madre/power/state', jsonAnswer({}, 500))
    await minute()
    expect(await values('window_ttl')).toEqual([540])
  })

  it('count chats per minute, whatever else is posted', async () => {
    const overheard = recorder(prometheusMetrics(new Registry(), fakeClock()))
    const finish = (method: string, route: string, status: number) =>
      overheard.metrics.requestFinished({ method, route, status, durationMs: 1 })
    for (const route of ['/operator/api/chat', '/operator/chat', '/operator/chat/ask']) finish('POST', route, 200)
    finish('POST', '/operator/api/chat', 422)
    finish('POST', '/operator/api/chat/window/open', 200)
    finish('GET', '/operator/api/chat', 200)
    const { minute, values } = measured({}, { recorder: overheard })
    await minute()
    expect(await values('chat_throughput')).toEqual([3])
  })

  it('are written once a minute, however often somebody asks', async () => {
    const { minute, flush, values, clock } = measured()
    await flush()
    await clock.advance(54_999)
    await flush()
    expect(await values('chat_throughput')).toEqual([])
    await clock.advance(1)
    await Promise.all([flush(), flush(), flush()])
    expect(await values('chat_throughput')).toHaveLength(1)
    await minute()
    expect(await values('chat_throughput')).toHaveLength(2)
  })

  it('wait for a database that is away, an hour of them at most, and are stored once', async () => {
    const { minute, store, values, logLines } = measured()
    store.current = awayDatabase
    for (let i = 0; i < 3; i++) await minute()
    expect(logLines.filter(({ event }) => event === 'database_failed')).toHaveLength(3)
    store.current = open()
    await minute()
    await minute()
    expect(await values('chat_throughput')).toHaveLength(5)
    store.current = awayDatabase
    const many = 700
    for (let i = 0; i < many; i++) await minute()
    store.current = open()
    await minute()
    expect((await open().open().$count(operatorMetrics)) - 5).toBe(600)
  })

  it('do not pile up behind a database that hangs', async () => {
    const { clock, flush, store, values } = measured()
    store.current = hangingDatabase
    await clock.advance(60_000)
    const first = flush()
    await clock.whenSleeping()
    store.current = open()
    await clock.advance(60_000)
    await Promise.all([first, flush()])
    await clock.advance(60_000)
    await flush()
    expect(await values('chat_throughput')).toHaveLength(3)
  })

  it('go after 30 days, and those that others wrote stay', async () => {
    const { minute, clock } = measured()
    await minute()
    const theirs = { metricId: 'theirs', ts: '2020-01-01T00:00:00Z', metricName: 'ram_gib', value: 1, module: 'switch' }
    await open().open().insert(operatorMetrics).values(theirs)
    await clock.advance(720 * 3_600_000 + 1000)
    await minute()
    expect(await open().open().$count(operatorMetrics)).toBe(2)
    expect(await open().open().$count(operatorMetrics, eq(operatorMetrics.metricId, 'theirs'))).toBe(1)
  })

  it('are not taken when the feature is off, and the route says so', async () => {
    const { minute, authorized } = measured({ VX11_METRICS_ENABLED: 'false' })
    await minute()
    expect(await open().open().$count(operatorMetrics)).toBe(0)
    const response = await authorized(path)
    expect(v.parse(MetricsDisabled, await response.json())).toMatchObject({ metrics: [], count: 0 })
  })
})

describe('GET /operator/api/metrics', () => {
  const nowMs = 1_800_000_000_000
  const stamp = (agoS: number) => new Date(nowMs - agoS * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const row = (id: string, agoS: number, value: number | null, more = {}) => ({
    ...{ metricId: id, ts: stamp(agoS), metricName: 'cpu_percent', value, module: 'madre', dimensionsJson: null },
    ...more,
  })

  beforeEach(async () => {
    await open().open().delete(operatorMetrics)
    await open()
      .open()
      .insert(operatorMetrics)
      .values([
        row('a', 10, 1),
        row('b', 20, 2),
        row('c', 3500, 3, { module: 'switch' }),
        row('d', 3700, 4),
        row('e', 90_000, 5, { metricName: 'ram_gib', dimensionsJson: 'no JSON' }),
        row('f', 30, null),
      ])
  })

  const ids = async (query: string) => (await measured().read(query)).metrics.map(({ metric_id }) => metric_id)

  it.each([
    ['', ['a', 'b', 'f', 'c']],
    ['?period=1h', ['a', 'b', 'f', 'c']],
    ['?period=6h', ['a', 'b', 'f', 'c', 'd']],
    ['?period=24h', ['a', 'b', 'f', 'c', 'd']],
    ['?period=31d', ['a', 'b', 'f', 'c', 'd', 'e']],
    ['?period=1m', ['a', 'b', 'f']],
    ['?window_seconds=15&period=24h', ['a']],
    ['?window_seconds=2678400&name=ram_gib', ['e']],
    ['?module=switch', ['c']],
    ['?name=nothing', []],
    ["?name=' OR 1=1 --", []],
    ['?limit=2', ['a', 'b']],
    ['?limit=99999', ['a', 'b', 'f', 'c']],
  ])('%s gives the span’s newest first', async (query, expected) => {
    expect(await ids(query)).toEqual(expected)
  })

  it('says that there is more', async () => {
    const { read } = measured()
    expect((await read('?limit=3')).has_more).toBe(true)
    expect((await read('?limit=4')).has_more).toBe(false)
  })

  it('sums each series up over the whole span, whatever the limit', async () => {
    await open().open().delete(operatorMetrics)
    const hundred = Array.from({ length: 100 }, (_, n) => row(`n${n}`, n + 1, n + 1))
    const slow = Array.from({ length: 3 }, (_, n) =>
      row(`s${n}`, n, 10 * (n + 1), { metricName: 'latency_ms', dimensionsJson: '{"quantile":"p95"}' }),
    )
    for (let at = 0; at < 100; at += 10) {
      await open()
        .open()
        .insert(operatorMetrics)
        .values(hundred.slice(at, at + 10))
    }
    await open()
      .open()
      .insert(operatorMetrics)
      .values([...slow, row('odd', 1, 7, { dimensionsJson: '{' })])
    const { statistics, count } = await measured().read('?limit=1')
    expect(count).toBe(1)
    expect(statistics).toEqual([
      {
        metric_name: 'cpu_percent',
        quantile: null,
        unit: '%',
        count: 101,
        min: 1,
        max: 100,
        avg: expect.any(Number),
        p50: 50,
        p95: 95,
        p99: 99,
      },
      {
        metric_name: 'latency_ms',
        quantile: 'p95',
        unit: 'ms',
        count: 3,
        min: 10,
        max: 30,
        avg: 20,
        p50: 20,
        p95: 30,
        p99: 30,
      },
    ])
  })

  it.each([
    ...['window_seconds=0', 'window_seconds=-1', 'window_seconds=2678401', 'window_seconds=1e3', 'window_seconds=NaN'],
    ...['period=', 'period=0h', 'period=32d', 'period=1y', 'period=99999999h', 'limit=0', 'limit=-5', 'limit=x'],
    `name=${'x'.repeat(65)}`,
  ])('refuses %s', async (query) => {
    await expectProblem(await measured().authorized(`${path}?${query}`), 'validation_error')
  })

  it('answers 200 and says why when the database is away or hangs', async () => {
    const { read, store, clock } = measured()
    store.current = awayDatabase
    expect(await read()).toMatchObject({ metrics: [], degraded: true, error: 'database_unavailable' })
    store.current = hangingDatabase
    const answer = read()
    await clock.whenSleeping()
    await clock.advance(2500)
    expect(await answer).toMatchObject({ metrics: [], degraded: true, error: 'database_unavailable' })
  })
})

describe('measurements in buckets', () => {
  beforeEach(async () => {
    await open().open().delete(operatorMetrics)
  })
  const buckets = async ({ authorized }: Pick<ReturnType<typeof measured>, 'authorized'>, period: string) => {
    const response = await authorized(`${path}/buckets?period=${period}`)
    expect(response.status).toBe(200)
    return v.parse(MetricBuckets, await response.json())
  }
  const row = (minutesAgo: number, now: number, value: number, dimensions: object, name = 'latency_ms') => ({
    metricId: `met_${crypto.randomUUID()}`,
    ts: new Date(now - minutesAgo * 60_000).toISOString().slice(0, 19).replace('T', ' '),
    metricName: name,
    value,
    module: 'tentaculo_link',
    dimensionsJson: JSON.stringify(dimensions),
  })

  it('tell a month in a few hundred points, of all instances, with gaps where nothing was measured', async () => {
    const gateway = measured()
    const now = gateway.clock.now()
    const day = 1440
    const latency = { quantile: 'p50', requests: 10, instance: 'one' }
    await open()
      .open()
      .insert(operatorMetrics)
      .values([
        row(29 * day, now, 10, latency),
        row(29 * day - 1, now, 30, latency),
        row(5, now, 7, { ...latency, requests: 3 }),
        row(32 * day, now, 99, latency),
        row(5, now, 0.25, { instance: 'one' }, 'ram_gib'),
        row(5, now, 0.75, { instance: 'two' }, 'ram_gib'),
        { ...row(5, now, 1, {}), ts: 'no moment' },
        { ...row(4, now, 8, {}), dimensionsJson: '{' },
      ])
    const { bucket_seconds, series } = await buckets(gateway, '30d')
    expect(bucket_seconds).toBe(7200)
    const p50 = series.find(({ quantile }) => quantile === 'p50')
    expect(p50).toMatchObject({ metric_name: 'latency_ms', unit: 'ms' })
    expect(p50?.points).toMatchObject([
      { count: 2, min: 10, mean: 20, max: 30, requests: 20 },
      { count: 1, min: 7, mean: 7, max: 7, requests: 3 },
    ])
    expect(p50?.points.every(({ at }) => Date.parse(at) % 7_200_000 === 0)).toBe(true)
    const memory = series.find(({ metric_name }) => metric_name === 'ram_gib')
    expect(memory?.points[0]).toMatchObject({ count: 2, min: 1, mean: 1, max: 1, requests: null })
    expect((await buckets(gateway, '1h')).bucket_seconds).toBe(60)
    await expectProblem(await gateway.authorized(`${path}/buckets?period=32d`), 'validation_error')
  })

  it('say so when the database is away', async () => {
    const gateway = measured()
    gateway.store.current = awayDatabase
    expect(await buckets(gateway, '1h')).toMatchObject({ series: [], degraded: true, error: 'database_unavailable' })
  })
})
