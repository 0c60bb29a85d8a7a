/** Tells a principal's conversations in VX11's shapes, whole ones as Markdown or JSON. */

import { summaryOf } from '../../chat/context-hint.ts'
import { messageIdOf, rowOfMessageId } from '../../chat/message-ids.ts'
import type { Turn } from '../../chat/provider.ts'
import { GatewayError } from '../../errors.ts'
import { parseObject } from '../../lib/json-text.ts'
import { zonedMoment } from '../../lib/moment.ts'
import type { Deps } from '../../ports.ts'
import type { Session, SessionList, SessionMessage, SessionSummary } from './schema.ts'
import { type ListedSession, type MessageRow, type SessionStore, sessionStore } from './session-store.ts'

export type SessionDeps = Pick<Deps, 'database' | 'log'>

export interface SessionService {
  list(principal: string, limit: number, before: number | null, correlationId: string): Promise<SessionList>
  read(principal: string, sessionId: string, limit: number): Promise<Session>
  rename(principal: string, sessionId: string, title: string): Promise<SessionSummary>
  /** How many messages went with it. */
  remove(principal: string, sessionId: string): Promise<number>
  export(principal: string, sessionId: string, format: 'markdown' | 'json'): Promise<AsyncGenerator<string>>
  /** The stored envelope of an answer. */
  message(principal: string, messageId: string): Promise<Record<string, unknown>>
}

/** Rejects with session_not_found, message_not_found or database_unavailable. */
export function sessionService({ database, log }: SessionDeps): SessionService {
  const store = sessionStore(database)

  async function reached<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      log.warn('sessions_unavailable', { error: cause instanceof Error ? cause.name : 'unknown' })
      throw new GatewayError('database_unavailable', {}, { cause })
    }
  }

  async function find(principal: string, sessionId: string): Promise<ListedSession> {
    const session = await reached(() => store.find(principal, sessionId))
    if (!session) throw new GatewayError('session_not_found')
    return session
  }

  return {
    async list(principal, limit, before, correlationId) {
      const rows = await reached(() => store.list(principal, { limit, before }))
      const last = rows.length === limit ? rows.at(-1) : undefined
      return { sessions: rows.map(summaryRow), next_before: last?.row ?? null, correlation_id: correlationId }
    },

    async read(principal, sessionId, limit) {
      const session = await find(principal, sessionId)
      const rows = await reached(() => store.latestMessages(session, limit))
      const turns = rows.map(({ role, content }): Turn => ({ role: role === 'user' ? role : 'assistant', content }))
      return {
        ...summaryRow(session),
        user_id: principal,
        messages: rows.map(describeMessage),
        has_more: session.messages > rows.length,
        summary: summaryOf(turns, 512),
      }
    },

    async rename(principal, sessionId, title) {
      const session = await find(principal, sessionId)
      await reached(() => store.rename(session, title))
      return { ...summaryRow(session), title }
    },

    async remove(principal, sessionId) {
      const session = await find(principal, sessionId)
      return reached(() => store.remove(session))
    },

    async export(principal, sessionId, format) {
      const session = await find(principal, sessionId)
      const rows = allMessages(store, session)
      return format === 'json' ? asJson(session, principal, rows) : asMarkdown(session, rows)
    },

    async message(principal, messageId) {
      const row = rowOfMessageId(messageId)
      const found = row === null ? null : await reached(() => store.findMessage(principal, row))
      if (!found) throw new GatewayError('message_not_found')
      const { content } = found
      return { ...parseObject(found.metadata), response: content, message: content, reply: content }
    },
  }
}

const summaryRow = ({ sessionId, title, createdAt, updatedAt, messages }: ListedSession): SessionSummary => ({
  session_id: sessionId,
  title,
  created_at: zonedMoment(createdAt),
  updated_at: zonedMoment(updatedAt),
  message_count: messages,
})

const describeMessage = ({ id, role, content, metadata, createdAt }: MessageRow): SessionMessage => ({
  message_id: messageIdOf(id),
  role,
  content,
  timestamp: zonedMoment(createdAt),
  metadata: parseObject(metadata),
})

const pageSize = 100

async function* allMessages(store: SessionStore, session: ListedSession): AsyncGenerator<MessageRow> {
  for (let after = 0; ; ) {
    const page = await store.messagesAfter(session, after, pageSize)
    yield* page
    if (page.length < pageSize) return
    after = (page.at(-1)?.id ?? 0) + 1
  }
}

async function* asJson(session: ListedSession, principal: string, rows: AsyncIterable<MessageRow>) {
  const head = JSON.stringify({ ...summaryRow(session), user_id: principal })
  yield `${head.slice(0, -1)},"messages":[`
  let separator = ''
  for await (const row of rows) {
    yield separator + JSON.stringify(describeMessage(row))
    separator = ','
  }
  yield ']}'
}

async function* asMarkdown(session: ListedSession, rows: AsyncIterable<MessageRow>) {
  yield `# ${(session.title ?? session.sessionId).replaceAll(/\s+/g, ' ')}\n\nSession \`${session.sessionId}\`, ${session.messages} messages.\n`
  for await (const { role, content, createdAt } of rows)
    yield `\n## ${role}, ${zonedMoment(createdAt) ?? 'undated'}\n\n${content}\n`
}
