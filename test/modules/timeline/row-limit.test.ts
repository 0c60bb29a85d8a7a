import { sql } from 'drizzle-orm'
import { beforeEach, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { readConfiguration } from '../../../src/config/config.ts'
import type { Database } from '../../../src/db/database.ts'
import { idsAtOnce, rowLimit } from '../../../src/modules/timeline/row-limit.ts'
import { silent } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { testEnvironment } from '../../support/test-app.ts'

const database = testDatabase()
const maxRows = 1000

beforeEach(async () => {
  await database().open().run(sql`delete from routing_events`)
})

function limit(over: Database = database(), log = silent) {
  const clock = { ...fakeClock(), sleep: async () => {} }
  const { config } = readConfiguration({ ...testEnvironment, VX11_TIMELINE_ROWS: String(maxRows) })
  return rowLimit({ clock, config, database: over, log })
}

const fill = (count: number, type: string) =>
  database()
    .open()
    .run(sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
    insert into routing_events (trace_id, route_type, provider_id) select 'c', ${type}, 'p' from n`)

const counts = async () => {
  const rows = await database()
    .open()
    .all<{ type: string; count: number }>(
      sql`select route_type as type, count(*) as count from routing_events group by 1`,
    )
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]))
}

it('deletes the oldest records of the gateway beyond the limit, and none of others', async () => {
  await fill(idsAtOnce + 500, 'gateway')
  await fill(30, 'cli')
  await fill(400, 'proxy')
  await fill(400, 'gateway_failed')
  await fill(400, 'gateway_trace')
  await limit()()
  expect(await counts()).toEqual({ cli: 30, proxy: 200, gateway_failed: 400, gateway_trace: 400 })
})

it('deletes nothing below the limit, and goes on as records come', async () => {
  const limitRows = limit()
  await fill(maxRows, 'gateway')
  await limitRows()
  expect(await counts()).toEqual({ gateway: maxRows })
  await fill(10, 'gateway_slow')
  await limitRows()
  await limitRows()
  expect(await counts()).toEqual({ gateway: maxRows - 10, gateway_slow: 10 })
})

it('is at peace with an empty table', async () => {
  await limit()()
  expect(await counts()).toEqual({})
})

it('says that the database refused, and hurts nobody', async () => {
  const warnings: unknown[] = []
  const broken: Database = {
    ...database(),
    open: () => {
      throw new Error('disk full')
    },
  }
  await limit(broken, { ...silent, warn: (event, fields) => void warnings.push([event, fields]) })()
  expect(warnings).toEqual([['timeline_not_limited', { reason: 'Error: disk full' }]])
})
