/** What a page of a long history costs, by the rows that are read for it. */
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { readEvents } from '../../../src/modules/events/stream/reader.ts'
import type { EventQuery } from '../../../src/ports/index.ts'
import { countingDatabase } from '../../support/rows-read.worker.ts'

const events = 40_000
const maxIds = 1000
const database = testDatabase()

beforeAll(async () => {
  const numbers = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${events})`
  const db = database().open()
  await db.run(sql`${numbers} insert into events (id, source, event_type, payload, created_at)
    select i, 'seed', 'seed', '{}', '2026-11-01 00:00:00.000000' from n`)
  await db.run(sql`${numbers} insert into operator_events (event_id, ts, event_type, severity, module, summary)
    select printf('evt_%012x', i), '2026-11-01 00:00:00.000000', 'status', 'info', 'spawner', 'an event' from n`)
})

async function rowsReadFor(query: Partial<EventQuery>): Promise<number> {
  const { database, rowsRead } = countingDatabase(env.DB)
  const bounds = { limit: 500, maxIds, order: 'oldest_first' } as const
  await readEvents(database.open(), { ...bounds, ...query })
  return rowsRead()
}

describe.each(['oldest_first', 'newest_first'] as const)('a page, %s', (order) => {
  const start = order === 'oldest_first' ? { after: 0 } : { before: events + 1 }

  it.each([
    {},
    { types: ['none'] },
    { severities: ['info' as const] },
    { severities: ['crit' as const] },
    { module: 'none' },
    { correlationId: 'none' },
    { types: ['none'], severities: ['info' as const], module: 'spawner' },
  ])('with %j reads some rows for each id that it covers, however many events there are', async (filter) => {
    const rows = await rowsReadFor({ ...start, ...filter, order })
    expect(rows).toBeGreaterThan(1)
    expect(rows).toBeLessThan(maxIds * 6)
  })
})
