/** The queues of switch, its routing decisions, and the usage and cost of models and providers. */
import { sql } from 'drizzle-orm'
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { boolean, datetime, float, textKey, utcNow, varchar } from './columns.ts'

/** Running success/failure counters and mean latency of one chat provider. */
export const chatProvidersStats = sqliteTable('chat_providers_stats', {
  provider: textKey('provider'),
  successCount: integer('success_count').default(0),
  failCount: integer('fail_count').default(0),
  // Running mean.
  avgLatencyMs: real('avg_latency_ms').default(0),
})

/** One CLI/provider call with latency, estimated cost and tokens. */
export const cliUsageStats = sqliteTable(
  'cli_usage_stats',
  {
    id: integer().primaryKey(),
    // The provider’s name.
    providerId: varchar('provider_id', { length: 128 }).notNull(),
    timestamp: datetime().$default(utcNow),
    success: boolean().$default(() => false),
    latencyMs: integer('latency_ms').$default(() => 0),
    costEstimated: float('cost_estimated').$default(() => 0),
    tokensEstimated: integer('tokens_estimated').$default(() => 0),
    // Such as execution_error, NetworkError or TimeoutError.
    errorClass: varchar('error_class', { length: 100 }),
  },
  (table) => [
    // Retention deletes by age.
    index('idx_cli_usage_stats_timestamp').on(table.timestamp),
  ],
)

/** One sample of host load and power source used to pick an energy profile. */
export const fluzoSignals = sqliteTable('fluzo_signals', {
  id: integer().primaryKey(),
  timestamp: datetime().$default(utcNow),
  cpuLoad1m: float('cpu_load_1m').$default(() => 0),
  memPct: float('mem_pct').$default(() => 0),
  onAc: boolean('on_ac').$default(() => true),
  batteryPct: integer('battery_pct'),
  // low_power, balanced or performance.
  profile: varchar({ length: 32 }).$default(() => 'balanced'),
})

/** One model/provider decision with prompt and response, meant for learning. */
export const iaDecisions = sqliteTable(
  'ia_decisions',
  {
    id: integer().primaryKey(),
    // SHA-256 of the payload.
    promptHash: varchar('prompt_hash', { length: 64 }).notNull(),
    provider: varchar({ length: 50 }).notNull(),
    // chat, code, reasoning, cli or embedding.
    taskType: varchar('task_type', { length: 50 }),
    prompt: text().notNull(),
    response: text(),
    latencyMs: integer('latency_ms'),
    success: boolean().$default(() => false),
    // 0 to 1.
    confidence: float().$default(() => 0.5),
    // The routing result.
    metaJson: text('meta_json'),
    createdAt: datetime('created_at').$default(utcNow),
  },
  (table) => [
    // Retention deletes by age.
    index('idx_ia_decisions_created_at').on(table.createdAt),
  ],
)

/** One use of a model or CLI with latency and outcome. */
export const modelUsageStats = sqliteTable(
  'model_usage_stats',
  {
    id: integer().primaryKey(),
    modelOrCliName: varchar('model_or_cli_name', { length: 255 }).notNull(),
    // What was used: cli, local or task.
    kind: varchar({ length: 20 }).notNull(),
    // chat, audio-engineer, code, short or long.
    taskType: varchar('task_type', { length: 50 }).notNull(),
    tokensUsed: integer('tokens_used').$default(() => 0),
    latencyMs: integer('latency_ms').$default(() => 0),
    success: boolean().$default(() => false),
    errorMessage: varchar('error_message', { length: 500 }),
    userId: varchar('user_id', { length: 100 }),
    createdAt: datetime('created_at').$default(utcNow),
  },
  (table) => [
    // Retention deletes by age.
    index('idx_model_usage_stats_created_at').on(table.createdAt),
  ],
)

/** One routing decision (which provider or route was chosen). */
export const routingEvents = sqliteTable(
  'routing_events',
  {
    id: integer().primaryKey(),
    timestamp: datetime().$default(utcNow),
    // A correlation id, or a queue id as text.
    traceId: varchar('trace_id', { length: 36 }).notNull(),
    // cli, local_model, intent_delegation or provider_call; the gateway's own records: modules/timeline/work-rows.ts.
    routeType: varchar('route_type', { length: 50 }).notNull(),
    // The provider’s name.
    providerId: varchar('provider_id', { length: 128 }).notNull(),
    score: float().$default(() => 0),
    reasoningShort: varchar('reasoning_short', { length: 255 }),
  },
  (table) => [
    // Retention deletes by age.
    index('idx_routing_events_timestamp').on(table.timestamp),
    // What was recorded under one correlation id.
    index('idx_routing_events_trace_id').on(table.traceId),
    // The newest records that failed or were slow, among millions that did not; failed ones that were fast are passed here.
    index('idx_routing_events_notable_score')
      .on(table.routeType, table.id, table.score)
      .where(sql`route_type in ('gateway_failed', 'gateway_slow')`),
  ],
)

/** One request accepted by /switch/task, kept for tracking and duplicate detection. */
export const switchQueueV2 = sqliteTable('switch_queue_v2', {
  id: integer().primaryKey(),
  // Submitter, lower case: shub, operator, madre, hija, hormiguero or unknown.
  source: varchar({ length: 64 }).notNull(),
  priority: integer().$default(() => 5),
  // chat, audio-engineer, code, short, long, approval, strategy or incident_resolution.
  taskType: varchar('task_type', { length: 50 }).notNull(),
  // SHA-256 of the canonical JSON payload.
  payloadHash: varchar('payload_hash', { length: 64 }).notNull(),
  // queued, running, pending, done or error.
  status: varchar({ length: 32 }).$default(() => 'queued'),
  createdAt: datetime('created_at').$default(utcNow),
  startedAt: datetime('started_at'),
  finishedAt: datetime('finished_at'),
  resultSize: integer('result_size').$default(() => 0),
  errorMessage: varchar('error_message', { length: 500 }),
})

/** One entry of the persistent priority queue of switch. */
export const taskQueue = sqliteTable('task_queue', {
  id: integer().primaryKey(),
  // Submitter: shub, operator, tentaculo_link, madre, hijas, switch or unknown.
  source: varchar({ length: 64 }).notNull(),
  // Lower runs first: shub 0, operator and the gateway 1, madre 2, daughters 3.
  priority: integer().$default(() => 5),
  // JSON text.
  payload: text().notNull(),
  // queued, dequeued, completed or failed.
  status: varchar({ length: 32 }).$default(() => 'queued'),
  enqueuedAt: datetime('enqueued_at').$default(utcNow),
  dequeuedAt: datetime('dequeued_at'),
  // JSON text.
  result: text(),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One token consumption record of a stored provider token. */
export const tokensUsage = sqliteTable('tokens_usage', {
  id: integer().primaryKey(),
  tokenId: varchar('token_id', { length: 256 }).notNull(),
  usedAt: datetime('used_at').$default(utcNow),
  usedCount: integer('used_count').$default(() => 0),
  source: varchar({ length: 64 }).$default(() => 'unknown'),
})
