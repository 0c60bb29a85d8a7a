/** Work over many rows of a database file: in pages, with turns of the event loop between, and no page of megabytes. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { readTimeline } from '../../../src/features/correlations/service.ts'
import { readGraph } from '../../../src/features/debug/service.ts'
import { listEvents } from '../../../src/features/events/list.ts'
import { exported } from '../../../src/features/sessions/export.ts'
import { sessionStore } from '../../../src/features/sessions/session-store.ts'
import { storedMoment } from '../../../src/lib/moment-forms.ts'
import { firstIdOf } from '../../../src/modules/chat/exchanges/message-ids.ts'
import { forgetKeys } from '../../../src/modules/events/store/idempotency.ts'
import type { EventLog } from '../../../src/ports/index.ts'
import { databaseFile } from '../../support/database-file.ts'
import { silent, someEvent, testEventLog } from '../../support/event-log.ts'

const file = databaseFile()
const db = () => file().database.open()
const clock = systemClock()

const numbers = (count: number) =>
  sql`with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`

/** Turns of the event loop while it is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let over = false
  const turn = () => {
    turns++
    if (!over) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  over = true
  return turns
}

describe('20,000 rows of a database file', () => {
  it('are exported as messages, a hundred to a turn', async () => {
    await db().run(sql`insert into operator_session (session_id, user_id, source) values ('long', 'somebody', 'web')`)
    const session = await sessionStore(file().database).find('somebody', 'long')
    if (!session) throw new Error('no session')
    await db().run(sql`${numbers(20_000)} insert into operator_message (id, session_id, role, content)
      select ${firstIdOf(session.row)} + i, 'long', 'user', 'message ' || i || ';' from n`)
    const pieces: string[] = []
    const turns = await turnsDuring(async () => {
      const text = exported(sessionStore(file().database), session, { principal: 'somebody', format: 'markdown' })
      for await (const piece of text) pieces.push(piece)
    })
    const told = [...pieces.join('').matchAll(/message (\d+);/g)].map(([, number]) => Number(number))
    expect(told).toEqual(Array.from({ length: 20_000 }, (_, index) => index))
    expect(turns).toBeGreaterThan(200)
  })

  it('are forgotten as idempotency keys, a thousand to a turn', async () => {
    const old = storedMoment(clock.now() - 25 * 3_600_000)
    await db().run(sql`${numbers(20_000)} insert into operator_jobs (job_id, intent, status, created_at)
      select 'key-' || i, 'gateway:append', 'done', ${old} from n`)
    const turns = await turnsDuring(() => forgetKeys({ database: file().database, clock, log: silent }))
    expect(await db().all(sql`select count(*) as kept from operator_jobs`)).toEqual([{ kept: 0 }])
    expect(turns).toBeGreaterThanOrEqual(20)
  })
})

describe('large events', () => {
  const count = 700
  const text = 'x'.repeat(16_384)
  const large = Array.from({ length: count }, (_, index) =>
    someEvent({ type: 'system.alert', payload: { alert_id: `a${index}`, text }, correlationId: 'c' }),
  )
  beforeEach(async () => {
    for (const table of ['events', 'operator_events', 'forensic_ledger'])
      await db().run(sql.raw(`delete from ${table}`))
  })

  /** Remembers how large the pages are. */
  function measured() {
    const events = testEventLog({ database: file().database, clock })
    const pages: number[] = []
    const read: EventLog['read'] = async (query) => {
      const page = await events.read(query)
      pages.push(JSON.stringify(page.events).length)
      return page
    }
    return { events: { ...events, read }, pages }
  }

  const isBounded = (pages: readonly number[]) => {
    expect(pages.length).toBeGreaterThan(1)
    expect(Math.max(...pages)).toBeLessThan(1.5 * 2 ** 20)
  }

  it('are drawn as a graph, listed and put on a timeline page by page', async () => {
    const { events, pages } = measured()
    await events.append(large)
    const graph = await readGraph({ clock, events })
    expect([graph.graph.total_nodes, graph.truncated]).toEqual([500, true])
    isBounded(pages.splice(0))
    const reader = { name: 'somebody', scopes: ['operator'] } as const
    const timeline = await readTimeline({ database: file().database }, 'c', reader)
    expect(timeline.entries).toHaveLength(500)
    const query = { limit: 600, offset: 0, hours_back: 1 } as Parameters<typeof listEvents>[1]
    expect((await listEvents({ clock, events }, query)).events).toHaveLength(600)
    isBounded(pages)
  })

  it('are answered whole to a request that comes again', async () => {
    const { events } = measured()
    const once = { key: 'large', request: 'the same' }
    const first = await events.append(large, once)
    const again = await testEventLog({ database: file().database, clock }).append(large, once)
    expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id))
  })
})
