/** Writes rows of other tables in the transaction of an event commit, while what they replace is as it was read. */
import { and, inArray, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { Db } from '../../../db/database.ts'
import { cells, insertSelect } from '../../../db/insert-select.ts'
import { insertWhen } from '../../../db/insert-when.ts'
import { writeRecords } from '../../../db/records.ts'
import { powerEvents, systemState } from '../../../db/schema/madre.ts'
import { auditLogs } from '../../../db/schema/mcp.ts'
import { operatorSettings } from '../../../db/schema/operator.ts'
import { sqlMoment } from '../../../lib/moment-forms.ts'
import type { ReplacedText, StateChange } from '../../../ports/index.ts'

/** Every text that the change replaces is still stored as it was read. */
export const isAsRead = ({ records = [], settings = [], attempts = [] }: StateChange): SQL =>
  sql`(${unchanged(sql`select value from system_state`, records)} and ${unchanged(sql`select value_json from operator_settings`, settings)} and ${present(attempts)})`

const present = (attempts: readonly number[]): SQL =>
  attempts.length === 0
    ? sql`true`
    : sql`(select count(*) from audit_logs where id in ${listed(attempts)} and ${isAttempt}) = ${attempts.length}`

const isAttempt = sql`iif(json_valid(message), message ->> '$.outcome', '') = 'attempted'`

const unchanged = (stored: SQL, texts: readonly ReplacedText[]): SQL => {
  const read = sql`json_each(${JSON.stringify(texts.map(({ key, from }) => [key, from]))}) as was`
  return sql`not exists (select 1 from ${read} where (${stored} where key = was.value ->> 0) is not (was.value ->> 1))`
}

/** The statements, each with the condition `written`. */
export function changeStatements(
  db: Db,
  { records = [], settings = [], lines = [], attempts = [], powerEvents: power = [] }: StateChange,
  at: number,
  written: SQL,
): BatchItem<'sqlite'>[] {
  return [
    ...(lines.length > 0 ? [insertLines(db, lines, at, written)] : []),
    // After the lines: the table would give the number of its newest row, once that is gone, to another.
    ...(attempts.length > 0 ? [db.delete(auditLogs).where(and(inArray(auditLogs.id, listed(attempts)), written))] : []),
    ...power.map((row) => insertWhen(db, powerEvents, row, written)),
    ...(kept(records).length > 0 ? [writeRecords(db, Object.fromEntries(kept(records)), at, written)] : []),
    ...(gone(records).length > 0
      ? [db.delete(systemState).where(and(inArray(systemState.key, listed(gone(records))), written))]
      : []),
    ...(kept(settings).length > 0 ? [writeSettings(db, settings, at, written)] : []),
    ...(gone(settings).length > 0
      ? [db.delete(operatorSettings).where(and(inArray(operatorSettings.key, listed(gone(settings))), written))]
      : []),
  ]
}

const kept = (texts: readonly ReplacedText[]) =>
  texts.flatMap(({ key, to }) => (to === null ? [] : [[key, to] as const]))
const gone = (texts: readonly ReplacedText[]) => texts.flatMap(({ key, to }) => (to === null ? [key] : []))
const listed = (keys: readonly (string | number)[]) => sql`(select value from json_each(${JSON.stringify(keys)}))`

function insertLines(db: Db, lines: NonNullable<StateChange['lines']>, at: number, written: SQL) {
  const rows = lines.map(({ component, level, message }) => [null, component, level, message, sqlMoment(at)])
  const positions = { id: 0, component: 1, level: 2, message: 3, createdAt: 4 } as const
  const from = sql`from json_each(${JSON.stringify(rows)}) where ${written}`
  return insertSelect(db, auditLogs, cells<typeof auditLogs>(positions), from)
}

function writeSettings(db: Db, settings: NonNullable<StateChange['settings']>, at: number, written: SQL) {
  const rows = settings.flatMap(({ key, to, by }) => (to === null ? [] : [[key, to, sqlMoment(at), by]]))
  const positions = { key: 0, valueJson: 1, updatedAt: 2, updatedBy: 3 } as const
  const from = sql`from json_each(${JSON.stringify(rows)}) where ${written}`
  return insertSelect(db, operatorSettings, cells<typeof operatorSettings>(positions), from).onConflictDoUpdate({
    target: operatorSettings.key,
    set: {
      valueJson: sql`excluded.value_json`,
      updatedAt: sql`excluded.updated_at`,
      updatedBy: sql`excluded.updated_by`,
    },
  })
}
