import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { systemState } from '../../src/db/schema/madre.ts'
import { auditLogs } from '../../src/db/schema/mcp.ts'
import { keyMark } from '../../src/modules/keys/token.ts'
import { awayDatabase } from '../support/absent-database.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { keysApp, keysPath } from '../support/keys-app.ts'
import { testApp, tokens } from '../support/test-app.ts'

const open = testDatabase()
const hour = 3_600_000

describe('keys', () => {
  afterEach(async () => {
    await open().open().delete(systemState)
    await open().open().delete(auditLogs)
  })
  const gateway = (env = {}) => keysApp({ database: open(), env })

  it('open what their scopes say, and are shown once', async () => {
    const { create, list, show, as, clock } = gateway()
    const made = await create({ note: 'for the build' })
    expect(made.key).toMatch(new RegExp(`^${made.prefix}_\\w+$`))
    expect(made).toMatchObject({
      ...{ name: 'ci', scopes: ['operator'], limits: null, expires_at: null, note: 'for the build', state: 'active' },
      ...{ created_by: 'link', created_at: new Date(clock.now()).toISOString(), last_used_at: null },
    })
    expect(await (await as(made.key)).json()).toMatchObject({ name: `key:${made.id}`, scopes: ['operator'] })
    await expectProblem(await as(made.key, keysPath), 'forbidden')
    const listed = await list()
    expect(listed).toMatchObject({ total: 1, keys: [{ id: made.id }] })
    expect(JSON.stringify([listed, await show(made.id)])).not.toContain(made.key)
  })

  it('leave their text nowhere: not in the database, the events or the log', async () => {
    const { create, reroll, as, events, settled, logLines } = gateway()
    const made = await create()
    const rerolled = await reroll(made.id, { overlap_seconds: 60 })
    await as(made.key)
    await settled()
    const db = open().open()
    const stored = JSON.stringify([
      await db.select().from(systemState),
      await db.select().from(auditLogs),
      await events.read({ limit: 100, order: 'oldest_first' }),
      logLines,
    ])
    const secrets = [made.key, rerolled.key].map((key) => key?.slice(made.prefix.length + 1) ?? '')
    expect(secrets.every((secret) => secret.length > 40)).toBe(true)
    for (const secret of secrets) expect(stored).not.toContain(secret)
  })

  it('are refused with a wrong checksum, another secret, or an id that nobody has', async () => {
    const { create, as } = gateway()
    const one = await create()
    const other = await create()
    const key = one.key ?? ''
    const mixed = (other.key ?? '').replace(other.id, one.id)
    const wrong = [key.slice(0, -1), `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`, mixed, keyMark, `${key}x`]
    for (const token of wrong) await expectProblem(await as(token), 'forbidden')
    expect((await as(key)).status).toBe(200)
  })

  it('end by revocation, at once here, and stay in the list', async () => {
    const { create, revoke, list, show, as } = gateway()
    const { id, key } = await create()
    expect((await as(key)).status).toBe(200)
    expect(await revoke(id)).toMatchObject({ state: 'revoked', revoked_by: 'link', revoked_at: expect.any(String) })
    await expectProblem(await as(key), 'forbidden')
    expect(await revoke(id)).toEqual(await show(id))
    expect((await list('?state=active')).keys).toEqual([])
    expect((await list('?state=revoked')).keys).toHaveLength(1)
  })

  it('end at their time', async () => {
    const { create, as, clock } = gateway()
    const { key, id } = await create({ expires_at: new Date(clock.now() + hour).toISOString() })
    clock.jump(hour)
    expect((await as(key)).status).toBe(200)
    clock.jump(1)
    await expectProblem(await as(key), 'forbidden')
    expect((await gatewayList(id)).state).toBe('active')
  })
  const gatewayList = (id: string) => gateway().show(id)

  it('take a second secret for the overlap of a reroll', async () => {
    const { create, reroll, as, clock } = gateway()
    const first = await create()
    const second = await reroll(first.id, { overlap_seconds: 600 })
    expect(second).toMatchObject({ id: first.id, prefix: first.prefix, overlap_until: expect.any(String) })
    expect(second.key).not.toBe(first.key)
    for (const key of [first.key, second.key]) expect((await as(key)).status).toBe(200)
    clock.jump(600_001)
    await expectProblem(await as(first.key), 'forbidden')
    const third = await reroll(first.id)
    await expectProblem(await as(second.key), 'forbidden')
    expect((await as(third.key)).status).toBe(200)
  })

  it('change in name, scopes, limits, end and note', async () => {
    const { create, change, as, clock, send } = gateway()
    const { id, key } = await create({ limits: { user: 2 }, note: 'a', expires_at: '2040-01-01' })
    const changed = await change(id, { name: 'deploy', scopes: ['shub', 'operator'], limits: null, note: null })
    expect(changed).toMatchObject({ name: 'deploy', scopes: ['operator', 'shub'], limits: null, note: null })
    expect(changed.expires_at).toBe('2040-01-01T00:00:00.000Z')
    expect((await change(id, { expires_at: null })).expires_at).toBeNull()
    await change(id, { scopes: ['ingest'] })
    await expectProblem(await as(key), 'forbidden')
    await expectProblem(await send('PATCH', `/${id}`, { expires_at: clock.now() / 1000 - 1 }), 'validation_error')
  })

  it('have limits of their own', async () => {
    const { create, as } = gateway()
    const { key } = await create({ limits: { user: 2 } })
    const answers = [await as(key), await as(key), await as(key)]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"user";q=2;w=60')
    const { key: other } = await create()
    expect((await as(other)).headers.get('ratelimit-policy')).toBe('"user";q=1000;w=60')
  })

  it('keep their last use, once a minute', async () => {
    const { create, show, as, clock, settled } = gateway()
    const { id, key } = await create()
    const used = async () => {
      await as(key)
      await settled()
      return (await show(id)).last_used_at
    }
    const first = await used()
    expect(first).toBe(new Date(clock.now()).toISOString())
    await clock.advance(59_000)
    expect(await used()).toBe(first)
    await clock.advance(1000)
    expect(await used()).toBe(new Date(clock.now()).toISOString())
  })

  it('give nobody what their maker lacks', async () => {
    const { create, as, send } = gateway()
    const strong = await create({ scopes: ['operator', 'shub', 'ingest', 'admin'] })
    const { key } = await create({ scopes: ['operator', 'admin'] })
    const json = (body: object) => ({ method: 'POST', body: JSON.stringify(body) })
    const asked = { name: 'more', scopes: ['shub'] }
    expect((await expectProblem(await as(key, keysPath, json(asked)), 'forbidden')).detail).toContain('shub')
    const path = `${keysPath}/${strong.id}`
    await expectProblem(await as(key, `${path}/reroll`, json({})), 'forbidden')
    await expectProblem(await as(key, path, { ...json({ name: 'mine' }), method: 'PATCH' }), 'forbidden')
    expect((await as(key, path, { method: 'DELETE' })).status).toBe(200)
    await expectProblem(await send('POST', '', asked, { 'x-vx11-token': tokens.operator }), 'forbidden')
  })

  it.each([
    ['no name', { name: '' }],
    ['blank name', { name: ' \t ' }],
    ['long name', { name: 'x'.repeat(65) }],
    ['control in the name', { name: 'a\u0000b' }],
    ['line break in the note', { note: 'a\nb' }],
    ['text that turns', { name: 'a\u202eb' }],
    ['half a character', '{"name":"\\ud800","scopes":["operator"]}'],
    ['no scopes', { scopes: [] }],
    ['unknown scope', { scopes: ['root'] }],
    ['scopes as text', { scopes: 'operator' }],
    ['many scopes', { scopes: Array(1000).fill('operator') }],
    ['limit of none', { limits: { user: 0 } }],
    ['limit of half', { limits: { user: 1.5 } }],
    ['huge limit', '{"name":"a","scopes":["operator"],"limits":{"user":1e999}}'],
    ['unknown limit', { limits: { ip: 5 } }],
    ['prototype', '{"name":"a","scopes":["operator"],"limits":{"__proto__":5}}'],
    ['end in the past', { expires_at: '2001-01-01' }],
    ['no date', { expires_at: '2040-02-30' }],
    ['end as a list', { expires_at: [] }],
    ['misspelt end', { expire_at: '2040-01-01' }],
    ['long note', { note: 'x'.repeat(501) }],
    ['a list', '[]'],
  ])('refuse %s and make nothing', async (_what, body) => {
    const { send, list } = gateway()
    const sent = typeof body === 'string' ? body : { name: 'a', scopes: ['operator'], ...body }
    await expectProblem(await send('POST', '', sent), 'validation_error')
    expect((await list()).total).toBe(0)
  })

  it('name a member that a key does not have', async () => {
    const { send } = gateway()
    const sent = { name: 'a', scopes: ['operator'], expire_at: '2040-01-01' }
    const { detail } = await expectProblem(await send('POST', '', sent), 'validation_error')
    expect(detail).toMatchObject([{ loc: ['body', 'expire_at'], msg: 'Unknown member' }])
  })

  it('answer for unknown and revoked ones', async () => {
    const { create, revoke, send } = gateway()
    for (const id of ['0000000000000000', '__proto__', '%2e%2e%00', "' or 1=1 --"]) {
      const path = `/${encodeURIComponent(id)}`
      for (const method of ['GET', 'DELETE']) await expectProblem(await send(method, path), 'key_not_found')
      await expectProblem(await send('PATCH', path, { name: 'x' }), 'key_not_found')
      await expectProblem(await send('POST', `${path}/reroll`), 'key_not_found')
    }
    const { id } = await create()
    await revoke(id)
    await expectProblem(await send('PATCH', `/${id}`, { name: 'x' }), 'key_revoked')
    await expectProblem(await send('POST', `/${id}/reroll`), 'key_revoked')
  })

  it('are made once under one Idempotency-Key, and shown once', async () => {
    const { create, send, list, reroll, as } = gateway()
    const headers = { 'idempotency-key': 'same' }
    const [one, two] = await Promise.all([create({}, headers), create({}, headers)])
    expect(one.id).toBe(two.id)
    expect([one.key, two.key].filter((key) => key !== null)).toHaveLength(1)
    expect((await list()).total).toBe(1)
    const other = { name: 'other', scopes: ['operator'] }
    await expectProblem(await send('POST', '', other, headers), 'idempotency_key_reused')
    const once = { 'idempotency-key': 'reroll' }
    const rerolled = (await (await send('POST', `/${one.id}/reroll`, {}, once)).json()) as { key: string }
    expect(await (await send('POST', `/${one.id}/reroll`, {}, once)).json()).toMatchObject({ key: null })
    expect((await as(rerolled.key)).status).toBe(200)
    await reroll(one.id)
    await expectProblem(await as(rerolled.key), 'forbidden')
  })

  it('are not changed in observer mode, and not made without the database', async () => {
    const made = await gateway().create()
    const observed = gateway({ VX11_OPERATOR_CONTROL_ENABLED: 'false' })
    await expectProblem(await observed.send('DELETE', `/${made.id}`), 'off_by_policy', 'OFF_BY_POLICY')
    await expectProblem(await observed.send('POST', '', {}), 'off_by_policy', 'OFF_BY_POLICY')
    expect((await observed.as(made.key)).status).toBe(200)
    const away = keysApp({ database: awayDatabase })
    await expectProblem(await away.send('POST', '', { name: 'a', scopes: ['operator'] }), 'database_unavailable')
    await expectProblem(await away.send('GET', ''), 'database_unavailable')
    // Neither right nor wrong can be said of it.
    await expectProblem(await away.as(made.key), 'database_unavailable')
  })

  it('tell of each change in the log of audits and the ledger, in the same moment', async () => {
    const { create, change, reroll, revoke, events } = gateway()
    const after = await events.newest()
    const { id } = await create()
    await change(id, { name: 'deploy' })
    await change(id, { name: 'deploy' })
    await reroll(id)
    await revoke(id)
    await revoke(id)
    const lines = await open().open().select().from(auditLogs)
    expect(lines.map(({ message }) => JSON.parse(message).act)).toEqual(
      ['create', 'update', 'reroll', 'revoke'].map((verb) => `key.${verb}`),
    )
    expect(JSON.parse(lines[1]?.message ?? '')).toMatchObject({
      ...{ target: `deploy (${id})`, principal: 'link', address: '192.0.2.1', outcome: 'done', error: null },
      ...{ before: { name: 'ci' }, after: { name: 'deploy' }, correlation_id: expect.any(String) },
    })
    const { events: told } = await events.read({ after, limit: 100, order: 'oldest_first' })
    expect(told.map(({ type }) => type)).toEqual(
      ['created', 'updated', 'rerolled', 'revoked'].flatMap((turn) => [`gateway.key.${turn}`, 'gateway.audit']),
    )
    const [ledger] = await open().open().all<{ n: number }>(sql`select count(*) as n from forensic_ledger`)
    expect(ledger?.n).toBeGreaterThanOrEqual(told.length)
  })

  it('stay whole when many are made and revoked at once', async () => {
    const { create, revoke, list } = gateway()
    const made = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => create({ name: `k${n}` })))
    await Promise.all(made.slice(0, 3).map(({ id }) => revoke(id)))
    const { keys } = await list()
    expect(keys.map(({ name }) => name).toSorted()).toEqual(['k1', 'k2', 'k3', 'k4', 'k5', 'k6'])
    expect(keys.filter(({ state }) => state === 'revoked')).toHaveLength(3)
  })

  it('know of a token of the environment without a promise, whatever it begins with', () => {
    const { services } = testApp({ env: { VX11_OPERATOR_TOKEN: `${keyMark}of-the-environment` } })
    expect(services.principals.ofToken(`${keyMark}of-the-environment`)).toMatchObject({ name: 'operator' })
    expect(services.principals.ofToken(tokens.link)).toMatchObject({ name: 'link' })
    expect(services.principals.ofToken('wrong')).toBeUndefined()
  })
})

