import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { unlinkedHash } from '../../../src/lib/hash-chain.ts'
import { checkLedger } from '../../../src/modules/events/store/ledger.ts'
import { someEvent, testEventLog } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { testApp } from '../../support/test-app.ts'

const database = testDatabase()
const run = (statement: ReturnType<typeof sql>) => database().open().run(statement)
const append = (count: number) =>
  testEventLog({ database: database(), clock: fakeClock() }).append(Array.from({ length: count }, () => someEvent()))
const original = (event: string, payload: string) =>
  run(
    sql`insert into forensic_ledger (event, payload, hash) values (${event}, ${payload}, ${unlinkedHash(event, payload)})`,
  )

const check = (range: { from?: number; to?: number; limit?: number } = {}) =>
  checkLedger(database().open(), { from: 1, to: Number.MAX_SAFE_INTEGER, limit: 5000, ...range }, fakeClock())

beforeEach(async () => {
  for (const table of ['events', 'forensic_ledger', 'operator_events'])
    await run(sql`delete from ${sql.identifier(table)}`)
})

describe('the ledger', () => {
  it('is intact when nothing was written', async () => {
    expect(await check()).toEqual({ first: null, last: null, linked: 0, unlinked: 0, broken: null, next: null })
  })

  it('is intact when nobody touched it, behind rows of the original', async () => {
    await original('crash', '{"module":"madre"}')
    await original('crash:again', 'text')
    await append(3)
    await append(2)
    expect(await check()).toMatchObject({ first: 1, last: 7, linked: 5, unlinked: 2, broken: null, next: null })
  })

  it.each([
    ['an event’s name changed', sql`update forensic_ledger set event = 'x' where id = 3`, 3],
    [
      'a payload changed',
      sql`update forensic_ledger set payload = replace(payload, 'spawn-1', 'spawn-2') where id = 2`,
      2,
    ],
    ['a hash changed', sql`update forensic_ledger set hash = hash || '0' where id = 1`, 1],
    ['a row was taken out', sql`delete from forensic_ledger where id = 3`, 4],
    [
      'two rows changed places',
      sql`update forensic_ledger set id = case id when 2 then 103 when 3 then 2 end where id in (2, 3)`,
      2,
    ],
    ['a row was put in', sql`insert into forensic_ledger values (6, 'x', '{}', ${unlinkedHash('x', '{}')}, null)`, 6],
    ['the last rows were cut off', sql`delete from forensic_ledger where id > 3`, 4],
    ['everything was cut off', sql`delete from forensic_ledger`, 1],
  ])('names the first broken link when %s', async (_what, statement, id) => {
    await append(5)
    expect(await check()).toMatchObject({ broken: null })
    await run(statement)
    expect((await check()).broken?.id).toBe(id)
  })

  it('covers a long payload that is stored in events only', async () => {
    const events = testEventLog({ database: database(), clock: fakeClock() })
    const payload = { text: 'é"'.repeat(30_000), n: 1 }
    const short = { text: 'x'.repeat(900) }
    await events.append([someEvent({ payload }), someEvent({ payload: short }), someEvent({ payload })])
    const bytes = sql`sum(octet_length(payload))`
    const [stored] = await database()
      .open()
      .all<{ once: number; ledger: number; filed: number }>(sql`select
      (select ${bytes} from events) as once, (select ${bytes} from forensic_ledger) as ledger,
      (select sum(coalesce(octet_length(payload_json), 0)) from operator_events) as filed`)
    expect(stored?.once).toBeGreaterThan(180_000)
    expect((stored?.ledger ?? 0) + (stored?.filed ?? 0)).toBeLessThan(4000)
    expect((await events.read({ limit: 3, order: 'oldest_first' })).events[2]?.payload).toEqual(payload)
    expect(await check()).toMatchObject({ linked: 3, broken: null })

    await run(sql`update events set payload = replace(payload, '"n":1', '"n":2') where id = 3`)
    expect(await check()).toMatchObject({ broken: { id: 3, fault: 'payload_mismatch' } })
    await run(sql`delete from events where id = 3`)
    expect((await check({ to: 3 })).broken).toBeNull()
    await run(
      sql`update forensic_ledger set payload = replace(payload, '"payload_sha256":"', '"payload_sha256":"0') where id = 1`,
    )
    expect(await check()).toMatchObject({ broken: { id: 1, fault: 'hash_mismatch' } })
  })

  it('does not take a payload for a reference to one', async () => {
    const events = testEventLog({ database: database(), clock: fakeClock() })
    await events.append([someEvent({ payload: { payload_sha256: '0'.repeat(64) } })])
    expect(await check()).toMatchObject({ linked: 1, broken: null })
  })

  it('does not take a changed row of its own for one of the original', async () => {
    await append(3)
    await run(
      sql`update forensic_ledger set event = 'x', payload = '{}', hash = ${unlinkedHash('x', '{}')} where id = 2`,
    )
    expect(await check()).toMatchObject({ broken: { id: 2, fault: 'hash_mismatch' } })
  })

  it('goes on from what is left when its beginning was archived', async () => {
    await append(5)
    await run(sql`delete from forensic_ledger where id < 3`)
    expect(await check()).toMatchObject({ first: 3, last: 5, linked: 2, unlinked: 1, broken: null })
  })

  it('is checked in stretches, each on the row before it', async () => {
    await original('crash', '{}')
    await append(6)
    expect(await check({ limit: 3 })).toMatchObject({ last: 3, linked: 2, unlinked: 1, next: 4 })
    expect(await check({ from: 4, limit: 3 })).toMatchObject({ first: 4, last: 6, linked: 3, next: 7 })
    expect(await check({ from: 7, limit: 3 })).toMatchObject({ linked: 1, next: null })
    expect(await check({ from: 2, to: 3 })).toMatchObject({ first: 2, last: 3, linked: 2, unlinked: 0, next: null })
  })

  it('is one chain also where it is read in several pieces', async () => {
    await append(1001)
    expect(await check()).toMatchObject({ first: 1, last: 1001, linked: 1001, broken: null, next: null })
    expect(await check({ limit: 1000 })).toMatchObject({ last: 1000, linked: 1000, next: 1001 })
    await run(sql`delete from forensic_ledger where id = 501`)
    expect(await check()).toMatchObject({ first: 1, linked: 500, broken: { id: 502 }, next: null })
  })
})

describe('GET /operator/api/ledger/verify', () => {
  it('tells what it found, and where to go on', async () => {
    await append(4)
    const { authorized } = testApp({ deps: { database: database() } })
    const ask = async (query: string) => (await authorized(`/operator/api/ledger/verify${query}`)).json()
    expect(await ask('')).toMatchObject({ status: 'intact', first: 1, last: 4, linked: 4 })
    expect(await ask('?limit=2')).toMatchObject({ status: 'more', next: '3' })
    expect(await ask('?cursor=3&limit=2')).toMatchObject({ first: 3 })
    await run(sql`update forensic_ledger set payload = '{}' where id = 3`)
    expect(await ask('')).toMatchObject({ status: 'broken', broken: { id: 3, fault: 'hash_mismatch' } })
    expect(await ask('?to=2')).toMatchObject({ status: 'intact' })
    for (const query of ['?limit=0', '?limit=5001', '?from=x', '?to=-1'])
      expect(await ask(query)).toMatchObject({ error: 'validation_error' })
  })

  it('says that the database does not answer', async () => {
    const response = await testApp().authorized('/operator/api/ledger/verify')
    expect([response.status, await response.json()]).toMatchObject([503, { error: 'database_unavailable' }])
  })
})
