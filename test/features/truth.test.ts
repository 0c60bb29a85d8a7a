/** The truth about the ten services: what is seen, what it is called, and what is kept of it, on both databases. */
import { eq, like, sql } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { copilotRuntimeServices } from '../../src/db/schema/copilot-tooling.ts'
import { moduleHealth, moduleStatus, systemState } from '../../src/db/schema/madre.ts'
import { TransportError } from '../../src/errors.ts'
import { RuntimeTruthReport, ServiceTruthReport } from '../../src/features/truth/schema.ts'
import { truthStore } from '../../src/features/truth/store.ts'
import { everyMinute } from '../../src/periodic.ts'
import type { Deps, UpstreamAnswer } from '../../src/ports.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { fakeRandom } from '../support/fake-random.ts'
import { testApp } from '../support/test-app.ts'

const madre = 'http://madre.test:8001'
const switchUrl = 'http://switch.test:8002'
const minuteMs = 60_000

const database = testDatabase()
beforeEach(async () => {
  const db = database().open()
  await db.batch([
    db.delete(systemState).where(like(systemState.key, 'gateway:truth%')),
    db.delete(copilotRuntimeServices),
    db.delete(moduleHealth),
    db.delete(moduleStatus),
  ])
})

const power = (services: string[] | null) =>
  jsonAnswer(
    services
      ? { policy: 'windowed', window_id: 'w-1', active_services: [...services, 'madre'] }
      : { policy: 'solo_madre', window_id: null, active_services: ['madre'] },
  )

function vx11(deps: Partial<Deps> = {}) {
  const gateway = testApp({
    env: { SWITCH_URL: switchUrl, SPAWNER_URL: 'http://spawner.test:8008' },
    deps: { database: database(), ...deps },
  })
  gateway.network.answer(`${madre}/health`, jsonAnswer({ status: 'ok' }))
  gateway.network.answer(`${madre}/madre/power/state`, power(null))
  const read = async () => v.parse(RuntimeTruthReport, await (await gateway.authorized('/operator/api/truth')).json())
  const status = async (name: string) => (await read()).services.find(({ service }) => service === name)
  const minute = () => everyMinute(gateway.deps)
  /** A minute passes, and its work is done. */
  const pass = async () => {
    await gateway.clock.advance(minuteMs)
    await minute()
  }
  const one = async (name: string) =>
    v.parse(ServiceTruthReport, await (await gateway.authorized(`/operator/api/truth/${name}`)).json())
  return { ...gateway, read, status, minute, pass, one }
}