describe('keys at several instances', () => {
  afterEach(async () => void (await open().open().delete(systemState)))

  it('are refused everywhere within a second of their revocation, and known before', async () => {
    const { clock } = testApp()
    const [one, two] = [keysApp({ database: open(), clock }), keysApp({ database: open(), clock })]
    const { id, key } = await one.create()
    for (const { as } of [one, two]) expect((await as(key)).status).toBe(200)
    await one.revoke(id)
    await expectProblem(await one.as(key), 'forbidden')
    await clock.advance(1000)
    await expectProblem(await two.as(key), 'forbidden')
  })

  it('work at another one right after they were made', async () => {
    const { clock } = testApp()
    const [one, two] = [keysApp({ database: open(), clock }), keysApp({ database: open(), clock })]
    expect((await two.as((await one.create()).key)).status).toBe(200)
    // The other has just read its keys, and reads them again for one that it does not know.
    const answer = two.as((await one.create()).key)
    await clock.whenSleeping(1)
    await clock.advance(60)
    expect((await answer).status).toBe(200)
  })

  it('go on while the database is away, and stay revoked', async () => {
    let isAway = false
    const database = { ...open(), open: () => (isAway ? awayDatabase : open()).open() }
    const { create, revoke, as, clock, logLines } = keysApp({ database })
    const good = await create()
    const bad = await create()
    for (const { key } of [good, bad]) expect((await as(key)).status).toBe(200)
    await revoke(bad.id)
    await expectProblem(await as(bad.key), 'forbidden')
    isAway = true
    for (let minute = 0; minute < 3; minute++) {
      await clock.advance(60_000)
      expect((await as(good.key)).status).toBe(200)
      await expectProblem(await as(bad.key), 'forbidden')
    }
    expect(logLines.filter(({ event }) => event === 'keys_not_read')).toHaveLength(1)
  })
})
