import { eq, sql } from 'drizzle-orm'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import type { Database } from '../../src/db/database.ts'
import { operatorMessage, operatorSession } from '../../src/db/schema/operator.ts'
import { Deleted, Session, SessionList, SessionSummary } from '../../src/features/sessions/schema.ts'
import { messageIdOf, rowOfMessageId } from '../../src/modules/chat/exchanges/message-ids.ts'
import { chatApp } from '../support/chat-app.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { tokens } from '../support/test-app.ts'

const database = testDatabase()
const app = (options = {}) => {
  const gateway = chatApp({ switch: 'up', deps: { database: database() }, ...options })
  const as =
    (token: string) =>
    (path: string, init: RequestInit = {}) =>
      gateway.request(path, { ...init, headers: { 'x-vx11-token': token } })
  return { ...gateway, link: as(tokens.link), operator: as(tokens.operator) }
}
const asOperator = { headers: { 'x-vx11-token': tokens.operator } }
const json = async <T>(schema: v.GenericSchema<T>, response: Response | Promise<Response>) =>
  v.parse(schema, await (await response).json())

describe('a session', () => {
  it('is read in the shape of v7 (contract O16)', async () => {
    const { ask, link } = app()
    await ask({ message: 'primera', session_id: 'read-me' })
    const second = await ask({ message: 'second', session_id: 'read-me' })
    const session = await json(Session, link('/operator/session/read-me'))
    expect(session).toMatchObject({
      session_id: 'read-me',
      user_id: 'link',
      title: 'primera',
      message_count: 4,
      has_more: false,
    })
    expect(session.messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'primera'],
      ['assistant', 'switch says hello'],
      ['user', 'second'],
      ['assistant', 'switch says hello'],
    ])
    expect(session.summary).toBe('assistant: switch says hello\nuser: second\nassistant: switch says hello')
    expect(session.messages[3]).toMatchObject({ message_id: second.message_id, timestamp: '2027-01-15T08:00:00.000Z' })
    expect(session.messages[3]?.metadata).toMatchObject({ provider: 'switch', degraded: false, warnings: [] })
    const latest = await json(Session, link('/operator/session/read-me?limit=1'))
    expect(latest).toMatchObject({ has_more: true, message_count: 4, messages: [{ role: 'assistant' }] })
  })

  it('is one for its principal, and none for everybody else', async () => {
    const { ask, link, operator } = app()
    const { message_id } = await ask({ message: 'secret of link', session_id: 'of-link' })
    await expectProblem(await operator('/operator/session/of-link'), 'session_not_found')
    await expectProblem(await operator('/operator/session/of-link/export'), 'session_not_found')
    await expectProblem(await operator('/operator/session/of-link', { method: 'DELETE' }), 'session_not_found')
    const rename = { method: 'PATCH', body: '{"title":"mine"}' }
    await expectProblem(await operator('/operator/session/of-link', rename), 'session_not_found')
    await expectProblem(await operator(`/operator/api/chat/messages/${message_id}`), 'message_not_found')
    const listed = await json(SessionList, operator('/operator/api/chat/sessions'))
    expect(listed.sessions.map(({ session_id }) => session_id)).not.toContain('of-link')
    const mine = await json(Session, link('/operator/session/of-link'))
    expect(mine).toMatchObject({ message_count: 2, title: 'secret of link' })
  })

  it('of another principal shows in nothing: with the same id everybody has one of their own', async () => {
    const { ask, send, link, operator } = app()
    await ask({ message: 'secret of link', session_id: 'same' })
    for (const [count, session_id] of [
      [2, 'same'],
      [4, 'same'],
      [2, 'free'],
    ] as const) {
      const answer = await send({ message: 'let me in', session_id }, asOperator)
      expect([answer.status, await answer.json()]).toMatchObject([200, { session_id, stored: true }])
      const own = await json(Session, operator(`/operator/session/${session_id}`))
      expect(own).toMatchObject({ session_id, title: 'let me in', message_count: count })
    }
    const listed = await json(SessionList, operator('/operator/api/chat/sessions'))
    expect(listed.sessions.map(({ session_id }) => session_id).toSorted()).toEqual(['free', 'same'])
    const text = await (await operator('/operator/session/same/export')).text()
    expect(text).toContain('Session `same`, 4 messages.')
    expect(text).not.toContain('secret of link')
    await link('/operator/session/same', { method: 'DELETE' })
    await send({ message: 'still here', session_id: 'same' }, asOperator)
    expect(await json(Session, operator('/operator/session/same'))).toMatchObject({ message_count: 6 })
    expect((await operator('/operator/session/same', { method: 'DELETE' })).status).toBe(200)
    await expectProblem(await operator('/operator/session/same'), 'session_not_found')
  })

  it('belongs to one principal, though two begin it at once', async () => {
    const { send, link, operator } = app()
    const both = await Promise.all([
      send({ message: 'mine', session_id: 'contested' }),
      send({ message: 'mine', session_id: 'contested' }, asOperator),
    ])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    for (const read of [link, operator])
      expect(await json(Session, read('/operator/session/contested'))).toMatchObject({ message_count: 2 })
  })

  it('keeps the order of messages that come at once, each beside its answer', async () => {
    const { send, link } = app()
    const messages = Array.from({ length: 8 }, (_, index) => `message ${index}`)
    await Promise.all(messages.map((message) => send({ message, session_id: 'crowded' })))
    const { messages: stored } = await json(Session, link('/operator/session/crowded'))
    expect(stored.map(({ role }) => role)).toEqual(messages.flatMap(() => ['user', 'assistant']))
    expect(new Set(stored.filter(({ role }) => role === 'user').map(({ content }) => content))).toEqual(
      new Set(messages),
    )
  })

  it('can be renamed, exported and deleted', async () => {
    const { ask, link } = app()
    await ask({ message: 'a *bold* question', session_id: 'short-lived' })
    const named = link('/operator/session/short-lived', {
      method: 'PATCH',
      body: JSON.stringify({ title: ' Mezcla del jueves ' }),
    })
    expect(await json(SessionSummary, named)).toMatchObject({ title: 'Mezcla del jueves', message_count: 2 })
    for (const title of ['', ' ', 'x'.repeat(121), 'two\nlines', 7])
      await expectProblem(
        await link('/operator/session/short-lived', { method: 'PATCH', body: JSON.stringify({ title }) }),
        'validation_error',
      )
    const markdown = await link('/operator/session/short-lived/export')
    expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    expect(markdown.headers.get('content-disposition')).toBe('attachment; filename="vx11-session.md"')
    expect(await markdown.text()).toBe(
      '# Mezcla del jueves\n\nSession `short-lived`, 2 messages.\n' +
        '\n## user, 2027-01-15T08:00:00.000Z\n\na *bold* question\n' +
        '\n## assistant, 2027-01-15T08:00:00.000Z\n\nswitch says hello\n',
    )
    const whole = await (await link('/operator/session/short-lived/export?format=json')).json()
    expect(whole).toMatchObject({
      session_id: 'short-lived',
      title: 'Mezcla del jueves',
      messages: [{ role: 'user' }, { role: 'assistant' }],
    })
    await expectProblem(await link('/operator/session/short-lived/export?format=pdf'), 'validation_error')
    const deleted = link('/operator/session/short-lived', { method: 'DELETE' })
    expect(await json(Deleted, deleted)).toEqual({ session_id: 'short-lived', deleted: true, messages_deleted: 2 })
    await expectProblem(await link('/operator/session/short-lived'), 'session_not_found')
  })

  it('is exported whole, page by page', async () => {
    const { ask, link } = app()
    const { message_id } = await ask({ message: 'first of many', session_id: 'long' })
    const last = rowOfMessageId(message_id) ?? 0
    const rows = Array.from({ length: 15 }, (_, index) => ({
      id: last + 1 + index,
      sessionId: 'long',
      role: 'user',
      content: `line ${index}`,
    }))
    for (let page = 0; page < 15; page++)
      await database()
        .open()
        .insert(operatorMessage)
        .values(rows.map((row) => ({ ...row, id: row.id + page * 15 })))
    const { messages } = (await (await link('/operator/session/long/export?format=json')).json()) as {
      messages: object[]
    }
    expect(messages).toHaveLength(227)
  })

  it('holds its own messages alone, though VX11 writes where it likes', async () => {
    const { ask, link } = app()
    const { message_id } = await ask({ message: 'mine', session_id: 'neighbour' })
    const row = rowOfMessageId(message_id) ?? 0
    await database().open().insert(operatorSession).values({ sessionId: 'vx11-own', userId: 'local' })
    await database()
      .open()
      .insert(operatorMessage)
      .values({ id: row + 1, sessionId: 'vx11-own', role: 'user', content: 'foreign' })
    await ask({ message: 'mine again', session_id: 'neighbour' })
    const session = await json(Session, link('/operator/session/neighbour'))
    expect(session.message_count).toBe(4)
    expect(session.messages.map(({ content }) => content)).not.toContain('foreign')
  })
})

