/** Stores each question before a provider is asked and each answer before it is sent; reads a session's context. */
import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Database, Db } from '../../../db/database.ts'
import { insertSelect } from '../../../db/insert-select.ts'
import { insertWhen } from '../../../db/insert-when.ts'
import { operatorEvents, operatorMessage, operatorSession } from '../../../db/schema/operator.ts'
import { storedMoment } from '../../../lib/moment-forms.ts'
import type { PastEvent, Turn } from '../providers/provider.ts'
import { type Account, accountsOf, dayOf, tokensSince } from './accounts.ts'
import { hintedMessages } from './context-hint.ts'
import { idsPerSession, titleOffset } from './message-ids.ts'
import { sessionNames } from './session-names.ts'

export interface NewQuestion {
  sessionId: string
  principal: string
  message: string
  correlationId: string
  atMs: number
}

export interface OpenedExchange {
  /** The answer's row; the question's is the one before. */
  answerRow: number
  /** Of the session, in the store and towards providers. */
  sessionName: string
  /** Oldest first, without the new question. */
  history: readonly Turn[]
  /** Newest first. */
  lastEvents: readonly PastEvent[]
  /** Model tokens of the principal since midnight, UTC. */
  tokensToday: number
}

export interface AnswerRecord extends Account {
  row: number
  sessionId: string
  text: string
  /** The envelope without its text, as JSON. */
  metadata: string
}

/** Rejects with the store's error when the database does not answer. */
export interface Exchanges {
  /** Null when the session is being deleted. */
  open(question: NewQuestion): Promise<OpenedExchange | null>
  keep(answer: AnswerRecord): Promise<void>
}

const shownEvents = 3

export const exchanges = (database: Database): Exchanges => ({
  async open(asked) {
    const [plain, marked] = sessionNames(asked.principal, asked.sessionId)
    return (await openAs(database.open(), asked, plain)) ?? openAs(database.open(), asked, marked)
  },

  async keep(answer) {
    const db = database.open()
    const moment = storedMoment(answer.atMs)
    const message = db
      .insert(operatorMessage)
      .values({
        ...{ id: answer.row, sessionId: answer.sessionId, role: 'assistant', content: answer.text },
        ...{ messageMetadata: answer.metadata, createdAt: moment },
      })
      .onConflictDoNothing()
    await db.batch([message, ...accountsOf(db, answer)])
  },
})

/** Null when the name is another principal's, or this one has the session under another name. */
async function openAs(db: Db, asked: NewQuestion, sessionName: string): Promise<OpenedExchange | null> {
  const question = { ...asked, sessionId: sessionName }
  const [, , opened, turns, events, spent] = await db.batch([
    beginSession(db, question),
    touchSession(db, question),
    insertQuestion(db, question),
    latestTurns(db, question),
    latestEvents(db),
    tokensSince(db, question.principal, dayOf(question.atMs)),
  ])
  const row = opened[0]?.id
  if (row === undefined) return null
  const history = turns.filter(({ id }) => id !== row).toReversed()
  return {
    answerRow: row + 1,
    sessionName,
    history: history.map(turnOf),
    lastEvents: events.map(({ at, severity, summary }) => ({
      at: at ?? '',
      severity: severity ?? 'info',
      summary: (summary ?? '').slice(0, 200),
    })),
    tokensToday: spent[0]?.tokens ?? 0,
  }
}

/** Where the principal has a session under its marked name, the plain one stays free. */
function beginSession(db: Db, { sessionId, principal, atMs }: NewQuestion) {
  const [, marked] = sessionNames(principal, sessionId)
  const isNew = sql`not exists (select 1 from ${operatorSession} where ${operatorSession.sessionId} = ${marked})`
  const moments = { createdAt: storedMoment(atMs), updatedAt: storedMoment(atMs) }
  const row = { sessionId, userId: principal, source: 'api', ...moments }
  return insertWhen(db, operatorSession, row, isNew).onConflictDoNothing()
}

const ownSession = ({ sessionId, principal }: Pick<NewQuestion, 'sessionId' | 'principal'>) =>
  and(eq(operatorSession.sessionId, sessionId), eq(operatorSession.userId, principal))

const touchSession = (db: Db, question: NewQuestion) =>
  db
    .update(operatorSession)
    .set({ updatedAt: storedMoment(question.atMs) })
    .where(ownSession(question))

/** The ids of the session's messages, beginning and end; its title is none. */
const firstId = sql`${operatorSession.id} * ${sql.raw(String(idsPerSession))}`
const endId = sql`${firstId} + ${sql.raw(String(titleOffset))}`

/** The next even id, in one statement, so that concurrent questions never get the same. */
function insertQuestion(db: Db, question: NewQuestion) {
  const { id } = operatorMessage
  const last = sql`(select max(${id}) from ${operatorMessage} where ${id} >= ${firstId} and ${id} < ${endId})`
  const next = sql`(coalesce(${last}, ${firstId} - 1) / 2 + 1) * 2`
  const metadata = JSON.stringify({ correlation_id: question.correlationId })
  const row = {
    ...{ id: next, sessionId: operatorSession.sessionId, role: 'user', content: question.message },
    ...{ messageMetadata: metadata, createdAt: storedMoment(question.atMs) },
  }
  return insertSelect(db, operatorMessage, row, sql`from ${operatorSession} where ${ownSession(question)}`).returning({
    id,
  })
}

/** One more than are hinted: the new question is among them. */
function latestTurns(db: Db, question: NewQuestion) {
  const { id, role, content, sessionId, messageMetadata } = operatorMessage
  return db
    .select({ id, role, content, metadata: messageMetadata })
    .from(operatorMessage)
    .innerJoin(operatorSession, ownSession(question) as SQL)
    .where(and(sql`${id} >= ${firstId}`, sql`${id} < ${endId}`, eq(sessionId, question.sessionId)))
    .orderBy(desc(id))
    .limit(hintedMessages + 1)
}

interface StoredTurn {
  role: string
  content: string
  metadata: string | null
}

function turnOf({ role, content, metadata }: StoredTurn): Turn {
  if (role === 'user') return { role, content }
  return { role: 'assistant', content, fromModel: !gatewaysOwn.test(metadata ?? '') }
}

/** In the stored envelope: the local answer, and no answer at all. */
const gatewaysOwn = /"provider":"(local|none)"/

const latestEvents = (db: Db) =>
  db
    .select({ at: operatorEvents.ts, severity: operatorEvents.severity, summary: operatorEvents.summary })
    .from(operatorEvents)
    .orderBy(desc(operatorEvents.ts))
    .limit(shownEvents)
