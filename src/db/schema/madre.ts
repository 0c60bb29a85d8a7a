/** What madre tracks: tasks, intents, actions, policies and the state of modules. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { boolean, datetime, float, textKey, utcNow, varchar } from './columns.ts'

/** One key/value note attached to a task (plan, mode, confirm token, chat turn, spawn payload). */
export const context = sqliteTable('context', {
  id: integer().primaryKey(),
  taskId: varchar('task_id', { length: 36 })
    .notNull()
    .references(() => tasks.uuid),
  // Such as madre:plan, madre:mode, spawn:payload or message_<n>.
  key: varchar({ length: 255 }).notNull(),
  // Text or JSON text.
  value: text().notNull(),
  // Visibility bucket: global, module, spawn, planning or chat.
  scope: varchar({ length: 50 }).$default(() => 'global'),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One intent that reached madre or the spawner, with its processing outcome. */
export const intentsLog = sqliteTable(
  'intents_log',
  {
    id: integer().primaryKey(),
    // operator, hormiguero, system, shub, spawner, switch or madre.
    source: varchar({ length: 64 }).notNull(),
    // The whole intent.
    payloadJson: text('payload_json').notNull(),
    createdAt: datetime('created_at').$default(utcNow),
    // Set when madre closes the entry.
    processedByMadreAt: datetime('processed_by_madre_at'),
    // planned, processing, waiting, done, error, rejected, lane_missing or spawner_queued.
    resultStatus: varchar('result_status', { length: 32 }).$default(() => 'planned'),
    // Such as which provider handled it.
    notes: text(),
  },
  (table) => [
    // Retention deletes by age.
    index('idx_intents_log_created_at').on(table.createdAt),
  ],
)

/** One action or state change that madre took or was asked to take (power, confirmation, plan step). */
export const madreActions = sqliteTable('madre_actions', {
  id: integer().primaryKey(),
  // The module acted on.
  module: varchar({ length: 64 }).notNull(),
  // What happened; often a prefix plus a detail, such as step_failed:<step type>.
  action: varchar({ length: 64 }).notNull(),
  reason: varchar({ length: 255 }),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One per-module auto-suspend policy (error threshold, idle time). */
export const madrePolicies = sqliteTable('madre_policies', {
  id: integer().primaryKey(),
  // Looked up as one row per module although not declared unique.
  module: varchar({ length: 64 }).notNull(),
  errorThreshold: integer('error_threshold').$default(() => 3),
  idleSeconds: integer('idle_seconds').$default(() => 300),
  enableAutosuspend: boolean('enable_autosuspend').$default(() => true),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** Latest health counters of one module. */
export const moduleHealth = sqliteTable('module_health', {
  id: integer().primaryKey(),
  module: varchar({ length: 50 }).notNull(),
  status: varchar({ length: 20 }).$default(() => 'unknown'),
  lastPing: datetime('last_ping').$default(utcNow),
  errorCount: integer('error_count').$default(() => 0),
  uptimeSeconds: float('uptime_seconds').$default(() => 0),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** Last known status of one service (name, port, health URL). */
export const moduleStatus = sqliteTable('module_status', {
  // The service name that compose uses.
  moduleName: textKey('module_name'),
  serviceName: text('service_name'),
  port: integer(),
  healthUrl: text('health_url'),
  // UP, DOWN or DISABLED.
  status: text().notNull(),
  // YYYYMMDDTHHMMSSZ.
  checkedAtUtc: text('checked_at_utc').notNull(),
  notes: text(),
  reportPath: text('report_path'),
})

/** One container power switch with CPU/RAM readings at that moment. */
export const powerEvents = sqliteTable('power_events', {
  id: integer().primaryKey(),
  module: varchar({ length: 64 }).notNull(),
  // on, off or standby.
  action: varchar({ length: 32 }).notNull(),
  reason: varchar({ length: 255 }),
  cpuUsage: float('cpu_usage').$default(() => 0),
  ramUsage: float('ram_usage').$default(() => 0),
  activityScore: float('activity_score').$default(() => 0),
  timestamp: datetime().$default(utcNow),
})

/** One execution report tied to a task. */
export const reports = sqliteTable('reports', {
  id: integer().primaryKey(),
  taskId: varchar('task_id', { length: 36 })
    .notNull()
    .references(() => tasks.uuid),
  // metrics, forensics or health.
  reportType: varchar('report_type', { length: 50 }).notNull(),
  summary: text(),
  details: text(),
  // JSON text.
  metrics: text(),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One tick or decision of the legacy madre scheduler. */
export const schedulerHistory = sqliteTable(
  'scheduler_history',
  {
    id: integer().primaryKey(),
    timestamp: datetime().$default(utcNow),
    // spawn, kill, delay or heartbeat.
    action: varchar({ length: 64 }).notNull(),
    reason: text(),
    // JSON text.
    metrics: text(),
  },
  (table) => [
    // Retention deletes by age.
    index('idx_scheduler_history_timestamp').on(table.timestamp),
  ],
)

/** One generic system event. */
export const systemEvents = sqliteTable(
  'system_events',
  {
    id: integer().primaryKey(),
    timestamp: datetime().$default(utcNow),
    source: varchar({ length: 64 }).notNull(),
    eventType: varchar('event_type', { length: 64 }).notNull(),
    payload: text(),
    severity: varchar({ length: 16 }).$default(() => 'info'),
  },
  (table) => [
    // Retention deletes by age.
    index('idx_system_events_timestamp').on(table.timestamp),
  ],
)

/** One named snapshot of system pressure and mode; key is the subsystem. */
export const systemState = sqliteTable('system_state', {
  id: integer().primaryKey(),
  // The subsystem: global or switch.
  key: varchar({ length: 128 }).notNull().unique(),
  // The full state as JSON text.
  value: text(),
  updatedAt: datetime('updated_at').$default(utcNow),
  memoryPressure: float('memory_pressure').$default(() => 0),
  cpuPressure: float('cpu_pressure').$default(() => 0),
  switchQueueLevel: float('switch_queue_level').$default(() => 0),
  hermesUpdateRequired: boolean('hermes_update_required').$default(() => false),
  shubPipelineState: varchar('shub_pipeline_state', { length: 64 }).$default(() => 'idle'),
  operatorActive: boolean('operator_active').$default(() => false),
  systemLoadScore: float('system_load_score').$default(() => 0),
  modelRotationState: varchar('model_rotation_state', { length: 128 }).$default(() => 'stable'),
  audioPipelineState: varchar('audio_pipeline_state', { length: 128 }).$default(() => 'idle'),
  pendingTasks: integer('pending_tasks').$default(() => 0),
  activeChildren: integer('active_children').$default(() => 0),
  lastOperatorActivity: datetime('last_operator_activity'),
  // balanced, low_power, performance, or the name of an environment.
  powerMode: varchar('power_mode', { length: 32 }).$default(() => 'balanced'),
})

/** One unit of work tracked by madre (a chat plan, an inbound intent, a shub job, a switch/operator request). */
export const tasks = sqliteTable('tasks', {
  id: integer().primaryKey(),
  // Public task id; parent key of context, reports and spawns.
  uuid: varchar({ length: 36 }).notNull().unique(),
  name: varchar({ length: 255 }).notNull(),
  // Module the work belongs to: madre, spawner, hermes, shubniggurath or switch.
  module: varchar({ length: 50 }).notNull(),
  // Verb or intent type, free text: chat, spawn, batch_job, ...
  action: varchar({ length: 100 }).notNull(),
  // Lower case from the declared set (pending, running, ...), upper case from the plan runner (WAITING, DONE, ERROR).
  status: varchar({ length: 20 }).$default(() => 'pending'),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
  // JSON text.
  result: text(),
  error: text(),
})