describe('the deletion of a long session', () => {
  const messagesOf = async (name: string) =>
    (await database().open().select().from(operatorMessage).where(eq(operatorMessage.sessionId, name))).length

  async function longSession(gateway: ReturnType<typeof app>, name: string): Promise<string> {
    const { message_id } = await gateway.ask({ message: 'first of many', session_id: name })
    const last = rowOfMessageId(message_id) ?? 0
    await database()
      .open()
      .run(sql`insert into operator_message (id, session_id, role, content)
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500)
      select ${last} + i, ${name}, 'user', 'line' from n`)
    return message_id
  }

  /** The database, whose deletions fail behind the first. */
  function failing(): Database {
    let deletions = 0
    const db = database().open()
    const failingDb = new Proxy(db, {
      get: (target, key) => {
        if (key === 'delete' && deletions++ > 0) throw new Error('killed here')
        const value = Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    return { ...database(), open: () => failingDb }
  }

  it('is answered when all of it is gone', async () => {
    const gateway = app()
    await longSession(gateway, 'very-long')
    const deleted = gateway.link('/operator/session/very-long', { method: 'DELETE' })
    expect(await json(Deleted, deleted)).toMatchObject({ messages_deleted: 1502 })
    expect(await messagesOf('very-long')).toBe(0)
  })

  it('shows nothing of it when it is interrupted, and comes to its end later', async () => {
    const gateway = app()
    const messageId = await longSession(gateway, 'cut-short')
    const dying = app({ deps: { database: failing() } })
    await expectProblem(await dying.link('/operator/session/cut-short', { method: 'DELETE' }), 'database_unavailable')
    expect(await messagesOf('cut-short')).toBe(1002)
    for (const path of ['', '/export']) {
      await expectProblem(await gateway.link(`/operator/session/cut-short${path}`), 'session_not_found')
    }
    await expectProblem(await gateway.link(`/operator/api/chat/messages/${messageId}`), 'message_not_found')
    const { sessions } = await json(SessionList, gateway.link('/operator/api/chat/sessions'))
    expect(sessions.map(({ session_id }) => session_id)).not.toContain('cut-short')
    await gateway.services.minutely.sessionRetention()
    expect(await messagesOf('cut-short')).toBe(0)
    await gateway.ask({ message: 'anew', session_id: 'cut-short' })
    expect(await json(Session, gateway.link('/operator/session/cut-short'))).toMatchObject({ message_count: 2 })
  })
})

describe('the list of sessions', () => {
  it('goes through all of them, the newest first', async () => {
    const principal = JSON.stringify([{ name: 'lister', token: 'token-of-lister', scopes: ['operator'] }])
    const { ask, request } = app({ env: { VX11_TOKENS: principal } })
    const headers = { 'x-vx11-token': 'token-of-lister' }
    for (const name of ['a', 'b', 'c']) await ask({ message: `begin ${name}`, session_id: `list-${name}` }, { headers })
    const page = (query: string) => json(SessionList, request(`/operator/api/chat/sessions${query}`, { headers }))
    const first = await page('?limit=2')
    expect(first.sessions).toMatchObject([
      { session_id: 'list-c', title: 'begin c', message_count: 2 },
      { session_id: 'list-b', title: 'begin b', message_count: 2 },
    ])
    const rest = await page(`?limit=2&before=${first.next_before}`)
    expect(rest).toMatchObject({ sessions: [{ session_id: 'list-a' }], next_before: null })
    for (const query of ['?limit=0', '?limit=201', '?limit=x', '?before=-1', '?limit=1e2'])
      await expectProblem(await request(`/operator/api/chat/sessions${query}`, { headers }), 'validation_error')
  })

  it('says so when the database is away', async () => {
    const { link } = app({ deps: {} })
    await expectProblem(await link('/operator/api/chat/sessions'), 'database_unavailable')
    await expectProblem(await link('/operator/session/x'), 'database_unavailable')
    await expectProblem(await link('/operator/api/chat/usage'), 'database_unavailable')
  })
})

describe('a message id', () => {
  it('names a row, and nothing else does', () => {
    expect(rowOfMessageId(messageIdOf(2 ** 20 + 1))).toBe(2 ** 20 + 1)
    expect(messageIdOf(2 ** 20 + 1)).toBe('msg_00100001')
    for (const odd of [
      '',
      'msg_',
      'msg_0010000g',
      'msg_00000001',
      'msg_fffffffffffffff',
      '1048577',
      `msg_${'f'.repeat(32)}`,
    ])
      expect(rowOfMessageId(odd)).toBeNull()
  })

  it('that names no answer is not found', async () => {
    const { ask, link } = app()
    const { message_id } = await ask({ message: 'hello', session_id: 'ids' })
    const question = messageIdOf((rowOfMessageId(message_id) ?? 0) - 1)
    for (const id of [question, 'msg_7fffffff', 'nonsense'])
      await expectProblem(await link(`/operator/api/chat/messages/${id}`), 'message_not_found')
  })
})

describe('the retention of conversations', () => {
  const dayMs = 86_400_000
  const minute = ({ services }: Pick<ReturnType<typeof app>, 'services'>) => services.minutely.sessionRetention()

  it('forgets what nobody went on with, and nothing else', async () => {
    const gateway = app({ env: { VX11_CHAT_RETENTION_DAYS: '7' } })
    const { ask, link, clock, logLines } = gateway
    await ask({ message: 'old', session_id: 'old-talk' })
    await ask({ message: 'live', session_id: 'live-talk' })
    const row = { sessionId: 'of-vx11', userId: 'local', source: 'api', updatedAt: '2020-01-01 00:00:00.000000' }
    const db = database().open()
    await db.batch([
      db.insert(operatorSession).values(row),
      db.insert(operatorMessage).values({ sessionId: 'of-vx11', role: 'user', content: 'of VX11' }),
    ])
    await clock.advance(6 * dayMs)
    await ask({ message: 'still here', session_id: 'live-talk' })
    await minute(gateway)
    expect((await link('/operator/session/old-talk')).status).toBe(200)
    await clock.advance(dayMs + 1000)
    await minute(gateway)
    await expectProblem(await link('/operator/session/old-talk'), 'session_not_found')
    expect((await link('/operator/session/live-talk')).status).toBe(200)
    const left = await database().open().select().from(operatorSession)
    expect(left.map(({ sessionId }) => sessionId)).toContain('of-vx11')
    expect(logLines).toContainEqual(expect.objectContaining({ event: 'sessions_forgotten' }))
  })

  it('forgets also what belongs to a principal that is not configured any more', async () => {
    const left = app({
      env: { VX11_TOKENS: JSON.stringify([{ name: 'left', token: 'left-token-1', scopes: ['operator'] }]) },
    })
    await left.ask({ message: 'bye', session_id: 'left-talk' }, { headers: { 'x-vx11-token': 'left-token-1' } })
    const gateway = app({ env: { VX11_CHAT_RETENTION_DAYS: '7' } })
    await gateway.clock.advance(8 * dayMs)
    await minute(gateway)
    const stored = await database().open().select().from(operatorSession)
    expect(stored.map(({ sessionId }) => sessionId)).not.toContain('left-talk')
  })

  it('keeps everything where no number of days is set', async () => {
    const gateway = app()
    await gateway.ask({ message: 'keep me', session_id: 'kept-talk' })
    await gateway.clock.advance(36_500 * dayMs)
    await minute(gateway)
    expect((await gateway.link('/operator/session/kept-talk')).status).toBe(200)
  })
})
