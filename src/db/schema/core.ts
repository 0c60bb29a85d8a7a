/** Tables that belong to no single module: the forensic ledger and the log of schema migrations. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { currentTimestamp, datetime, textKey, utcNow, varchar } from './columns.ts'

/** One append-only event with a SHA-256 of event and payload. */
export const forensicLedger = sqliteTable('forensic_ledger', {
  id: integer().primaryKey(),
  event: varchar({ length: 255 }).notNull(),
  payload: text(),
  // SHA-256, hex, of event, colon, payload.
  hash: varchar({ length: 64 }).notNull(),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One applied schema migration. */
export const vx11MigrationLog = sqliteTable('vx11_migration_log', {
  migrationId: textKey('migration_id'),
  appliedAt: datetime('applied_at').default(currentTimestamp),
  description: text(),
  sourceFile: text('source_file'),
})
