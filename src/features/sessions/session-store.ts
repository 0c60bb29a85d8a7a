/** Reads and changes a principal's conversations; another principal's do not exist here. */
import { and, asc, count, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { operatorMessage, operatorSession } from '../../db/schema/operator.ts'
import { firstIdOf, idsPerSession, titleOffset } from '../../modules/chat/exchanges/message-ids.ts'

export interface SessionRow {
  row: number
  sessionId: string
  createdAt: string | null
  updatedAt: string | null
}

export interface ListedSession extends SessionRow {
  /** The given title, else the start of the first message; null without messages. */
  title: string | null
  messages: number
}

export interface MessageRow {
  id: number
  role: string
  content: string
  metadata: string | null
  createdAt: string | null
}

/** Rejects with the store's error when the database does not answer. */
export interface SessionStore {
  /** Newest first. */
  list(principal: string, page: { limit: number; before: number | null }): Promise<ListedSession[]>
  find(principal: string, sessionId: string): Promise<ListedSession | null>
  /** From `after` on, oldest first. */
  messagesAfter(session: SessionRow, after: number, limit: number): Promise<MessageRow[]>
  /** Newest first; null begins with the latest. */
  messagesBefore(session: SessionRow, before: number | null, limit: number): Promise<MessageRow[]>
  /** An answer, if it is in one of the principal's sessions. */
  findMessage(principal: string, row: number): Promise<(MessageRow & { sessionId: string }) | null>
  rename(session: SessionRow, title: string): Promise<void>
  /** Sessions that the gateway began and that were last written before the stored moment, oldest first. */
  idleSince(moment: string, limit: number): Promise<SessionRow[]>
  /** How many messages went with it. */
  remove(session: SessionRow): Promise<number>
}

const { id, role, content, messageMetadata, createdAt, sessionId } = operatorMessage
const messageColumns = { id, role, content, metadata: messageMetadata, createdAt }

/** VX11's own writers take the next free id, whosever range that is in. */
const rangeOf = ({ row, sessionId: name }: SessionRow) =>
  and(gte(id, firstIdOf(row)), lt(id, firstIdOf(row) + titleOffset), eq(sessionId, name))

/** Of each session in a list: all three walk its own range of ids alone. */
const k = sql.raw(String(idsPerSession))
const first = sql`${operatorSession.id} * ${k}`
const end = sql`${first} + ${sql.raw(String(titleOffset))}`
const inRange = sql`${id} >= ${first} and ${id} < ${end} and ${sessionId} = ${operatorSession.sessionId}`
const title = sql<string | null>`coalesce(
  (select ${content} from ${operatorMessage} where ${id} = ${end}),
  (select substr(${content}, 1, 60) from ${operatorMessage} where ${inRange} order by ${id} limit 1)
)`
const messages = sql<number>`(select count(*) from ${operatorMessage} where ${inRange})`
/**
 * Told by the first message, whose id the gateway derives from the session's row: VX11's own writers take the next
 * free id. The principal may be gone from the configuration since.
 */
const isGateways = sql`exists (select 1 from ${operatorMessage} where ${id} = ${first} and ${sessionId} = ${operatorSession.sessionId})`
const listed = {
  row: operatorSession.id,
  sessionId: operatorSession.sessionId,
  createdAt: operatorSession.createdAt,
  updatedAt: operatorSession.updatedAt,
  title: title.as('title'),
  messages: messages.as('messages'),
}

export const sessionStore = (database: Database): SessionStore => ({
  list: (principal, { limit, before }) =>
    database
      .open()
      .select(listed)
      .from(operatorSession)
      .where(and(eq(operatorSession.userId, principal), before === null ? undefined : lt(operatorSession.id, before)))
      .orderBy(desc(operatorSession.id))
      .limit(limit),

  async find(principal, name) {
    const [row] = await database
      .open()
      .select(listed)
      .from(operatorSession)
      .where(and(eq(operatorSession.sessionId, name), eq(operatorSession.userId, principal)))
    return row ?? null
  },

  messagesAfter: (session, after, limit) =>
    database
      .open()
      .select(messageColumns)
      .from(operatorMessage)
      .where(and(rangeOf(session), gte(id, after)))
      .orderBy(asc(id))
      .limit(limit),

  messagesBefore: (session, before, limit) =>
    database
      .open()
      .select(messageColumns)
      .from(operatorMessage)
      .where(and(rangeOf(session), before === null ? undefined : lt(id, before)))
      .orderBy(desc(id))
      .limit(limit),

  async findMessage(principal, row) {
    const [found] = await database
      .open()
      .select({ ...messageColumns, sessionId })
      .from(operatorMessage)
      .innerJoin(operatorSession, eq(operatorSession.sessionId, sessionId))
      .where(and(eq(id, row), eq(role, 'assistant'), eq(operatorSession.userId, principal)))
    return found ?? null
  },

  async rename({ row, sessionId: name }, text) {
    await database
      .open()
      .insert(operatorMessage)
      .values({ id: firstIdOf(row) + titleOffset, sessionId: name, role: 'system', content: text })
      .onConflictDoUpdate({ target: id, set: { content: text } })
  },

  idleSince: (moment, limit) =>
    database
      .open()
      .select({
        row: operatorSession.id,
        sessionId: operatorSession.sessionId,
        createdAt: operatorSession.createdAt,
        updatedAt: operatorSession.updatedAt,
      })
      .from(operatorSession)
      .where(and(lt(operatorSession.updatedAt, moment), isGateways))
      .orderBy(asc(operatorSession.id))
      .limit(limit),

  async remove(session) {
    const { row, sessionId: name } = session
    const db = database.open()
    const all = and(gte(id, firstIdOf(row)), lt(id, firstIdOf(row + 1)), eq(sessionId, name))
    const counted = db.select({ messages: count() }).from(operatorMessage).where(rangeOf(session))
    const [before] = await db.batch([
      counted,
      db.delete(operatorMessage).where(all),
      db.delete(operatorSession).where(eq(operatorSession.id, row)),
    ])
    return before[0]?.messages ?? 0
  },
})
