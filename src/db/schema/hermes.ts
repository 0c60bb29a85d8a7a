/** The model, CLI and provider registries of hermes. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { boolean, datetime, float, utcNow, varchar } from './columns.ts'

/** Onboarding progress of one CLI provider. */
export const cliOnboardingState = sqliteTable('cli_onboarding_state', {
  id: integer().primaryKey(),
  providerId: varchar('provider_id', { length: 128 }).notNull().unique(),
  // discovery, pending, verified or failed.
  state: varchar({ length: 50 }).$default(() => 'discovery'),
  notes: text(),
  lastCheckedAt: datetime('last_checked_at'),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One CLI/API model provider with token budgets. */
export const cliProviders = sqliteTable('cli_providers', {
  id: integer().primaryKey(),
  name: varchar({ length: 100 }).notNull().unique(),
  baseUrl: varchar('base_url', { length: 500 }),
  // Name of the environment variable that holds the key, or NONE.
  apiKeyEnv: varchar('api_key_env', { length: 100 }).notNull(),
  // Comma-separated list: chat, audio, tools or cli.
  taskTypes: varchar('task_types', { length: 255 }).$default(() => 'chat'),
  dailyLimitTokens: integer('daily_limit_tokens').$default(() => 100000),
  monthlyLimitTokens: integer('monthly_limit_tokens').$default(() => 3000000),
  tokensUsedToday: integer('tokens_used_today').$default(() => 0),
  tokensUsedMonth: integer('tokens_used_month').$default(() => 0),
  // Hour at which counters reset.
  resetHourUtc: integer('reset_hour_utc').$default(() => 0),
  enabled: boolean().$default(() => true),
  lastResetAt: datetime('last_reset_at').$default(utcNow),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One command-line tool found on the host. */
export const cliRegistry = sqliteTable('cli_registry', {
  id: integer().primaryKey(),
  name: varchar({ length: 100 }).notNull().unique(),
  binPath: varchar('bin_path', { length: 500 }),
  available: boolean().$default(() => true),
  lastChecked: datetime('last_checked').$default(utcNow),
  // devops, vcs, search, infra, cloud or utility.
  cliType: varchar('cli_type', { length: 50 }).notNull(),
  // Name of the environment variable holding its token.
  tokenConfigKey: varchar('token_config_key', { length: 100 }),
  rateLimitDaily: integer('rate_limit_daily'),
  usedToday: integer('used_today').$default(() => 0),
  notes: text(),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One registered execution engine (local model, CLI or remote LLM) with daily quota. */
export const engines = sqliteTable('engines', {
  id: integer().primaryKey(),
  name: varchar({ length: 128 }).notNull().unique(),
  // local_model, cli or remote_llm.
  engineType: varchar('engine_type', { length: 32 }).notNull(),
  // reasoning, code or infrastructure.
  domain: varchar({ length: 64 }).notNull(),
  endpoint: varchar({ length: 256 }).notNull(),
  version: varchar({ length: 32 }).$default(() => 'latest'),
  // -1 means no limit.
  quotaTokensPerDay: integer('quota_tokens_per_day').$default(() => -1),
  quotaUsedToday: integer('quota_used_today').$default(() => 0),
  quotaResetAt: datetime('quota_reset_at').$default(utcNow),
  latencyMs: float('latency_ms').$default(() => 0),
  costPerCall: float('cost_per_call').$default(() => 0),
  enabled: boolean().$default(() => true),
  lastUsed: datetime('last_used'),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One ingested media file. */
export const hermesIngest = sqliteTable('hermes_ingest', {
  id: integer().primaryKey(),
  path: varchar({ length: 512 }).notNull(),
  sizeBytes: integer('size_bytes').$default(() => 0),
  durationSec: float('duration_sec').$default(() => 0),
  status: varchar({ length: 32 }).$default(() => 'ingested'),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One local model with explicit engine, task type and context size. */
export const localModelsV2 = sqliteTable('local_models_v2', {
  id: integer().primaryKey(),
  name: varchar({ length: 255 }).notNull().unique(),
  // llama.cpp, gguf, ollama, transformers or unknown.
  engine: varchar({ length: 50 }).notNull(),
  path: varchar({ length: 512 }).notNull(),
  sizeBytes: integer('size_bytes').notNull(),
  // chat, audio-engineer, summarization, audio-analysis or general.
  taskType: varchar('task_type', { length: 50 }).notNull(),
  maxContext: integer('max_context').$default(() => 2048),
  enabled: boolean().$default(() => true),
  lastUsedAt: datetime('last_used_at'),
  usageCount: integer('usage_count').$default(() => 0),
  // cpu, gpu or gpu-cuda.
  compatibility: varchar({ length: 64 }).$default(() => 'cpu'),
  // JSON text.
  metaInfo: text('meta_info'),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One known local model with learner score. */
export const modelRegistry = sqliteTable('model_registry', {
  id: integer().primaryKey(),
  name: varchar({ length: 255 }).notNull().unique(),
  path: varchar({ length: 500 }).notNull(),
  // huggingface, gguf, ollama, llamacpp or hermes.
  provider: varchar({ length: 50 }).notNull(),
  // chat, instruct, code, embedding or general.
  type: varchar({ length: 50 }).notNull(),
  sizeBytes: integer('size_bytes').notNull(),
  // JSON list.
  tags: text(),
  lastUsed: datetime('last_used').$default(utcNow),
  // 0 to 1.
  score: float().$default(() => 0.5),
  available: boolean().$default(() => true),
  metaJson: text('meta_json'),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One model file managed by hermes (at most 30 kept, at most 2048 MB each). */
export const modelsLocal = sqliteTable('models_local', {
  id: integer().primaryKey(),
  name: varchar({ length: 255 }).notNull().unique(),
  path: varchar({ length: 512 }).notNull(),
  sizeMb: integer('size_mb').$default(() => 0),
  // File digest.
  hash: varchar({ length: 128 }),
  // general, audio or chat.
  category: varchar({ length: 64 }).$default(() => 'general'),
  // available, active, warm or deprecated.
  status: varchar({ length: 32 }).$default(() => 'available'),
  compatibility: varchar({ length: 64 }).$default(() => 'cpu'),
  downloadedAt: datetime('downloaded_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One remote/CLI provider token with daily and weekly limits. */
export const modelsRemoteCli = sqliteTable('models_remote_cli', {
  id: integer().primaryKey(),
  provider: varchar({ length: 128 }).notNull(),
  token: varchar({ length: 256 }).notNull().unique(),
  limitDaily: integer('limit_daily').$default(() => 0),
  limitWeekly: integer('limit_weekly').$default(() => 0),
  renewAt: datetime('renew_at'),
  taskType: varchar('task_type', { length: 64 }).$default(() => 'general'),
  status: varchar({ length: 32 }).$default(() => 'active'),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})
