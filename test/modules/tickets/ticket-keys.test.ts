import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { systemRandom } from '../../../src/adapters/system/random.ts'
import type { Database } from '../../../src/db/database.ts'
import { systemState } from '../../../src/db/schema/madre.ts'
import { rotateAfterMs, storedTicketKeys, ticketKeysRecord } from '../../../src/modules/tickets/ticket-keys.ts'
import { awayDatabase } from '../../support/absent-database.ts'
import { silent } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const database = testDatabase()
const instance = (clock = fakeClock(), store: Database = database()) =>
  storedTicketKeys({ clock, database: store, log: silent, random: systemRandom() })

beforeEach(async () => void (await database().open().delete(systemState)))

describe('ticket keys', () => {
  it('are random, and the same for every instance', async () => {
    const made = await Promise.all([instance().current(), instance().current(), instance().current()])
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(made[0]?.bytes).toHaveLength(32)
    await database().open().delete(systemState)
    expect((await instance().current()).id).not.toBe(made[0]?.id)
  })

  it('change once a day, and the one before stays good at every instance', async () => {
    const clock = fakeClock()
    const [one, other] = [instance(clock), instance(clock)]
    const first = await one.current()
    expect(await other.find(first.id)).toEqual(first)
    await clock.advance(rotateAfterMs)
    const second = await one.current()
    expect(second.id).not.toBe(first.id)
    expect(await other.find(second.id)).toEqual(second)
    expect(await other.find(first.id)).toEqual(first)
    await clock.advance(rotateAfterMs)
    await one.current()
    expect(await one.find(first.id)).toBeUndefined()
  })

  it('are replaced when they were made in a future that no clock should show', async () => {
    const ahead = await instance(fakeClock(4_000_000_000_000)).current()
    const here = instance()
    const key = await here.current()
    expect(key.id).not.toBe(ahead.id)
    expect(await here.find(ahead.id)).toEqual(ahead)
  })

  it('stay good while the database is away, and cannot be made without it', async () => {
    const clock = fakeClock()
    let away = false
    const failing: Database = { ...database(), open: () => (away ? awayDatabase.open() : database().open()) }
    const keys = instance(clock, failing)
    const key = await keys.current()
    away = true
    await clock.advance(rotateAfterMs)
    expect(await keys.current()).toEqual(key)
    expect(await keys.find(key.id)).toEqual(key)
    await expect(instance(clock, awayDatabase).current()).rejects.toMatchObject({ code: 'database_unavailable' })
    await expect(instance(clock, awayDatabase).find('x')).rejects.toMatchObject({ code: 'database_unavailable' })
  })

  it('looks into the database four times a second at most for ids that callers made up', async () => {
    const clock = fakeClock()
    let opened = 0
    const counted: Database = {
      ...database(),
      open: () => {
        opened++
        return database().open()
      },
    }
    const keys = instance(clock, counted)
    for (let i = 0; i < 50; i++) expect(await keys.find(`made-up-${i}`)).toBeUndefined()
    expect(opened).toBe(1)
    await clock.advance(250)
    await keys.find('made-up')
    expect(opened).toBe(2)
  })

  it('replace what somebody else put in their place', async () => {
    await database().open().insert(systemState).values({ key: ticketKeysRecord, value: '[{"id":1}]' })
    expect((await instance().current()).bytes).toHaveLength(32)
  })
})
