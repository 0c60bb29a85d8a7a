/**
 * A gateway that is killed at random moments while it stores events, KILLS times (100): every acknowledged event is there
 * exactly once, the ledger's chain holds, and a reader that comes back with its last id sees each event once. Then two
 * gateways whose Redis dies or freezes at random moments, OUTAGES times (30): readers of both miss nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileDatabase } from '../../src/adapters/libsql/file.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { remoteDatabase } from '../../src/adapters/libsql/remote.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { Db } from '../../src/db/database.ts'
import { checkLedger } from '../../src/modules/events/store/ledger.ts'
import { type Acknowledged, follower, postEvents, tellAll } from '../support/event-load.ts'
import { startNodeGateway } from '../support/gateways.ts'
import { startRedis } from '../support/redis.ts'
import { startSqld } from '../support/sqld.ts'

const kills = Number(process.env.KILLS ?? 100)
const outages = Number(process.env.OUTAGES ?? 30)
const clients = 16
/** When the first requests of a fresh process have come and when many have. */
const latestKillMs = 400
/** Until long after the feeds have looked into the database by themselves, which they do once a second. */
const maxOutageMs = 2500

describe(`a gateway that is killed ${kills} times while it stores`, () => {
  let folder: string
  let url: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'events-prove-'))
    url = `file:${join(folder, 'vx11.db')}`
    await migrateDatabase({ url })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('has every acknowledged event once, in an intact chain, and told each once', async () => {
    const acknowledged: Acknowledged[] = []
    const reading = follower()
    let names = 0
    const start = () =>
      startNodeGateway({ VX11_DATABASE_URL: url, VX11_RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'error' })
    for (let kill = 0; kill < kills; kill++) {
      const gateway = await start()
      const followed = reading.follow(gateway.url)
      let dead = false
      const posting = Array.from({ length: clients }, () =>
        postEvents(
          gateway.url,
          () => `event-${names++}`,
          () => dead,
          (event) => acknowledged.push(event),
        ),
      )
      await wait(Math.random() * latestKillMs)
      dead = gateway.process.kill('SIGKILL')
      await Promise.all([...posting, followed])
      await gateway.stop()
    }

    const database = await fileDatabase(url)
    const rows = await database
      .open()
      .all<{ id: number; name: string }>(sql`select id, payload->>'name' as name from events where event_type = 'load'`)
    const stored = new Map(rows.map(({ id, name }) => [id, name]))
    const lost = acknowledged.filter(({ id, name }) => stored.get(id) !== name)
    const storedNames = rows.map(({ name }) => name)
    const counts = await database.open().all(sql`select (select count(*) from events) as events,
      (select count(*) from forensic_ledger) as ledger, (select count(*) from operator_events) as operator`)
    const broken = await brokenLink(database.open())
    await database.close()

    const gateway = await start()
    const followed = reading.follow(gateway.url)
    const last = Math.max(...stored.keys())
    await expect.poll(() => reading.ids.at(-1) ?? 0, { timeout: 30_000 }).toBeGreaterThanOrEqual(last)
    await gateway.stop()
    await followed
    const first = reading.ids[0] ?? 0
    const told = reading.ids.filter((id) => stored.has(id))
    const missed = [...stored.keys()].filter((id) => id >= first && !told.includes(id))
    process.stdout.write(
      `${kills} kills: ${acknowledged.length} events acknowledged, ${stored.size} stored, ${lost.length} lost, ` +
        `${told.length} told, ${missed.length} missed, ${told.length - new Set(told).size} told twice\n`,
    )

    expect(lost).toEqual([])
    expect(new Set(storedNames).size).toBe(storedNames.length)
    expect(counts).toMatchObject([{ events: expect.any(Number) }])
    const [{ events, ledger, operator }] = counts as [Record<string, number>]
    expect([ledger, operator]).toEqual([events, events])
    expect(broken).toBeNull()
    expect(missed).toEqual([])
    expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b))
  })
})

describe(`two gateways whose Redis is away ${outages} times while they store`, () => {
  it('tell readers of both every event, once and in one order', async ({ skip }) => {
    const [redis, sqld] = await Promise.all([startRedis(), startSqld()])
    if (!redis || !sqld) return skip()
    await migrateDatabase(sqld)
    const env = { VX11_REDIS_URL: redis.url, VX11_DATABASE_URL: sqld.url }
    const start = () => startNodeGateway({ ...env, VX11_RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'error' })
    const gateways = await Promise.all([start(), start()])
    for (const { url } of gateways) await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200)
    const { acknowledged, told } = await tellAll(
      gateways.map(({ url }) => url),
      clients / 2,
      async (load) => {
        for (let outage = 0; outage < outages; outage++) {
          const [away, back] = outage % 2 === 0 ? [redis.kill, redis.start] : [redis.freeze, redis.thaw]
          await away()
          await wait(Math.random() * maxOutageMs)
          await load.more(1)
          // Now and then readers have nothing but the database.
          if (outage % 3 === 0) await load.told()
          await back()
          await wait(Math.random() * maxOutageMs)
          await load.more(1)
        }
      },
    )
    const broken = await brokenLink(remoteDatabase(sqld).open())
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    await Promise.all([redis.stop(), sqld.stop()])
    const last = told[0]?.at(-1) ?? 0
    process.stdout.write(
      `${outages} outages: ${acknowledged.length} events acknowledged, ${last} stored, told ${told.map(({ length }) => length).join(' and ')}\n`,
    )

    // Ids have no gaps, so that every one of them is an event.
    const all = Array.from({ length: last }, (_, index) => index + 1)
    expect(told).toEqual([all, all])
    expect(new Set(acknowledged.map(({ id }) => id)).size).toBe(acknowledged.length)
    expect(broken).toBeNull()
  })
})

/** The first in the whole ledger, or null. */
async function brokenLink(db: Db) {
  const page = (from: number) => checkLedger(db, { from, to: Number.MAX_SAFE_INTEGER, limit: 5000 }, systemClock())
  let report = await page(1)
  while (report.next !== null && !report.broken) report = await page(report.next)
  return report.broken
}