describe('a round', () => {
  it('names what answers, what should and does not, what sleeps by policy, and what nobody configured', async () => {
    const report = await vx11().read()
    expect(report.services.map(({ service, status, reason }) => [service, status, reason])).toEqual([
      ['tentaculo_link', 'OK', null],
      ['madre', 'OK', null],
      ['switch', 'OFF_BY_POLICY', 'no_window'],
      ['hermes', 'UNKNOWN', 'not_configured'],
      ['hormiguero', 'UNKNOWN', 'not_configured'],
      ['manifestator', 'UNKNOWN', 'not_configured'],
      ['mcp', 'UNKNOWN', 'not_configured'],
      ['shubniggurath', 'BROKEN', 'unreachable'],
      ['spawner', 'OFF_BY_POLICY', 'no_window'],
      ['operator', 'UNKNOWN', 'not_configured'],
    ])
    expect(report.summary).toEqual({ total: 10, ok: 2, broken: 1, off_by_policy: 2, unknown: 5 })
  })

  it('asks its own routes through every layer', async () => {
    const own = await vx11().status('tentaculo_link')
    expect(own).toMatchObject({ http_code: 200, endpoint_ok: '/health', port: 8000 })
    expect(own?.snippet).toContain('tentaculo_link')
  })

  it('tries the paths in their order, and keeps the first code where none answers 200', async () => {
    const gateway = vx11()
    gateway.network.answer('http://shub.test:8007/health', jsonAnswer({}, 404))
    gateway.network.answer('http://shub.test:8007/healthz', jsonAnswer({}, 500))
    gateway.network.answer('http://shub.test:8007/shub/health', jsonAnswer({ status: 'ok' }))
    expect(await gateway.status('shubniggurath')).toMatchObject({ status: 'OK', endpoint_ok: '/shub/health' })
    gateway.network.answer('http://shub.test:8007/shub/health', jsonAnswer({}, 503))
    await gateway.pass()
    expect(await gateway.status('shubniggurath')).toMatchObject({
      status: 'BROKEN',
      http_code: 404,
      endpoint_ok: null,
      reason: 'status_404',
    })
  })

  it('calls a service broken that answers wrongly, though the policy keeps it asleep', async () => {
    const gateway = vx11()
    for (const path of ['/health', '/healthz', '/switch/health'])
      gateway.network.answer(`${switchUrl}${path}`, jsonAnswer({}, 500))
    expect(await gateway.status('switch')).toMatchObject({ status: 'BROKEN', http_code: 500 })
  })

  it('calls a silent service broken once a window lists it', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/madre/power/state`, power(['switch']))
    expect(await gateway.status('switch')).toMatchObject({ status: 'BROKEN', reason: 'unreachable' })
    expect(await gateway.status('spawner')).toMatchObject({ status: 'OFF_BY_POLICY' })
  })

  it('does not guess why a service is silent while madre does not tell the policy', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/madre/power/state`, new TransportError('unreachable'))
    expect(await gateway.status('switch')).toMatchObject({ status: 'UNKNOWN', reason: 'power_state_unknown' })
  })

  it('leaves a path after three seconds, also in the middle of a body', async () => {
    const gateway = vx11()
    const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    gateway.network.answer('http://shub.test:8007/health', () => {
      asked[0].resolve()
      return new Promise<UpstreamAnswer>(() => {})
    })
    gateway.network.answer('http://shub.test:8007/healthz', () => {
      asked[1].resolve()
      // One byte, and then none.
      const body = new ReadableStream<Uint8Array>({ start: (c) => c.enqueue(new Uint8Array([65])) })
      return { status: 200, headers: {}, body }
    })
    gateway.network.answer('http://shub.test:8007/shub/health', jsonAnswer({ status: 'ok' }))
    const reading = gateway.status('shubniggurath')
    for (const { promise } of asked) {
      await promise
      await new Promise((resolve) => setTimeout(resolve, 0))
      await gateway.clock.advance(3000)
    }
    expect(await reading).toMatchObject({ status: 'OK', endpoint_ok: '/shub/health' })
    expect(
      gateway.network.exchanges.find(({ url }) => url.endsWith('shub.test:8007/healthz'))?.init.signal?.aborted,
    ).toBe(true)
  })

  it('has at most five services under way', async () => {
    const env = Object.fromEntries(
      ['HERMES', 'HORMIGUERO', 'MANIFESTATOR', 'MCP', 'SPAWNER', 'SWITCH', 'OPERATOR'].map((name) => [
        `${name}_URL`,
        `http://${name.toLowerCase()}.test`,
      ]),
    )
    const gateway = testApp({ env, deps: { database: database() } })
    let [now, most] = [0, 0]
    for (const name of ['madre.test:8001', 'shub.test:8007', ...Object.values(env).map((url) => url.slice(7))]) {
      gateway.network.answer(`http://${name}/health`, async () => {
        most = Math.max(most, ++now)
        await new Promise((resolve) => setTimeout(resolve, 0))
        now--
        return jsonAnswer({ status: 'ok' })
      })
    }
    await everyMinute(gateway.deps)
    expect(most).toBe(5)
  })

  it('keeps a hundred characters of what was said, without control characters', async () => {
    const gateway = vx11()
    const body = new TextEncoder().encode(`a\r\n|b\u0000${'é'.repeat(200)}`)
    gateway.network.answer('http://shub.test:8007/health', { status: 200, headers: {}, body })
    const snippet = (await gateway.status('shubniggurath'))?.snippet ?? ''
    expect(snippet).toBe(`a |b ${'é'.repeat(95)}`)
    const md = await (await gateway.authorized('/operator/api/truth?format=md')).text()
    expect(md).toContain(`| a \\|b ${'é'.repeat(25)}... |`)
  })
})

