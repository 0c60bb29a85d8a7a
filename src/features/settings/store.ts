/** Reads settings from `operator_settings`, and their history from `audit_logs`. */
import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Db } from '../../db/database.ts'
import { auditLogs } from '../../db/schema/mcp.ts'
import { operatorSettings } from '../../db/schema/operator.ts'

export interface StoredSetting {
  key: string
  /** JSON, or a string as v7 wrote it. */
  json: string | null
}

export interface HistoryPage {
  key: string | undefined
  /** Lines older than this one. */
  before: number | undefined
  limit: number
}

/** Of the lines of the history. */
export const settingsComponent = 'operator_settings'
/** More than may be written; v7 had no limit. */
const maxRead = 1000

export const selectSettings = (db: Db): Promise<StoredSetting[]> =>
  db
    .select({ key: operatorSettings.key, json: operatorSettings.valueJson })
    .from(operatorSettings)
    .orderBy(operatorSettings.key)
    .limit(maxRead)

/** Newest first. */
export const selectHistory = (db: Db, { key, before, limit }: HistoryPage) =>
  db
    .select({ id: auditLogs.id, message: auditLogs.message, at: auditLogs.createdAt })
    .from(auditLogs)
    .where(
      and(
        eq(auditLogs.component, settingsComponent),
        before === undefined ? undefined : lt(auditLogs.id, before),
        key === undefined
          ? undefined
          : sql`CASE WHEN json_valid(${auditLogs.message}) THEN json_extract(${auditLogs.message}, '$.key') END = ${key}`,
      ),
    )
    .orderBy(desc(auditLogs.id))
    .limit(limit)
