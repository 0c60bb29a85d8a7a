/** Settings in `operator_settings`, always as JSON; every change of one is a line in `audit_logs`, in the same transaction. */
import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { Db } from '../../db/database.ts'
import { insertSelect } from '../../db/insert-select.ts'
import { auditLogs } from '../../db/schema/mcp.ts'
import { operatorSettings } from '../../db/schema/operator.ts'
import { sqlMoment } from '../../lib/moment-forms.ts'

export interface StoredSetting {
  key: string
  /** JSON, or a string as v7 wrote it. */
  json: string | null
}

export interface Author {
  /** The principal's name. */
  by: string
  correlationId: string
  atMs: number
}

export interface HistoryPage {
  key: string | undefined
  /** Lines older than this one. */
  before: number | undefined
  limit: number
}

const component = 'operator_settings'
/** More than may be written; v7 had no limit. */
const maxRead = 1000

const allSettings = (db: Db) =>
  db
    .select({ key: operatorSettings.key, json: operatorSettings.valueJson })
    .from(operatorSettings)
    .orderBy(operatorSettings.key)
    .limit(maxRead)

export const selectSettings = (db: Db): Promise<StoredSetting[]> => allSettings(db)

/** What is stored afterwards, and the keys whose value became another. All of it is written, or nothing. */
export async function storeSettings(
  db: Db,
  changes: readonly { key: string; json: string }[],
  author: Author,
): Promise<{ changed: string[]; settings: StoredSetting[] }> {
  const writes = changes.flatMap(({ key, json }) => [recordChange(db, key, json, author), put(db, key, json, author)])
  const results = (await db.batch([...writes, allSettings(db)] as unknown as Statements)) as unknown[]
  const changed = results.filter((_, index) => index % 2 === 1 && index < writes.length) as { key: string }[][]
  return { changed: changed.flat().map(({ key }) => key), settings: results.at(-1) as StoredSetting[] }
}

type Statements = [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]]

/** False when there was none. */
export async function deleteSetting(db: Db, key: string, author: Author): Promise<boolean> {
  const [, removed] = await db.batch([
    recordChange(db, key, null, author),
    db.delete(operatorSettings).where(eq(operatorSettings.key, key)).returning({ key: operatorSettings.key }),
  ])
  return removed.length > 0
}

function put(db: Db, key: string, json: string, { by, atMs }: Author) {
  const row = { valueJson: json, updatedAt: sqlMoment(atMs), updatedBy: by }
  return db
    .insert(operatorSettings)
    .values({ key, ...row })
    .onConflictDoUpdate({
      target: operatorSettings.key,
      set: row,
      setWhere: sql`${operatorSettings.valueJson} IS NOT excluded.value_json`,
    })
    .returning({ key: operatorSettings.key })
}

/** Before the change is made, and only where it will be one; `after` is null for a key that goes. */
function recordChange(db: Db, key: string, after: string | null, { by, correlationId, atMs }: Author) {
  const stored = sql`SELECT 1 FROM operator_settings WHERE key = ${key}`
  const before = sql`(SELECT value_json FROM operator_settings WHERE key = ${key})`
  const isChange = after === null ? sql`EXISTS (${stored})` : sql`NOT EXISTS (${stored} AND value_json IS ${after})`
  const message = sql`json_object('key', ${key}, 'existed', EXISTS (${stored}), 'before', ${before}, 'after', ${after}, 'by', ${by}, 'correlation_id', ${correlationId})`
  const row = { id: null, component, level: 'INFO', message, createdAt: sqlMoment(atMs) }
  return insertSelect(db, auditLogs, row, sql`WHERE ${isChange}`)
}

/** Newest first. */
export const selectHistory = (db: Db, { key, before, limit }: HistoryPage) =>
  db
    .select({ id: auditLogs.id, message: auditLogs.message, at: auditLogs.createdAt })
    .from(auditLogs)
    .where(
      and(
        eq(auditLogs.component, component),
        before === undefined ? undefined : lt(auditLogs.id, before),
        key === undefined
          ? undefined
          : sql`CASE WHEN json_valid(${auditLogs.message}) THEN json_extract(${auditLogs.message}, '$.key') END = ${key}`,
      ),
    )
    .orderBy(desc(auditLogs.id))
    .limit(limit)
