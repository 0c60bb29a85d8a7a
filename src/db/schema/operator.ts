/** The operator’s conversations, and the events, metrics and settings of the dashboard. */
import { sql } from 'drizzle-orm'
import { check, index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { boolean, currentTimestamp, datetime, textKey, utcNow, varchar } from './columns.ts'

/** One cached audit run for the dashboard. */
export const operatorAuditRunsCache = sqliteTable('operator_audit_runs_cache', {
  runId: textKey('run_id'),
  runType: text('run_type').notNull(),
  status: text().notNull().default('pending'),
  startedAt: datetime('started_at').default(currentTimestamp),
  completedAt: datetime('completed_at'),
  resultJson: text('result_json'),
  errorMsg: text('error_msg'),
  createdAt: datetime('created_at').default(currentTimestamp),
  updatedAt: datetime('updated_at').default(currentTimestamp),
})

/** One browser automation request. */
export const operatorBrowserTask = sqliteTable('operator_browser_task', {
  id: integer().primaryKey(),
  sessionId: varchar('session_id', { length: 64 })
    .notNull()
    .references(() => operatorSession.sessionId),
  url: varchar({ length: 500 }).notNull(),
  // pending, running, done or error.
  status: varchar({ length: 50 }).$default(() => 'pending'),
  snapshotPath: varchar('snapshot_path', { length: 255 }),
  result: text(),
  error: text(),
  createdAt: datetime('created_at').$default(utcNow),
  executedAt: datetime('executed_at'),
})

/** One dashboard event (status, module, window, intent, audit). */
export const operatorEvents = sqliteTable(
  'operator_events',
  {
    // Evt_ plus 12 hex digits.
    eventId: textKey('event_id'),
    ts: datetime().default(currentTimestamp),
    eventType: text('event_type'),
    severity: text(),
    module: text(),
    correlationId: text('correlation_id'),
    summary: text(),
    payloadJson: text('payload_json'),
  },
  (table) => [
    // The events of one module.
    index('idx_operator_events_module').on(table.module),
    // The newest events.
    index('idx_operator_events_ts').on(table.ts),
    // The events of one correlation id; most events have none.
    index('idx_operator_events_correlation_id').on(table.correlationId).where(sql`correlation_id is not null`),
    check('operator_events_event_type_check', sql`event_type IN ('status', 'module', 'window', 'intent', 'audit')`),
    check('operator_events_severity_check', sql`severity IN ('info', 'warn', 'crit')`),
  ],
)

/** One operator job. */
export const operatorJobs = sqliteTable('operator_jobs', {
  id: integer().primaryKey(),
  jobId: varchar('job_id', { length: 64 }).notNull().unique(),
  intent: varchar({ length: 64 }).notNull(),
  status: varchar({ length: 32 }).$default(() => 'queued'),
  payload: text(),
  result: text(),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One message of a conversation. */
export const operatorMessage = sqliteTable('operator_message', {
  id: integer().primaryKey(),
  sessionId: varchar('session_id', { length: 64 })
    .notNull()
    .references(() => operatorSession.sessionId),
  // user, assistant, system or tool.
  role: varchar({ length: 50 }).notNull(),
  content: text().notNull(),
  // JSON text (tool calls etc.).
  messageMetadata: text('message_metadata'),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One numeric measurement for the dashboard. */
export const operatorMetrics = sqliteTable(
  'operator_metrics',
  {
    // Met_ plus 12 hex digits.
    metricId: textKey('metric_id'),
    ts: datetime().default(currentTimestamp),
    metricName: text('metric_name'),
    value: real(),
    module: text(),
    dimensionsJson: text('dimensions_json'),
  },
  (table) => [
    // One metric’s values.
    index('idx_operator_metrics_name').on(table.metricName),
    // The newest values.
    index('idx_operator_metrics_ts').on(table.ts),
    check(
      'operator_metrics_metric_name_check',
      sql`metric_name IN ('cpu_percent', 'ram_gib', 'latency_ms', 'chat_throughput', 'window_ttl', 'event_backlog')`,
    ),
  ],
)

/** One conversation of an operator. */
export const operatorSession = sqliteTable(
  'operator_session',
  {
    id: integer().primaryKey(),
    // Public id; parent key of messages, browser tasks and switch adjustments.
    sessionId: varchar('session_id', { length: 64 }).notNull(),
    // local or deepseek-fallback.
    userId: varchar('user_id', { length: 64 })
      .notNull()
      .$default(() => 'local'),
    // web, cli, api or tentaculo-deepseek.
    source: varchar({ length: 50 })
      .notNull()
      .$default(() => 'web'),
    createdAt: datetime('created_at').$default(utcNow),
    updatedAt: datetime('updated_at').$default(utcNow),
  },
  (table) => [
    // Three foreign keys point here; without it SQLite reports a mismatch on every child row.
    uniqueIndex('ux_operator_session_session_id').on(table.sessionId),
  ],
)

/** One dashboard setting. */
export const operatorSettings = sqliteTable('operator_settings', {
  // Letters, digits and underscores only.
  key: textKey('key'),
  // JSON text, or the raw string.
  valueJson: text('value_json'),
  updatedAt: datetime('updated_at').default(currentTimestamp),
  updatedBy: text('updated_by'),
})

/** One change of switch settings proposed from a conversation. */
export const operatorSwitchAdjustment = sqliteTable('operator_switch_adjustment', {
  id: integer().primaryKey(),
  sessionId: varchar('session_id', { length: 64 })
    .notNull()
    .references(() => operatorSession.sessionId),
  messageId: integer('message_id').references(() => operatorMessage.id),
  // JSON text.
  beforeConfig: text('before_config').notNull(),
  // JSON text.
  afterConfig: text('after_config').notNull(),
  reason: text().notNull(),
  applied: boolean().$default(() => false),
  createdAt: datetime('created_at').$default(utcNow),
  appliedAt: datetime('applied_at'),
})

/** One tool call made for a message. */
export const operatorToolCall = sqliteTable('operator_tool_call', {
  id: integer().primaryKey(),
  messageId: integer('message_id')
    .notNull()
    .references(() => operatorMessage.id),
  // switch, hermes or browser.
  toolName: varchar('tool_name', { length: 100 }).notNull(),
  // pending, ok or error.
  status: varchar({ length: 50 }).$default(() => 'pending'),
  durationMs: integer('duration_ms'),
  result: text(),
  error: text(),
  createdAt: datetime('created_at').$default(utcNow),
})
