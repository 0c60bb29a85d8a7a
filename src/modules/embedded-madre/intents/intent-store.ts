/** Keeps intents in `intents_log`, and the result of one that can be asked for in `tasks` under its id. */
import { and, eq, notExists } from 'drizzle-orm'
import * as v from 'valibot'
import type { Database } from '../../../db/database.ts'
import { insertWhen } from '../../../db/insert-when.ts'
import { intentsLog, tasks } from '../../../db/schema/madre.ts'
import { parseExactJson } from '../../../lib/exact-json.ts'
import { storedMoment } from '../../../lib/moment-forms.ts'
import { onMadreDatabase } from '../requests/refusal.ts'

export interface ReceivedIntent {
  source: string
  /** The whole intent, as JSON. */
  json: string
  status: 'planned' | 'done' | 'error'
  notes: string
  atMs: number
}

const IntentOutcome = v.object({
  mode: v.string(),
  provider: v.nullable(v.string()),
  response: v.unknown(),
  degraded: v.boolean(),
})

export interface StoredIntentResult extends v.InferOutput<typeof IntentOutcome> {
  id: string
  name: string
  status: 'DONE' | 'ERROR'
  error: string | null
}

/** Rejects with a Refusal when the database does not answer. */
export interface IntentStore {
  /** The id of its row. */
  log(intent: ReceivedIntent): Promise<number>
  /** False, and nothing is written, when the id is taken. */
  keep(intent: ReceivedIntent, result: StoredIntentResult): Promise<boolean>
  find(id: string): Promise<Omit<StoredIntentResult, 'name'> | null>
}

const ours = (id: string) => and(eq(tasks.uuid, id), eq(tasks.module, 'madre'), eq(tasks.action, 'vx11_intent'))

export const intentStore = (database: Database): IntentStore => ({
  log: (intent) =>
    onMadreDatabase(async () => {
      const rows = await database.open().insert(intentsLog).values(logRow(intent)).returning({ id: intentsLog.id })
      return rows[0]?.id ?? 0
    }),

  keep: (intent, { id, name, status, error, ...outcome }) =>
    onMadreDatabase(async () => {
      const db = database.open()
      const moment = storedMoment(intent.atMs)
      const isFree = notExists(db.select({ id: tasks.id }).from(tasks).where(eq(tasks.uuid, id)))
      const [, kept] = await db.batch([
        insertWhen(db, intentsLog, logRow(intent), isFree),
        db
          .insert(tasks)
          .values({
            ...{ uuid: id, name, module: 'madre', action: 'vx11_intent', status, error },
            ...{ result: JSON.stringify(outcome), createdAt: moment, updatedAt: moment },
          })
          .onConflictDoNothing()
          .returning({ id: tasks.id }),
      ])
      return kept.length === 1
    }),

  async find(id) {
    const columns = { status: tasks.status, result: tasks.result, error: tasks.error }
    const [row] = await onMadreDatabase(async () => database.open().select(columns).from(tasks).where(ours(id)))
    if (!row) return null
    const outcome = v.parse(IntentOutcome, parseExactJson(row.result ?? 'null'))
    return { id, status: row.status === 'DONE' ? 'DONE' : 'ERROR', error: row.error, ...outcome }
  },
})

const logRow = ({ source, json, status, notes, atMs }: ReceivedIntent) => ({
  source,
  payloadJson: json,
  createdAt: storedMoment(atMs),
  processedByMadreAt: status === 'planned' ? null : storedMoment(atMs),
  resultStatus: status,
  notes,
})
