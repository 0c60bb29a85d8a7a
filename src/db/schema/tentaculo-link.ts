/** The gateway’s own events. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { datetime, utcNow, varchar } from './columns.ts'

/** One gateway event. */
export const events = sqliteTable('events', {
  id: integer().primaryKey(),
  source: varchar({ length: 64 }).notNull(),
  eventType: varchar('event_type', { length: 64 }).notNull(),
  payload: text(),
  createdAt: datetime('created_at').$default(utcNow),
})
