/** Reads and changes a principal's conversations; another principal's do not exist here. */
import { and, asc, count, desc, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { Database, Db } from '../../db/database.ts'
import { operatorMessage, operatorSession } from '../../db/schema/operator.ts'
import { deletedOwner } from '../../modules/chat/exchanges/deleted-owner.ts'
import { firstIdOf, idsPerSession, titleOffset } from '../../modules/chat/exchanges/message-ids.ts'
import { sessionNames } from '../../modules/chat/exchanges/session-names.ts'

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
  /** How many messages went with it. Readers do not find it from the begin on, whether or not this comes to its end. */
  remove(session: SessionRow): Promise<number>
  /** Sessions whose deletion was interrupted. */
  halfDeleted(limit: number): Promise<SessionRow[]>
}

const { id, role, content, messageMetadata, createdAt, sessionId } = operatorMessage
const messageColumns = { id, role, content, metadata: messageMetadata, createdAt }

/**
 * VX11's own writers take the next free id, whosever range that is in. One bound at each end: of two, SQLite seeks by
 * the first, so that each page of a long session would walk through all those before it.
 */
const rangeOf = ({ row, sessionId: name }: SessionRow, { from = 0, before = Number.MAX_SAFE_INTEGER } = {}) =>
  and(
    gte(id, Math.max(from, firstIdOf(row))),
    lt(id, Math.min(before, firstIdOf(row) + titleOffset)),
    eq(sessionId, name),
  )

/** The messages and the title. */
const allOf = ({ row, sessionId: name }: SessionRow) =>
  and(gte(id, firstIdOf(row)), lt(id, firstIdOf(row + 1)), eq(sessionId, name))

/** Rows that one statement deletes, so that other writes have their turn. */
const deletedAtOnce = 500

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
      .where(
        and(
          inArray(operatorSession.sessionId, [...sessionNames(principal, name)]),
          eq(operatorSession.userId, principal),
        ),
      )
    return row ?? null
  },

  messagesAfter: (session, after, limit) =>
    database
      .open()
      .select(messageColumns)
      .from(operatorMessage)
      .where(rangeOf(session, { from: after }))
      .orderBy(asc(id))
      .limit(limit),

  messagesBefore: (session, before, limit) =>
    database
      .open()
      .select(messageColumns)
      .from(operatorMessage)
      .where(rangeOf(session, before === null ? {} : { before }))
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

  idleSince: (moment, limit) => sessionsWhere(database, and(lt(operatorSession.updatedAt, moment), isGateways), limit),

  halfDeleted: (limit) => sessionsWhere(database, eq(operatorSession.userId, deletedOwner), limit),

  async remove(session) {
    const db = database.open()
    const [counted] = await db.batch([
      db.select({ messages: count() }).from(operatorMessage).where(rangeOf(session)),
      db.update(operatorSession).set({ userId: deletedOwner }).where(eq(operatorSession.id, session.row)),
    ])
    while (await removeSome(db, session));
    // An answer may have been stored since; a message needs its session, so the two go together.
    await db.batch([
      db.delete(operatorMessage).where(allOf(session)),
      db.delete(operatorSession).where(eq(operatorSession.id, session.row)),
    ])
    return counted[0]?.messages ?? 0
  },
})

/** False when no message is left behind those that it deleted. */
async function removeSome(db: Db, session: SessionRow): Promise<boolean> {
  const some = db.select({ id }).from(operatorMessage).where(allOf(session)).orderBy(asc(id)).limit(deletedAtOnce)
  const removed = await db.delete(operatorMessage).where(inArray(id, some)).returning({ id })
  return removed.length === deletedAtOnce
}

const sessionsWhere = (database: Database, where: SQL | undefined, limit: number): Promise<SessionRow[]> =>
  database
    .open()
    .select({
      row: operatorSession.id,
      sessionId: operatorSession.sessionId,
      createdAt: operatorSession.createdAt,
      updatedAt: operatorSession.updatedAt,
    })
    .from(operatorSession)
    .where(where)
    .orderBy(asc(operatorSession.id))
    .limit(limit)
