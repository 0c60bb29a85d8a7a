/** Short-lived workers (daughters), the tasks they serve and the processes started for them. */
import { type AnySQLiteColumn, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { datetime, float, utcNow, varchar } from './columns.ts'
import { tasks } from './madre.ts'

/** One execution attempt of a daughter. */
export const daughterAttempts = sqliteTable('daughter_attempts', {
  id: integer().primaryKey(),
  daughterId: integer('daughter_id')
    .notNull()
    .references(() => daughters.id),
  attemptNumber: integer('attempt_number').$default(() => 1),
  startedAt: datetime('started_at'),
  finishedAt: datetime('finished_at'),
  // running, success, error, timeout or cancelled.
  status: varchar({ length: 32 }).$default(() => 'running'),
  errorMessage: varchar('error_message', { length: 500 }),
  tokensUsedCli: integer('tokens_used_cli').$default(() => 0),
  tokensUsedLocal: integer('tokens_used_local').$default(() => 0),
  switchModelUsed: varchar('switch_model_used', { length: 128 }),
  cliProviderUsed: varchar('cli_provider_used', { length: 128 }),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One long-running request that spawns short-lived workers (daughters), with retry counters. */
export const daughterTasks = sqliteTable('daughter_tasks', {
  id: integer().primaryKey(),
  // Intent or trace id.
  intentId: varchar('intent_id', { length: 36 }),
  // operator, hormiguero, system, shub, madre, switch or spawner.
  source: varchar({ length: 64 }).notNull(),
  // shub 0, operator 1, madre 2, daughters 3.
  priority: integer().$default(() => 3),
  // pending, planning, running, retrying, completed, failed, expired or cancelled.
  status: varchar({ length: 32 }).$default(() => 'pending'),
  // short, long, shell, python, bash or operator_spawn.
  taskType: varchar('task_type', { length: 50 }).notNull(),
  description: text(),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
  finishedAt: datetime('finished_at'),
  maxRetries: integer('max_retries').$default(() => 2),
  currentRetry: integer('current_retry').$default(() => 0),
  // Tool list, trace id, spawn uuid.
  metadataJson: text('metadata_json'),
  planJson: text('plan_json'),
  // The daughter task that this one came from.
  parentTaskIdFk: integer('parent_task_id_fk').references((): AnySQLiteColumn => daughterTasks.id),
})

/** One short-lived worker instance of a daughter task. */
export const daughters = sqliteTable('daughters', {
  id: integer().primaryKey(),
  taskId: integer('task_id')
    .notNull()
    .references(() => daughterTasks.id),
  name: varchar({ length: 128 }).notNull(),
  purpose: text(),
  // List of the tools it may use.
  toolsJson: text('tools_json'),
  ttlSeconds: integer('ttl_seconds').$default(() => 300),
  startedAt: datetime('started_at'),
  lastHeartbeatAt: datetime('last_heartbeat_at'),
  endedAt: datetime('ended_at'),
  // spawned, running, restarting, mutated, finished, failed, killed, expired, reaped, ...
  status: varchar({ length: 32 }).$default(() => 'spawned'),
  // Raised by one on each retry.
  mutationLevel: integer('mutation_level').$default(() => 0),
  errorLast: text('error_last'),
  // Spawn id of the process.
  spawnUuid: varchar('spawn_uuid', { length: 36 }).unique(),
  // The daughter that started this one.
  parentId: integer('parent_id').references((): AnySQLiteColumn => daughters.id),
  spawnerService: varchar('spawner_service', { length: 64 }),
})

/** Biography of one daughter process (birth and death context, heartbeat). */
export const hijasRuntime = sqliteTable('hijas_runtime', {
  id: integer().primaryKey(),
  // hija- plus the daughter id; one row per name.
  name: varchar({ length: 128 }).notNull(),
  // standby, running, completed, failed, expired, cancelled, error or timeout.
  state: varchar({ length: 32 }).$default(() => 'standby'),
  pid: integer(),
  lastHeartbeat: datetime('last_heartbeat').$default(utcNow),
  metaJson: text('meta_json'),
  // JSON text.
  birthContext: text('birth_context'),
  // JSON text with the exit code and the first 500 characters of output.
  deathContext: text('death_context'),
  intentType: varchar('intent_type', { length: 64 }),
  // Seconds.
  ttl: integer().$default(() => 60),
  killedBy: varchar('killed_by', { length: 128 }),
  purpose: varchar({ length: 256 }),
  moduleCreator: varchar('module_creator', { length: 64 }),
  bornAt: datetime('born_at').$default(utcNow),
  diedAt: datetime('died_at'),
})

/** Current resource state of one daughter process. */
export const hijasState = sqliteTable('hijas_state', {
  id: integer().primaryKey(),
  // Daughter id as text.
  hijaId: varchar('hija_id', { length: 64 }).notNull().unique(),
  module: varchar({ length: 64 }).notNull(),
  // running, stopped, terminated, completed, failed, expired or cancelled.
  status: varchar({ length: 32 }).$default(() => 'running'),
  cpuUsage: float('cpu_usage').$default(() => 0),
  ramUsage: float('ram_usage').$default(() => 0),
  pid: integer(),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One process started for a task, with its output. */
export const spawns = sqliteTable('spawns', {
  id: integer().primaryKey(),
  // Spawn id.
  uuid: varchar({ length: 36 }).notNull().unique(),
  // Default: spawn- plus the first 8 characters of the uuid; results are looked up by it.
  name: varchar({ length: 255 }).notNull(),
  // Command line.
  cmd: varchar({ length: 500 }).notNull(),
  pid: integer(),
  // pending, running, completed, failed or timeout.
  status: varchar({ length: 20 }).$default(() => 'pending'),
  startedAt: datetime('started_at'),
  endedAt: datetime('ended_at'),
  exitCode: integer('exit_code'),
  stdout: text(),
  stderr: text(),
  // Tasks.uuid when known.
  parentTaskId: varchar('parent_task_id', { length: 36 }).references(() => tasks.uuid),
  createdAt: datetime('created_at').$default(utcNow),
})
