/** Audit lines and sandboxed runs. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { datetime, float, utcNow, varchar } from './columns.ts'

/** One audit line of a component. */
export const auditLogs = sqliteTable('audit_logs', {
  id: integer().primaryKey(),
  component: varchar({ length: 64 }).notNull(),
  // INFO or WARN.
  level: varchar({ length: 16 }).$default(() => 'INFO'),
  message: text().notNull(),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One sandboxed command or expression run. */
export const sandboxExec = sqliteTable('sandbox_exec', {
  id: integer().primaryKey(),
  // exec_cmd or execute_safe.
  action: varchar({ length: 128 }).notNull(),
  // pending, ok, error or timeout.
  status: varchar({ length: 32 }).$default(() => 'pending'),
  durationMs: float('duration_ms').$default(() => 0),
  error: text(),
  createdAt: datetime('created_at').$default(utcNow),
})
