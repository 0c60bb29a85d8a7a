import { eq } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { forensicLedger } from '../../src/db/schema/core.ts'
import { auditLogs } from '../../src/db/schema/mcp.ts'
import { operatorEvents, operatorSettings } from '../../src/db/schema/operator.ts'
import { events } from '../../src/db/schema/tentaculo-link.ts'
import {
  SettingRemoved,
  SettingsDisabled,
  SettingsHistory,
  SettingsRead,
  SettingsWritten,
} from '../../src/features/settings/schema.ts'
import { awayDatabase, hangingDatabase } from '../support/absent-database.ts'
import { testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { testApp, tokens } from '../support/test-app.ts'

const path = '/operator/api/settings'
const open = testDatabase()

async function parsed<S extends v.GenericSchema>(response: Response, schema: S, status = 200) {
  const text = await response.text()
  expect({ status: response.status, text }).toMatchObject({ status })
  expect(response.headers.get('cache-control')).toBe('no-store')
  return v.parse(schema, JSON.parse(text))
}

function settings(env: Record<string, string> = {}, database = open()) {
  const { clock } = testApp()
  const events = testEventLog({ database, clock })
  const gateway = testApp({ env, deps: { database, events, clock } })
  /** Payloads of the events that tell of changes. */
  const told = async () => {
    const page = await events.read({ types: ['gateway.settings.changed'], limit: 100, order: 'oldest_first' })
    return page.events.map(({ payload }) => payload)
  }
  const send = (body: string, headers = {}) => gateway.authorized(path, { method: 'POST', body, headers })
  return {
    ...gateway,
    clock,
    told,
    send,
    write: async (values: object, headers = {}) => parsed(await send(JSON.stringify(values), headers), SettingsWritten),
    read: async () => parsed(await gateway.authorized(path), SettingsRead),
    remove: (key: string) => gateway.authorized(`${path}/${encodeURIComponent(key)}`, { method: 'DELETE' }),
    history: async (query = '') => parsed(await gateway.authorized(`${path}/history${query}`), SettingsHistory),
  }
}

describe('the settings', () => {
  beforeEach(async () => {
    await open().open().delete(operatorSettings)
    await open().open().delete(auditLogs)
    for (const table of [events, operatorEvents, forensicLedger]) await open().open().delete(table)
  })

  it('give back every type as it came', async () => {
    const { write, read } = settings()
    const values = {
      text: 'dark',
      number_text: '123',
      json_text: '{"a":1}',
      null_text: 'null',
      empty: '',
      odd: '\u0000 "🐙',
      number: 12.5,
      negative: -7e-3,
      yes: true,
      no: false,
      nothing: null,
      list: [1, 'a', [null]],
      appearance: { theme: 'dark', nested: { deep: ['x'] } },
      ñandú_7: 1,
    }
    const written = await write(values)
    expect(written.updated_keys).toEqual(Object.keys(values))
    expect(written.settings).toEqual(values)
    expect(await read()).toMatchObject({
      settings: values,
      appearance: values.appearance,
      chat: {},
      policy: 'solo_madre',
      read_only: false,
      degraded: false,
    })
  })

  it('reads what v7 stored: raw strings, and JSON for the rest', async () => {
    await open()
      .open()
      .insert(operatorSettings)
      .values([
        { key: 'theme', valueJson: 'dark' },
        { key: 'count', valueJson: '123' },
        { key: 'none', valueJson: null },
        { key: '__proto__', valueJson: '{"polluted":true}' },
      ])
    const { authorized, read } = settings()
    expect((await read()).settings).toMatchObject({ theme: 'dark', count: 123, none: null })
    expect(await (await authorized(path)).text()).toContain('"__proto__":{"polluted":true}')
    expect(({} as { polluted?: true }).polluted).toBeUndefined()
  })

  it('replaces a setting whole, and tells the change once, without the value', async () => {
    const { write, read, told } = settings()
    await write({ chat: { model: 'secret-model', stream: true } })
    const again = await write({ chat: { model: 'secret-model', stream: true } })
    expect(again).toMatchObject({ updated_keys: ['chat'], changed_keys: [] })
    expect(await write({ chat: { stream: false } })).toMatchObject({ changed_keys: ['chat'] })
    expect((await read()).chat).toEqual({ stream: false })
    expect(await told()).toEqual(Array(2).fill({ keys: ['chat'], change: 'set', by: 'link' }))
  })

  it('takes nothing for nothing', async () => {
    const { send, told } = settings()
    for (const body of ['{}', '', ' ']) {
      expect(await parsed(await send(body), SettingsWritten)).toMatchObject({ updated_keys: [], settings: {} })
    }
    expect(await told()).toEqual([])
  })

  it('removes a setting, and says so when there is none', async () => {
    const { write, read, remove, told } = settings()
    await write({ theme: 'dark', other: 1 })
    expect(await parsed(await remove('theme'), SettingRemoved)).toMatchObject({ removed_key: 'theme' })
    expect((await read()).settings).toEqual({ other: 1 })
    await expectProblem(await remove('theme'), 'setting_not_found')
    await expectProblem(await remove("x' OR 1=1 --"), 'setting_not_found')
    expect((await told()).slice(1)).toEqual([{ keys: ['theme'], change: 'removed', by: 'link' }])
  })

  it.each([
    ['a key with a hyphen', '{"fine":1,"a-b":2}'],
    ['an empty key', '{"fine":1,"":2}'],
    ['a key of 65 characters', JSON.stringify({ fine: 1, ['k'.repeat(65)]: 2 })],
    ['a prototype key', '{"fine":1,"__proto__":{"polluted":true}}'],
    ['a constructor', '{"fine":1,"constructor":{"prototype":{"polluted":true}}}'],
    ['a number beyond all bounds', '{"fine":1,"huge":[1e999]}'],
    ['a value of 16385 bytes', JSON.stringify({ fine: 1, long: 'x'.repeat(16_383) })],
    ['a value that nests 33 levels', `{"fine":1,"deep":${'['.repeat(33)}${']'.repeat(33)}}`],
    ['a value that nests 200 000 levels', `{"fine":1,"deep":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['51 settings', JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, n])))],
    ['a list', '[{"fine":1}]'],
    ['a text', '"fine"'],
    ['null', 'null'],
    ['no JSON', '{"fine":1'],
  ])('refuses %s, and stores nothing of it', async (_name, body) => {
    const { send, read, told } = settings()
    await expectProblem(await send(body), 'validation_error')
    expect((await read()).settings).toEqual({})
    expect(await told()).toEqual([])
  })

  it('takes what is just within the bounds', async () => {
    const { write } = settings()
    const long = 'x'.repeat(16_382)
    const deep = JSON.parse(`${'['.repeat(32)}${']'.repeat(32)}`)
    const many = Object.fromEntries(Array.from({ length: 47 }, (_, n) => [`k${n}`, n]))
    const values = { ...many, long, deep, ['k'.repeat(64)]: { __proto__x: 1 } }
    expect((await write(values)).settings).toEqual(values)
  })

  it('keeps at most 200', async () => {
    const { write, send } = settings()
    const some = (from: number) => Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${from + n}`, n]))
    for (const from of [0, 50, 100, 150]) await write(some(from))
    await expectProblem(await send('{"k0":"again","one_more":1}'), 'validation_error')
    expect((await write({ k0: 'again' })).settings).toMatchObject({ k0: 'again' })
  })

  it('stores a body whole and in order, however many write at once', async () => {
    const { write, read, history } = settings()
    await Promise.all(Array.from({ length: 10 }, (_, n) => write({ left: n, right: n })))
    const { settings: stored } = await read()
    expect(stored.left).toBe(stored.right)
    const lines = (await history('?key=left')).changes.toReversed()
    expect(lines).toHaveLength(10)
    expect(lines[0]).toMatchObject({ change: 'created', before: null })
    for (const [index, line] of lines.entries()) if (index > 0) expect(line.before).toBe(lines[index - 1]?.after)
    expect(lines.at(-1)?.after).toBe(stored.left)
  })

  it('remembers who changed what, newest first', async () => {
    const { write, remove, history, clock } = settings()
    await write({ theme: 'dark' }, { 'x-correlation-id': 'c-1' })
    await clock.advance(1000)
    await write({ theme: null }, { 'x-vx11-token': tokens.operator })
    await write({ theme: null })
    await remove('theme')
    const { changes, has_more } = await history()
    expect(has_more).toBe(false)
    expect(changes).toMatchObject([
      { key: 'theme', change: 'removed', before: null, after: null, by: 'link' },
      { change: 'updated', before: 'dark', after: null, by: 'operator', at: '2027-01-15T08:00:01.000Z' },
      { change: 'created', before: null, after: 'dark', by: 'link', correlation_id: 'c-1' },
    ])
    const [row] = await open().open().select().from(operatorSettings).where(eq(operatorSettings.key, 'theme'))
    expect(row).toBeUndefined()
  })

  it('pages through the history', async () => {
    const { write, history, authorized } = settings()
    for (const n of [1, 2, 3]) await write({ n, other: n })
    await open()
      .open()
      .insert(auditLogs)
      .values([
        { component: 'operator_settings', message: 'somebody else’s words' },
        { component: 'sandbox', message: '{"key":"n"}' },
      ])
    const first = await history('?key=n&limit=2')
    expect(first).toMatchObject({ changes: [{ after: 3 }, { after: 2 }], has_more: true })
    const second = await history(`?key=n&limit=2&before=${first.changes.at(-1)?.id}`)
    expect(second).toMatchObject({ changes: [{ after: 1, change: 'created' }], has_more: false })
    expect((await history()).changes).toHaveLength(6)
    for (const query of ['limit=0', 'limit=201', 'limit=-1', 'limit=1e1', 'before=0', 'before=x'])
      await expectProblem(await authorized(`${path}/history?${query}`), 'validation_error')
  })

  it('says with 200 that the database is away, and with 503 that nothing was stored', async () => {
    const { read, history, send, remove } = settings({}, awayDatabase)
    expect(await read()).toMatchObject({ settings: {}, degraded: true, error: 'database_unavailable' })
    expect(await history()).toMatchObject({ changes: [], degraded: true, error: 'database_unavailable' })
    await expectProblem(await send('{"a":1}'), 'database_unavailable')
    await expectProblem(await remove('a'), 'database_unavailable')
  })

  it('does not wait for a database that hangs', async () => {
    const { authorized, clock } = settings({}, hangingDatabase)
    const answer = authorized(path)
    await clock.whenSleeping()
    await clock.advance(2500)
    expect(await parsed(await answer, SettingsRead)).toMatchObject({ degraded: true })
  })

  it('answers as v7 did when the feature is off', async () => {
    const { authorized, send, remove, history } = settings({ VX11_SETTINGS_ENABLED: 'false' })
    expect(await parsed(await authorized(path), SettingsDisabled)).toMatchObject({ settings: {} })
    expect(await history()).toMatchObject({ error: 'feature_disabled', changes: [] })
    await expectProblem(await send('{"a":1}'), 'feature_disabled')
    await expectProblem(await remove('a'), 'feature_disabled')
  })

  it('can only be read in observer mode', async () => {
    const { read, send, remove } = settings({ VX11_OPERATOR_CONTROL_ENABLED: 'false' })
    expect(await read()).toMatchObject({ read_only: true })
    expect((await send('{"a":1}')).status).toBe(403)
    expect((await remove('a')).status).toBe(403)
  })
})
