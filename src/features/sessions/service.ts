/** A principal's conversations: list, read, rename, delete and export. */
import { GatewayError } from '../../errors/gateway-error.ts'
import { parseObject } from '../../lib/json-text.ts'
import { nextId } from '../../lib/list-cursor.ts'
import { conversationSummary } from '../../modules/chat/exchanges/context-hint.ts'
import { rowOfMessageId } from '../../modules/chat/exchanges/message-ids.ts'
import type { Turn } from '../../modules/chat/providers/provider.ts'
import type { Deps } from '../../ports/index.ts'
import { type ExportFormat, exported } from './export.ts'
import type { Session, SessionList, SessionSummary } from './schema.ts'
import { type ListedSession, sessionStore } from './session-store.ts'
import { describeMessage, describeSession } from './shapes.ts'

export type SessionDeps = Pick<Deps, 'database' | 'log'>

export interface SessionService {
  list(principal: string, limit: number, before: number | null, correlationId: string): Promise<SessionList>
  /** The latest messages, or those before `cursor`. */
  read(principal: string, sessionId: string, page: { limit: number; cursor?: number | undefined }): Promise<Session>
  rename(principal: string, sessionId: string, title: string): Promise<SessionSummary>
  /** How many messages went with it. */
  remove(principal: string, sessionId: string): Promise<number>
  export(principal: string, sessionId: string, format: ExportFormat): Promise<AsyncGenerator<string>>
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
      const found = await reached(() => store.list(principal, { limit: limit + 1, before }))
      const rows = found.slice(0, limit)
      const last = found.length > limit ? rows.at(-1) : undefined
      return {
        sessions: rows.map(describeSession),
        next_before: last?.row ?? null,
        next: last ? String(last.row) : null,
        correlation_id: correlationId,
      }
    },

    async read(principal, sessionId, { limit, cursor = null }) {
      const session = await find(principal, sessionId)
      const found = await reached(() => store.messagesBefore(session, cursor, limit + 1))
      const rows = found.slice(0, limit).toReversed()
      const turns = rows.map(({ role, content }): Turn => ({ role: role === 'user' ? role : 'assistant', content }))
      return {
        ...describeSession(session),
        user_id: principal,
        messages: rows.map(describeMessage),
        has_more: found.length > limit,
        next: nextId(found, limit),
        summary: conversationSummary(turns, 512),
      }
    },

    async rename(principal, sessionId, title) {
      const session = await find(principal, sessionId)
      await reached(() => store.rename(session, title))
      return { ...describeSession(session), title }
    },

    async remove(principal, sessionId) {
      const session = await find(principal, sessionId)
      return reached(() => store.remove(session))
    },

    async export(principal, sessionId, format) {
      return exported(store, await find(principal, sessionId), { principal, format })
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
