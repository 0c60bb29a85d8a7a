/** Fills a database file with events, and reads the stream as fast as it comes, without a look at the events themselves. */
import { Agent, request } from 'node:http'
import { createClient } from '@libsql/client/sqlite3'

const insertedAtOnce = 50_000

/** Numbered 1 to `count`, all of this type, a day old. What a commit adds goes on behind them. */
export async function seedEvents(path: string, count: number, type: string): Promise<void> {
  const client = createClient({ url: `file:${path}` })
  try {
    for (let from = 1; from <= count; from += insertedAtOnce) {
      const until = Math.min(count, from + insertedAtOnce - 1)
      const numbers = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${until})`
      const at = "strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 day')"
      await client.batch(
        [
          `${numbers} INSERT INTO events (id, source, event_type, payload, created_at)
             SELECT i, 'seed', '${type}', json_object('name', 'event ' || i, 'text', hex(zeroblob(60))), ${at} FROM n`,
          `${numbers} INSERT INTO operator_events (event_id, ts, event_type, severity, summary)
             SELECT printf('evt_%012x', i), ${at}, 'status', 'info', 'an event' FROM n`,
        ],
        'write',
      )
    }
  } finally {
    client.close()
  }
}

export interface FastReader {
  /** Events that came so far. */
  count(): number
  /** The id of the last block. */
  last(): number
  /** True while each block's events follow the one before, with no gap; of an unfiltered stream. */
  gapless(): boolean
  status(): number | undefined
  closed: Promise<void>
  leave(): void
}

export function fastReader(url: string, query: string, headers: Record<string, string>): FastReader {
  const agent = new Agent({ maxSockets: 1 })
  const state = { count: 0, last: 0, gapless: true, status: undefined as number | undefined }
  let rest = ''
  const take = (text: string) => {
    rest += text
    const end = rest.lastIndexOf('\n\n')
    if (end < 0) return
    for (const [, id] of rest.slice(0, end).matchAll(/"stream_id":(\d+)/g)) {
      state.count++
      if (Number(id) !== state.last + 1) state.gapless = false
      state.last = Number(id)
    }
    rest = rest.slice(end)
  }
  const asking = request(`${url}/operator/api/events/stream?${query}`, { agent, headers })
  const closed = new Promise<void>((resolve) => {
    asking.on('response', (response) => {
      state.status = response.statusCode
      response
        .setEncoding('utf8')
        .on('data', take)
        .on('close', resolve)
        .on('error', () => {})
    })
    asking.on('error', () => resolve())
  })
  asking.end()
  return {
    count: () => state.count,
    last: () => state.last,
    gapless: () => state.gapless,
    status: () => state.status,
    closed,
    leave: () => asking.destroy(),
  }
}
