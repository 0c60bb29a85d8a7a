/** The database at a glance: what is counted, how old it is, and what happens when it is away. */
import { like, sql } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { MaintenanceRecord, maintenanceKey } from '../../src/db/maintenance/record.ts'
import { writeRecords } from '../../src/db/records.ts'
import { systemState } from '../../src/db/schema/madre.ts'
import { spawns } from '../../src/db/schema/spawner.ts'
import { routingEvents } from '../../src/db/schema/switch.ts'
import { DatabaseSummary } from '../../src/features/database/schema.ts'
import { maxCount } from '../../src/features/database/store.ts'
import { countRules, rowCounter } from '../../src/modules/database-health/row-counts.ts'
import type { Deps } from '../../src/ports/index.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()
beforeEach(async () => {
  const db = database().open()
  await db.batch([
    db.delete(systemState).where(like(systemState.key, 'gateway:%')),
    db.delete(spawns),
    db.delete(routingEvents),
  ])
})

const start = (deps: Partial<Deps> = {}) => {
  const gateway = testApp({ deps: { database: database(), ...deps } })
  const read = async () => v.parse(DatabaseSummary, await (await gateway.authorized('/vx11/db/summary')).json())
  return { ...gateway, read }
}

/** In one statement, so that a large table costs no time. */
const addRoutes = (rows: number) =>
  database()
    .open()
    .run(sql`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.raw(String(rows))})
    insert into routing_events (trace_id, route_type, provider_id, timestamp)
    select 'trace-' || i, 'cli', 'p', '2026-01-01 00:00:00' from n`)

/** Counts in the background, however often it pauses. */
async function count(gateway: ReturnType<typeof start>): Promise<void> {
  let done = false
  const counting = rowCounter(gateway.deps)().then(() => {
    done = true
  })
  while (!done) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    await gateway.clock.advance(countRules.pauseMs)
  }
  await counting
}

describe('GET /vx11/db/summary', () => {
  it('counts short tables now, and shows the newest spawns and routes', async () => {
    const db = database().open()
    for (const i of [1, 2, 3, 4, 5, 6])
      await db.insert(spawns).values({ uuid: `u-${i}`, name: 'n', cmd: 'c', createdAt: `2026-01-0${i} 00:00:00` })
    await addRoutes(2)
    const summary = await start().read()
    expect(summary.counts).toEqual({
      spawns: 6,
      tasks: 0,
      routing_events: 2,
      cli_providers: 0,
      cli_usage_stats: 0,
      daughters: 0,
      daughter_tasks: 0,
      daughter_attempts: 0,
    })
    expect(summary.counted_at).toEqual({})
    expect(summary.last_spawns.map(({ uuid }) => uuid)).toEqual(['u-6', 'u-5', 'u-4', 'u-3', 'u-2'])
    expect(summary.last_spawns[0]).toMatchObject({ created_at: '2026-01-06T00:00:00.000Z' })
    const newest = { trace_id: 'trace-2', route_type: 'cli', provider_id: 'p', created_at: '2026-01-01T00:00:00.000Z' }
    expect(summary.last_routing_events[0]).toMatchObject(newest)
  })

  it('says what was never measured, and why', async () => {
    const summary = await start().read()
    expect(summary.database).toMatchObject({
      tables: 88,
      rows: null,
      rows_counted_at: null,
      integrity: null,
      unmeasured: { rows: 'not_counted_yet', integrity: 'no_maintenance_yet' },
    })
    expect(summary.database.size_bytes).toBeGreaterThan(100_000)
  })

  it('shows a long table as it was counted in the background, with the moment of the count', async () => {
    await addRoutes(maxCount + 1)
    const gateway = start()
    expect((await gateway.read()).counts.routing_events).toBeNull()
    await count(gateway)
    const at = gateway.clock.now()
    await gateway.clock.advance(60_000)
    const summary = await gateway.read()
    expect(summary.counts.routing_events).toBe(maxCount + 1)
    const counted = Date.parse(summary.counted_at.routing_events ?? '')
    expect(at - counted).toBeLessThanOrEqual(countRules.pauseMs)
    expect(summary.database.rows).toBeGreaterThan(maxCount)
    expect(summary.database.rows_counted_at).toBe(summary.counted_at.routing_events)
  })

  it('shows what the last maintenance run found, and when', async () => {
    const record = v.parse(MaintenanceRecord, {
      startedAt: 1,
      finishedAt: Date.parse('2027-01-14T00:00:00Z'),
      ok: true,
      quickCheck: 'ok',
      integrityCheck: null,
      foreignKeyViolations: 0,
      backup: null,
    })
    await writeRecords(database().open(), { [maintenanceKey]: JSON.stringify(record) }, 0)
    const { database: health } = await start().read()
    expect(health).toMatchObject({ integrity: 'ok', integrity_checked_at: '2027-01-14T00:00:00.000Z' })
  })

  it('answers 503 while the database is away', async () => {
    const away: Deps['database'] = {
      open: () => {
        throw new Error('secret parameters', { cause: new Error('disk I/O error') })
      },
      ping: async () => {},
      close: async () => {},
    }
    const gateway = start({ database: away })
    await expectProblem(await gateway.authorized('/vx11/db/summary'), 'database_unavailable')
    expect(JSON.stringify(gateway.logLines)).toContain('disk I/O error')
    expect(JSON.stringify(gateway.logLines)).not.toContain('secret')
  })
})

describe('the background count', () => {
  it.each([countRules.rowsAtOnce - 1, countRules.rowsAtOnce, countRules.rowsAtOnce * 2 + 1])(
    'is exact for %i rows',
    async (rows) => {
      await addRoutes(rows)
      const gateway = start()
      await count(gateway)
      expect((await gateway.read()).database.rows).toBeGreaterThanOrEqual(rows)
      const [record] = await database().open().select().from(systemState).where(like(systemState.key, '%row_counts'))
      expect(JSON.parse(record?.value ?? '').tables).toMatchObject({ routing_events: rows, spawns: 0 })
    },
  )

  it('is made by one of several instances, and again after an hour', async () => {
    const [first, second] = [start(), start()]
    await count(first)
    await addRoutes(10)
    await count(second)
    await second.clock.advance(countRules.everyMs - 10_000)
    await count(second)
    const routes = async () => {
      const [record] = await database().open().select().from(systemState).where(like(systemState.key, '%row_counts'))
      return JSON.parse(record?.value ?? '').tables.routing_events
    }
    expect(await routes()).toBe(0)
    await second.clock.advance(10_000)
    await count(second)
    expect(await routes()).toBe(10)
  })
})
