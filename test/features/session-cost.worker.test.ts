/** What a page of a long conversation costs, by the rows that are read for it. */
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { sessionStore } from '../../src/features/sessions/session-store.ts'
import { firstIdOf } from '../../src/modules/chat/exchanges/message-ids.ts'
import { countingDatabase } from '../support/rows-read.worker.ts'

const messages = 20_000
const session = { row: 1, sessionId: 'long', createdAt: null, updatedAt: null }
const middle = firstIdOf(1) + messages / 2
const database = testDatabase()

beforeAll(async () => {
  const db = database().open()
  await db.run(sql`insert into operator_session (id, session_id, user_id, source) values (1, 'long', 'link', 'api')`)
  await db.run(sql`insert into operator_message (id, session_id, role, content)
    with recursive n(i) as (select 0 union all select i + 1 from n where i < ${messages - 1})
    select ${firstIdOf(1)} + i, 'long', 'user', 'line' from n`)
})

it.each(['messagesAfter', 'messagesBefore'] as const)('%s reads the rows of its page alone', async (direction) => {
  const counting = countingDatabase(env.DB)
  const page = await sessionStore(counting.database)[direction](session, middle, 100)
  expect(page).toHaveLength(100)
  expect(counting.rowsRead()).toBeLessThan(300)
})
