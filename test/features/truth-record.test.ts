/** What is kept of a look at the ten services, where there is a place for it; on both databases. */
import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { copilotRuntimeServices } from '../../src/db/schema/copilot-tooling.ts'
import { moduleHealth, moduleStatus, systemState } from '../../src/db/schema/madre.ts'
import { truthStore } from '../../src/features/truth/store.ts'
import type { Deps } from '../../src/ports/index.ts'
import { fakeRandom } from '../support/fake-random.ts'
import { madre, minuteMs, truthApps } from '../support/truth-app.ts'

const { database, vx11 } = truthApps()

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
