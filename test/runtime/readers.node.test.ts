/** Readers of a history on a database file, all at once: each gets all of it, and nobody else waits for them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { fastReader, seedEvents } from '../support/event-readers.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'

const events = 5000
const headers = { 'x-vx11-token': token }

let folder: string
let gateway: Gateway
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readers-'))
  const path = join(folder, 'vx11.db')
  await migrateDatabase({ url: `file:${path}` })
  await seedEvents(path, events, 'seed')
  gateway = await startNodeGateway({
    ...{ VX11_DATABASE_URL: `file:${path}`, VX11_RATE_LIMIT_ENABLED: 'false', VX11_EVENT_STREAMS: '100' },
    LOG_LEVEL: 'warn',
  })
})
afterAll(async () => {
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
})

it('get every event once and in order, with and without filters, while events are stored and /livez answers', async () => {
  const open = (query: string) => Array.from({ length: 4 }, () => fastReader(gateway.url, query, headers))
  const whole = open('last_event_id=0')
  const severe = open('last_event_id=0&severity=info')
  const none = open('last_event_id=0&type=none')
  const all = [...whole, ...severe, ...none]
  const isDone = () => [...whole, ...severe].every((reader) => reader.last() >= events)
  let answered = 0
  while (!isDone()) {
    const body = JSON.stringify({ source: 'test', type: 'test', payload: {} })
    const answers = await Promise.all([
      fetch(`${gateway.url}/livez`),
      gateway.fetch('/events/ingest', { method: 'POST', body }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    answered++
    await wait(10)
  }
  for (const reader of all) reader.leave()
  expect(all.map((reader) => reader.status())).toEqual(all.map(() => 200))
  expect([...whole, ...severe].filter((reader) => !reader.gapless())).toEqual([])
  expect(none.map((reader) => reader.count())).toEqual([0, 0, 0, 0])
  expect(answered).toBeGreaterThan(1)
})
