/** A process that is killed in the middle of deleting a long conversation: it is gone at once, and whole afterwards. */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createClient } from '@libsql/client/sqlite3'
import { expect, it } from 'vitest'
import { fileDatabase } from '../../src/adapters/libsql/file.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { parseConfig } from '../../src/config/config.ts'
import { sessionRetention } from '../../src/features/sessions/retention.ts'
import { firstIdOf } from '../../src/modules/chat/exchanges/message-ids.ts'
import { silent } from '../support/event-log.ts'
import { startNodeGateway } from '../support/gateways.ts'

/** What each instance does once an hour, and first within a minute of its start. */
async function finishDeletions(file: string): Promise<void> {
  const database = await fileDatabase(`file:${file}`)
  const config = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'a-token-for-tests' })
  await sessionRetention({ clock: systemClock(), config, database, log: silent })()
  await database.close()
}

const messages = 200_000
const title = 'long'

/** Of another conversation, which stays. */
const others = 500

it('a deletion that was killed is finished after the restart, and shows nothing meanwhile', async () => {
  const gateway = await startNodeGateway({ VX11_RATE_LIMIT_ENABLED: 'false' })
  try {
    const file = join(gateway.folder, 'data/vx11.db')
    const client = createClient({ url: `file:${file}` })
    const principal = ((await (await gateway.fetch('/operator/api/whoami')).json()) as { name: string }).name
    for (const [row, name, count] of [
      [1, title, messages],
      [2, 'other', others],
    ] as const) {
      await client.execute({
        sql: `INSERT INTO operator_session (id, session_id, user_id, source, created_at, updated_at)
              VALUES (?, ?, ?, 'api', datetime('now'), datetime('now'))`,
        args: [row, name, principal],
      })
      await client.execute({
        sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
              INSERT INTO operator_message (id, session_id, role, content, created_at)
              SELECT ? + i, ?, 'user', 'message ' || i, datetime('now') FROM n`,
        args: [count, firstIdOf(row), name],
      })
    }
    const left = async (name: string) => {
      const sql = 'SELECT count(*) AS rows FROM operator_message WHERE session_id = ?'
      return Number((await client.execute({ sql, args: [name] })).rows[0]?.rows)
    }
    const shown = async (name: string) => (await gateway.fetch(`/operator/session/${name}`)).status
    expect([await shown(title), await shown('other')]).toEqual([200, 200])

    const answer = gateway.fetch(`/operator/session/${title}`, { method: 'DELETE' }).catch(() => null)
    // The client is synchronous: without a turn of the loop the request would not leave.
    while ((await left(title)) === messages) await setTimeout(1)
    await gateway.restart('SIGKILL')
    await answer
    const atKill = await left(title)
    expect(atKill).toBeGreaterThan(0)
    expect(atKill).toBeLessThan(messages)

    expect([await shown(title), await shown('other')]).toEqual([404, 200])
    await finishDeletions(file)
    expect(await left(title)).toBe(0)
    const { rows } = await client.execute('SELECT session_id FROM operator_session')
    expect(rows.map(({ session_id }) => session_id)).toEqual(['other'])
    expect(await left('other')).toBe(others)
    client.close()
  } finally {
    await gateway.stop()
  }
})
