import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { systemState } from '../../../src/db/schema/madre.ts'
import { auditLogs } from '../../../src/db/schema/mcp.ts'
import { operatorSettings } from '../../../src/db/schema/operator.ts'
import { someEvent, testEventLog } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const open = testDatabase()
const key = 'test:record'

describe('a change that is stored with its events', () => {
  const log = () => testEventLog({ database: open(), clock: fakeClock() })
  const stored = async () => {
    const db = open().open()
    const [row] = await db.select().from(systemState).where(eq(systemState.key, key))
    const [setting] = await db.select().from(operatorSettings)
    return {
      record: row?.value ?? null,
      setting: setting?.valueJson ?? null,
      lines: (await db.select().from(auditLogs)).length,
    }
  }
  const record = (from: string | null, to: string | null) => ({ records: [{ key, from, to }] })
  beforeEach(async () => {
    await open().open().delete(systemState)
    await open().open().delete(operatorSettings)
    await open().open().delete(auditLogs)
  })

  it('writes, replaces and removes rows together with lines and events', async () => {
    const events = log()
    const odd = '{"text":"\\u0000 \\" 🐙 \' ; --"}'
    const line = { component: 'test', level: 'INFO' as const, message: odd }
    const setting = { key: 'theme', from: null, to: odd, by: 'link' }
    const change = { ...record(null, odd), settings: [setting], lines: [line, line] }
    const made = await events.change(change, [someEvent(), someEvent()])
    expect(made).toMatchObject({ repeated: false, events: [{ type: 'spawn_success' }, {}] })
    expect(await stored()).toEqual({ record: odd, setting: odd, lines: 2 })
    await events.change({ ...record(odd, 'b'), settings: [{ ...setting, from: odd, to: null }] }, [someEvent()])
    expect(await stored()).toEqual({ record: 'b', setting: null, lines: 2 })
    await events.change(record('b', null), [someEvent()])
    expect((await stored()).record).toBeNull()
  })

  it('is not stored, and its events neither, when what it replaces is another', async () => {
    const events = log()
    await events.change(record(null, 'a'), [someEvent()])
    const before = await events.newest()
    const lines = [{ component: 'test', level: 'INFO' as const, message: 'x' }]
    for (const from of [null, 'b', '']) {
      expect(await events.change({ ...record(from, 'c'), lines }, [someEvent()])).toBeNull()
    }
    expect(await events.newest()).toBe(before)
    expect(await stored()).toEqual({ record: 'a', setting: null, lines: 0 })
  })

  it('is made by one of many at once, and refuses no event that came with them', async () => {
    const events = log()
    const others = [log(), log()]
    const changes = [events, ...others, ...others].map((each, n) => each.change(record(null, `${n}`), [someEvent()]))
    const plain = [events.append([someEvent()]), events.append([someEvent()])]
    const made = (await Promise.all(changes)).filter((each) => each !== null)
    expect(made).toHaveLength(1)
    expect((await Promise.all(plain)).flat()).toHaveLength(2)
  })

  it('is made once under one key, whichever instance is asked again', async () => {
    const once = { key: 'a'.repeat(64), request: 'b'.repeat(64) }
    const first = await log().change(record(null, 'a'), [someEvent()], once)
    const again = await log().change(record(null, 'other'), [someEvent()], once)
    expect(again).toMatchObject({ repeated: true, events: [{ id: first?.events[0]?.id }] })
    expect((await stored()).record).toBe('a')
    const other = { ...once, request: 'c'.repeat(64) }
    await expect(log().change(record('a', 'b'), [someEvent()], other)).rejects.toThrow('idempotency_key_reused')
  })
})
