/** The gateway's own records: JSON texts in `system_state` under its own keys. */
import { inArray, type SQL, sql } from 'drizzle-orm'
import * as v from 'valibot'
import { storedMoment } from '../lib/moment-forms.ts'
import type { Db } from './database.ts'
import { insertSelect, orNull } from './insert-select.ts'
import { systemState } from './schema/madre.ts'

/** The texts of the keys that exist. */
export async function readRecords(db: Db, keys: readonly string[]): Promise<Map<string, string>> {
  const { key, value } = systemState
  const rows = await db
    .select({ key, value })
    .from(systemState)
    .where(inArray(key, [...keys]))
  return new Map(rows.flatMap((row) => (row.value === null ? [] : [[row.key, row.value] as const])))
}

/** Null for a missing or invalid text. */
export function parseRecord<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string | undefined,
): v.InferOutput<Schema> | null {
  try {
    const stored = v.safeParse(schema, JSON.parse(text ?? 'null'))
    return stored.success ? stored.output : null
  } catch {
    return null
  }
}

/** Writes all texts in one statement if the condition holds, and returns a row for each. Other columns stay NULL. */
export function writeRecords(db: Db, texts: Readonly<Record<string, string>>, at: number, condition: SQL = sql`true`) {
  const rows = JSON.stringify(Object.entries(texts).map(([key, value]) => ({ key, value })))
  const given = {
    key: sql`row.value ->> '$.key'`,
    value: sql`row.value ->> '$.value'`,
    updatedAt: storedMoment(at),
  }
  return insertSelect(
    db,
    systemState,
    orNull(systemState, given),
    sql`from json_each(${rows}) as row where ${condition}`,
  )
    .onConflictDoUpdate({
      target: systemState.key,
      set: { value: sql`excluded.value`, updatedAt: sql`excluded.updated_at` },
    })
    .returning({ key: systemState.key })
}

/**
 * Lets one of several instances do periodic work: true for the first that finds the last turn older than
 * `turnMs`, or implausibly far in the future.
 */
export async function takeTurn(db: Db, key: string, holder: string, at: number, turnMs: number): Promise<boolean> {
  const [oldest, newest] = [storedMoment(at - turnMs), storedMoment(at + turnMs)]
  const taken = await db.all<{ value: string }>(sql`
    insert into system_state (key, value, updated_at) values (${key}, ${holder}, ${storedMoment(at)})
    on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
    where updated_at is null or updated_at <= ${oldest} or updated_at > ${newest}
    returning value`)
  return taken.length === 1
}

export const holdsTurn = (key: string, holder: string): SQL =>
  sql`exists (select 1 from system_state where key = ${key} and value = ${holder})`