describe('what is recorded', () => {
  it('updates VX11’s tables in place: ids stay, other rows too', async () => {
    const db = database().open()
    await db.insert(copilotRuntimeServices).values([
      { id: 7, serviceName: 'madre', host: 'old-host', port: 1, status: 'down', createdAt: '2025-12-16 00:00:00' },
      { id: 9, serviceName: 'operator_backend', port: 8011, status: 'down' },
    ])
    await db.insert(moduleHealth).values({ id: 3, module: 'madre', status: 'ok', lastPing: 'before' })
    const gateway = vx11()
    await gateway.minute()
    await gateway.pass()
    const rows = await db.select().from(copilotRuntimeServices)
    expect(rows).toHaveLength(11)
    expect(rows.find(({ id }) => id === 7)).toMatchObject({
      serviceName: 'madre',
      host: 'madre.test',
      port: 8001,
      healthUrl: `${madre}/health`,
      status: 'OK',
      httpCode: 200,
      endpointOk: '/health',
      createdAt: '2025-12-16 00:00:00',
      checkedAt: '2027-01-15T08:01:00.000000',
      lastCheck: '2027-01-15 08:01:00',
    })
    expect(rows.find(({ id }) => id === 9)).toMatchObject({ serviceName: 'operator_backend', status: 'down' })
    const health = await db.select().from(moduleHealth).where(eq(moduleHealth.module, 'madre'))
    expect(health).toMatchObject([{ id: 3, status: 'ok', errorCount: 0, uptimeSeconds: 60 }])
    const [shub] = await db.select().from(moduleHealth).where(eq(moduleHealth.module, 'shubniggurath'))
    expect(shub).toMatchObject({ status: 'broken', errorCount: 2, uptimeSeconds: 0, lastPing: null })
    const statuses = await db.select().from(moduleStatus)
    expect(statuses).toHaveLength(10)
    expect(Object.fromEntries(statuses.map(({ moduleName, status }) => [moduleName, status]))).toMatchObject({
      madre: 'UP',
      switch: 'DISABLED',
      shubniggurath: 'DOWN',
      hermes: 'DISABLED',
    })
    expect(statuses[0]?.checkedAtUtc).toBe('20270115T080100Z')
  })

  it('keeps whatever a service says as text', async () => {
    const said = `'); drop table module_health; -- "$.x" \\ \u2028 \ud83d\ude00 {"a":1}`
    const gateway = vx11()
    const answer = { status: 200, headers: {}, body: new TextEncoder().encode(said) }
    gateway.network.answer(`${madre}/health`, answer)
    await gateway.minute()
    const row = eq(copilotRuntimeServices.serviceName, 'madre')
    const [stored] = await database().open().select().from(copilotRuntimeServices).where(row)
    expect(stored?.snippet).toBe(said)
    expect((await gateway.status('madre'))?.snippet).toBe(said)
    expect(await database().open().select().from(moduleHealth)).toHaveLength(10)
  })

  it('fills the columns that an older table has, and only those', async () => {
    const db = database().open()
    await db.run(sql`alter table copilot_runtime_services rename to wide_services`)
    await db.run(sql`create table copilot_runtime_services (id integer primary key, service_name text, host text,
      port integer, health_url text, status text, last_check timestamp, created_at timestamp)`)
    try {
      await db.run(sql`insert into copilot_runtime_services (id, service_name, status) values (5, 'madre', 'up')`)
      await vx11().minute()
      const rows = await db.all<Record<string, unknown>>(sql`select * from copilot_runtime_services order by id`)
      expect(rows).toHaveLength(10)
      expect(rows[0]).toMatchObject({ id: 5, service_name: 'madre', status: 'OK', port: 8001 })
      await db.run(sql`drop table copilot_runtime_services`)
      const without = vx11()
      await without.clock.advance(minuteMs)
      await without.minute()
      expect((await without.one('madre')).recent).toHaveLength(2)
    } finally {
      await db.run(sql`drop table if exists copilot_runtime_services`)
      await db.run(sql`alter table wide_services rename to copilot_runtime_services`)
    }
  })

  it('is done by one of several instances', async () => {
    // Without the app, whose type is too large for a list of them.
    const start = (seed: number) => {
      const { minute, one, network } = vx11({ random: fakeRandom(seed) })
      return { minute, one, network }
    }
    const gateways = [start(1), start(2), start(3)]
    await Promise.all(gateways.map(({ minute }) => minute()))
    expect((await gateways[0]?.one('madre'))?.recent).toHaveLength(1)
    const networks = gateways.map(({ network }) => network.exchanges)
    const asked = networks.map((exchanges) => exchanges.filter(({ url }) => url === `${madre}/health`).length)
    expect(asked.toSorted()).toEqual([0, 0, 1])
  })

  it('is left to the next one when whoever took the turn is gone', async () => {
    const store = truthStore(database())
    const gateway = vx11()
    const lost = gateway.clock.now() - 49_999
    expect(await store.takeTurn('killed', lost)).toBe(true)
    await gateway.minute()
    expect(gateway.network.exchanges).toEqual([])
    await gateway.clock.advance(1)
    await gateway.minute()
    expect((await gateway.one('madre')).recent).toHaveLength(1)
  })

  it('is refused to whoever comes back after its turn was given away', async () => {
    const store = truthStore(database())
    const round = { at: 1, services: [], reportPath: null }
    expect(await store.takeTurn('slow', 0)).toBe(true)
    expect(await store.takeTurn('next', 60_000)).toBe(true)
    expect(await store.save('slow', { ...round, at: 2 }, new Map(), [])).toBe(false)
    expect((await store.read([])).round).toBeNull()
    expect(await store.save('next', round, new Map(), [])).toBe(true)
    expect((await store.read([])).round).toEqual(round)
  })

  it('does not wait for a turn that a wrong clock took in the future', async () => {
    const store = truthStore(database())
    expect(await store.takeTurn('ahead', 10 * minuteMs)).toBe(true)
    expect(await store.takeTurn('right', 0)).toBe(true)
  })

  it('takes records of somebody else for none', async () => {
    const gateway = vx11()
    const db = database().open()
    for (const text of ['{', '[]', 'null', '{"at":"now","services":7}'])
      for (const key of ['gateway:truth:round', 'gateway:truth:service:madre', 'gateway:truth:hours:madre']) {
        await db.delete(systemState).where(eq(systemState.key, key))
        await db.insert(systemState).values({ key, value: text })
        expect((await gateway.read()).summary).toMatchObject({ total: 10, ok: 2 })
      }
  })

  it('is served by every instance, also after a restart', async () => {
    const first = vx11()
    await first.minute()
    const second = vx11()
    const report = await second.read()
    expect(report).toMatchObject({ age_s: 0, history_missing: null })
    expect(second.network.exchanges).toEqual([])
    await second.clock.advance(149_999)
    await second.read()
    expect(second.network.exchanges).toEqual([])
    await second.clock.advance(1)
    expect((await second.read()).age_s).toBe(0)
  })

  it('writes the report where there are files, and says where', async () => {
    const written: [string, string][] = []
    const reports: Deps['reports'] = {
      write: async (name, text) => {
        written.push([name, text])
        return `/data/reports/${name}`
      },
    }
    const gateway = vx11({ reports })
    await gateway.minute()
    expect(await gateway.read()).toMatchObject({ report_path: '/data/reports/VX11_RUNTIME_TRUTH_REPORT.md' })
    const served = await gateway.authorized('/operator/api/truth?format=md')
    expect(served.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    expect(await served.text()).toBe(written[0]?.[1])
    const rows = (written[0]?.[1] ?? '').split('\n').filter((line) => /^\|.*[✓✗]/.test(line))
    expect(rows).toEqual([
      expect.stringMatching(/^\| tentaculo_link \| 8000 \| ✓ OK \| 200 \| 0 \| \/health \| .* \|$/),
      expect.stringMatching(/^\| madre \| 8001 \| ✓ OK \| 200 \| 0 \| \/health \| \{"status":"ok"\} \|$/),
      '| shubniggurath | 8007 | ✗ BROKEN | — | — | — | — |',
    ])
    expect(written[0]?.[1]).toContain('- **OK:** 2/10')
    expect(await vx11().read()).toMatchObject({ report_path: '/data/reports/VX11_RUNTIME_TRUTH_REPORT.md' })
  })
})

describe('without the database', () => {
  const away: Deps['database'] = {
    open: () => {
      throw new Error('away')
    },
    ping: () => Promise.reject(new Error('away')),
    close: async () => {},
  }

  it('looks all the same, serves what it saw, and says that there is no history', async () => {
    const gateway = vx11({ database: away })
    await gateway.minute()
    const asked = gateway.network.exchanges.length
    const report = await gateway.read()
    expect(report).toMatchObject({ history_missing: 'database_unavailable', summary: { ok: 2, broken: 1 } })
    expect(report.services[0]).toMatchObject({ since: null, last_hour: null })
    expect(gateway.network.exchanges).toHaveLength(asked)
    expect(JSON.stringify(gateway.logLines)).toContain('truth_turn_unknown')
  })
})

describe('without a folder to write to', () => {
  it('records the round, and says that there is no report', async () => {
    const gateway = vx11({ reports: { write: () => Promise.reject(new Error('EROFS')) } })
    await gateway.minute()
    expect(await gateway.read()).toMatchObject({ report_path: null, history_missing: null })
    expect(JSON.stringify(gateway.logLines)).toContain('report_not_written')
  })
})

describe('history', () => {
  it('tells changes with their times, and availability and latency over an hour, a day and a week', async () => {
    const gateway = vx11()
    await gateway.minute()
    const shub = 'http://shub.test:8007/health'
    gateway.network.answer(shub, jsonAnswer({ status: 'ok' }))
    for (let i = 0; i < 3; i++) await gateway.pass()
    const report = await gateway.one('shub')
    expect(report.changes).toEqual([{ at: '2027-01-15T08:01:00.000Z', from: 'BROKEN', to: 'OK' }])
    expect(report.service).toMatchObject({
      service: 'shubniggurath',
      since: '2027-01-15T08:01:00.000Z',
      last_hour: { looks: 4, availability_pct: 75 },
      last_24_hours: { looks: 4, availability_pct: 75 },
      last_7_days: { looks: 4, availability_pct: 75, p50_ms: expect.any(Number) },
    })
    expect((await gateway.one('switch')).service.last_hour).toMatchObject({ looks: 4, availability_pct: null })
  })

  it('keeps the hours that are over, and writes them once an hour', { timeout: 30_000 }, async () => {
    const gateway = vx11()
    const hours = async () => {
      const key = systemState.key
      const [row] = await database().open().select().from(systemState).where(eq(key, 'gateway:truth:hours:madre'))
      return { at: row?.updatedAt, count: JSON.parse(row?.value ?? 'null')?.length }
    }
    await gateway.minute()
    await gateway.pass()
    expect(await hours()).toEqual({ at: '2027-01-15 08:00:00.000000', count: 0 })
    await gateway.clock.advance(60 * minuteMs)
    await gateway.minute()
    const after = await hours()
    expect(after).toEqual({ at: '2027-01-15 09:01:00.000000', count: 1 })
    await gateway.pass()
    expect(await hours()).toEqual(after)
    // A second instance reads the same, and loses none of it.
    const next = vx11()
    await next.clock.advance(63 * minuteMs)
    await next.minute()
    expect((await next.one('madre')).service.last_24_hours).toMatchObject({ looks: 5, availability_pct: 100 })
    expect(await hours()).toEqual(after)
  })

  it('tells that a service slows down, once, before it fails', { timeout: 30_000 }, async () => {
    const gateway = vx11()
    let ms = 100
    let asked = Promise.withResolvers<void>()
    gateway.network.answer(`${madre}/health`, async () => {
      const answered = gateway.clock.sleep(ms)
      asked.resolve()
      await answered
      return jsonAnswer({ status: 'ok' })
    })
    const minute = async () => {
      asked = Promise.withResolvers<void>()
      const done = gateway.minute()
      await asked.promise
      await gateway.clock.advance(ms)
      await done
      await gateway.clock.advance(minuteMs)
    }
    for (let i = 0; i < 40; i++) await minute()
    expect(gateway.announced).toEqual([])
    for (let i = 0; i < 20; i++) {
      ms += 20
      await minute()
    }
    expect(gateway.announced.filter(({ module }) => module === 'madre')).toEqual([
      {
        type: 'gateway.health.predicted',
        severity: 'warn',
        module: 'madre',
        summary: expect.stringContaining('madre answers ever more slowly'),
        payload: { service: 'madre', kind: 'latency', usual: 100, seen: expect.any(Number) },
      },
    ])
    expect((await gateway.one('madre')).service).toMatchObject({
      status: 'OK',
      prediction: { kind: 'latency', usual: 100 },
    })
  })
})

describe('the routes', () => {
  it('refuse what they do not know', async () => {
    const gateway = vx11()
    await expectProblem(await gateway.authorized('/operator/api/truth/nothing'), 'not_found')
    await expectProblem(await gateway.authorized('/operator/api/truth/__proto__'), 'not_found')
    await expectProblem(await gateway.authorized('/operator/api/truth?format=xml'), 'validation_error')
    expect(gateway.network.exchanges).toEqual([])
  })
})
