/** What was taken from a key reaches an instance that cannot read its database. */
import { afterEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { memoryEventHub } from '../../src/adapters/memory/event-hub.ts'
import type { Database } from '../../src/db/database.ts'
import { readRecords } from '../../src/db/records.ts'
import { systemState } from '../../src/db/schema/madre.ts'
import { noticeOf } from '../../src/modules/keys/notice.ts'
import { keyRecord, parseKey } from '../../src/modules/keys/record.ts'
import type { Deps, KeyNotice } from '../../src/ports/index.ts'
import { awayDatabase } from '../support/absent-database.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { keysApp, keysPath } from '../support/keys-app.ts'
import { testApp } from '../support/test-app.ts'

const open = testDatabase()

describe('keys at an instance that cannot read its database', () => {
  afterEach(async () => void (await open().open().delete(systemState)))

  /** Two instances with one hub. The other's database goes away, or whatever `database` makes of it. */
  function pair(change: (database: Database) => Partial<Database> = () => ({}), deps: Partial<Deps> = {}) {
    let isAway = false
    const hub = memoryEventHub()
    const { clock } = testApp()
    const coming = { ...open(), open: () => (isAway ? awayDatabase : open()).open() }
    return {
      ...{ clock, hub },
      one: keysApp({ database: open(), clock, hub }),
      other: keysApp({ database: { ...coming, ...change(coming) }, clock, hub, deps }),
      goAway: () => {
        isAway = true
      },
      comeBack: () => {
        isAway = false
      },
    }
  }

  it('are refused as soon as the hub tells of their revocation', async () => {
    const { one, other, goAway, clock } = pair()
    const [lost, kept] = [await one.create(), await one.create()]
    for (const { key } of [lost, kept]) expect((await other.as(key)).status).toBe(200)
    goAway()
    await one.revoke(lost.id)
    for (let minute = 0; minute < 3; minute++) {
      await expectProblem(await other.as(lost.key), 'forbidden')
      expect((await other.as(kept.key)).status).toBe(200)
      await clock.advance(60_000)
    }
  })

  it('lose what a reroll, or a change of scopes, limits or end takes away', async () => {
    const { one, other, goAway, clock } = pair()
    const [rerolled, lapping, scoped] = [await one.create(), await one.create(), await one.create()]
    const [limited, ending] = [await one.create({ limits: { user: 50 } }), await one.create()]
    for (const { key } of [rerolled, lapping, scoped, limited, ending]) expect((await other.as(key)).status).toBe(200)
    goAway()
    await one.reroll(rerolled.id)
    await expectProblem(await other.as(rerolled.key), 'forbidden')
    await one.reroll(lapping.id, { overlap_seconds: 600 })
    expect((await other.as(lapping.key)).status).toBe(200)
    await one.change(scoped.id, { scopes: ['shub'] })
    await expectProblem(await other.as(scoped.key), 'forbidden')
    await one.change(limited.id, { limits: { user: 20 } })
    expect((await other.as(limited.key)).headers.get('ratelimit-policy')).toBe('"user";q=20;w=60')
    await one.change(ending.id, { expires_at: new Date(clock.now() + 1000).toISOString() })
    expect((await other.as(ending.key)).status).toBe(200)
    await clock.advance(600_001)
    await expectProblem(await other.as(ending.key), 'forbidden')
    await expectProblem(await other.as(lapping.key), 'forbidden')
  })

  it('gain nothing by a notice, and a false one holds until the database is read', async () => {
    const { one, other, goAway, comeBack, clock, hub } = pair()
    const [{ id, key }, foreign] = [await one.create({ scopes: ['shub', 'operator'] }), await one.create()]
    const stored = async (of: string) => {
      const text = (await readRecords(open().open(), [keyRecord(of)])).get(keyRecord(of))
      const record = parseKey(text)
      if (!record) throw new Error('no such key')
      return noticeOf(record)
    }
    expect((await other.as(key)).status).toBe(200)
    const tell = (notice: KeyNotice) => hub.publish({ newest: 0, events: [], keys: [notice] })
    goAway()
    const mine = await stored(id)
    tell({ ...mine, scopes: ['operator', 'shub', 'admin'] })
    await expectProblem(await other.as(key, keysPath), 'forbidden')
    const { credentials } = await stored(foreign.id)
    tell({ ...mine, credentials })
    const mixed = (foreign.key ?? '').replace(foreign.id, id)
    for (const token of [key, mixed]) await expectProblem(await other.as(token), 'forbidden')
    comeBack()
    await clock.advance(1000)
    await other.as(key)
    await other.settled()
    expect((await other.as(key)).status).toBe(200)
  })

  it('stay revoked when a read that began before ends later', async () => {
    const late = Promise.withResolvers<void>()
    const held = (coming: Database): Partial<Database> => ({
      open: () => {
        const db = coming.open()
        const batch: typeof db.batch = async (queries) => {
          const rows = await db.batch(queries)
          await late.promise
          return rows
        }
        return new Proxy(db, { get: (target, name) => (name === 'batch' ? batch : Reflect.get(target, name)) })
      },
    })
    const { one, other } = pair(held)
    const { id, key } = await one.create()
    const answer = other.as(key)
    await one.revoke(id)
    late.resolve()
    await expectProblem(await answer, 'forbidden')
  })

  it('are asked about where nobody listens, once in a quarter of a second', async () => {
    const told = new Map<string, KeyNotice>()
    const asked: string[] = []
    const ask = async (id: string) => {
      asked.push(id)
      return told.get(id) ?? null
    }
    const { one, other, hub, goAway, clock } = pair(undefined, { keyNotices: { ask } })
    await hub.subscribe(({ keys = [] }) => {
      for (const notice of keys) told.set(notice.id, notice)
    })
    const [lost, kept] = [await one.create(), await one.create()]
    for (const { key } of [lost, kept]) expect((await other.as(key)).status).toBe(200)
    expect(asked).toEqual([])
    goAway()
    await one.revoke(lost.id)
    await clock.advance(300)
    for (let turn = 0; turn < 3; turn++) {
      await expectProblem(await other.as(lost.key), 'forbidden')
      expect((await other.as(kept.key)).status).toBe(200)
    }
    expect(asked).toEqual([lost.id, kept.id])
  })

  it('go on as they were known when nothing can be asked', async () => {
    const ask = () => new Promise<never>(() => {})
    const { one, other, goAway, clock } = pair(undefined, { keyNotices: { ask } })
    const { key } = await one.create()
    expect((await other.as(key)).status).toBe(200)
    goAway()
    await clock.advance(300)
    const answer = other.as(key)
    let isOver = false
    void answer.then(() => {
      isOver = true
    })
    while (!isOver) await clock.advance(50)
    expect((await answer).status).toBe(200)
  })
})
