/** What the routes to the spawner take and give (contract H11, H16, H29 to H31). */
import * as v from 'valibot'
import { correlationIdForm } from '../../lib/ids.ts'
import { JsonObject } from '../../lib/json-object.ts'
import { IdCursor, Next } from '../../lib/list-cursor.ts'
import { CappedInteger, QueryInteger } from '../../lib/query-integer.ts'
import { WindowSummary } from '../../modules/power/relayed-read.ts'

const Text = v.nullable(v.string())
const Count = v.nullable(v.number())
const failed = { degraded: v.boolean(), error: v.optional(v.literal('database_unavailable')) }
const common = { correlation_id: v.string(), timestamp: v.string() }

const Word = v.pipe(v.string(), v.minLength(1), v.maxLength(128))
const Command = v.pipe(v.string(), v.minLength(1), v.maxLength(8192))
const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))
const Metadata = v.nullish(JsonObject)
/** An id for the log, or the request's own. */
const CorrelationId = v.nullish(v.pipe(v.string(), v.regex(correlationIdForm.pattern, correlationIdForm.words)))

/** The console says `task_name`; the spawner takes `name`. */
const names = { name: v.nullish(Word), task_name: v.nullish(Word) }

/** `code` is a command line, which the spawner runs in a shell. */
export const Spawn = v.object({
  task_type: Word,
  code: Command,
  ...names,
  max_retries: v.optional(whole(0, 10), 0),
  ttl_seconds: v.optional(whole(1, 86_400), 3600),
  user_id: v.nullish(Word),
  metadata: Metadata,
  correlation_id: CorrelationId,
})
export type Spawn = v.InferOutput<typeof Spawn>

export const Spawned = v.object({
  spawn_id: v.string(),
  spawn_uuid: v.string(),
  status: v.literal('QUEUED'),
  task_type: v.string(),
  error: v.null(),
  created_at: v.string(),
  correlation_id: v.string(),
})
export type Spawned = v.InferOutput<typeof Spawned>

/** A command, or the name of something that the spawner knows. */
export const Submit = v.pipe(
  v.object({
    cmd: v.nullish(Command),
    ...names,
    task_type: v.nullish(Word),
    description: v.nullish(v.pipe(v.string(), v.maxLength(4000))),
    intent: v.optional(Word, 'spawn'),
    max_retries: v.optional(whole(0, 10), 0),
    ttl_seconds: v.optional(whole(1, 86_400), 300),
    metadata: Metadata,
  }),
  v.transform(({ name, task_name, ...request }) => ({ ...request, name: name ?? task_name ?? null })),
  v.check(({ cmd, name }) => cmd != null || name != null, 'Expected cmd or name'),
)
export type Submit = v.InferOutput<typeof Submit>

/** The command as it was sent is what the spawner runs; nothing is put in its place (contract Q-69). */
export const Submitted = v.object({
  status: v.literal('queued'),
  policy: v.string(),
  /** Madre's answer to the intent. */
  intent: v.looseObject({}),
  /** The spawner's answer. */
  spawn: v.looseObject({ spawn_uuid: v.string() }),
  correlation_id: v.string(),
})
export type Submitted = v.InferOutput<typeof Submitted>

export const AgentsQuery = v.object({
  limit: v.optional(CappedInteger(1, 200), '200'),
  cursor: v.optional(IdCursor),
})
export type AgentsQuery = v.InferOutput<typeof AgentsQuery>

export const Agents = v.object({
  agents: v.array(
    v.object({
      id: v.number(),
      spawn_uuid: Text,
      name: v.string(),
      purpose: Text,
      status: Text,
      started_at: Text,
      last_heartbeat_at: Text,
      ttl_seconds: Count,
      mutation_level: Count,
    }),
  ),
  /** All that live now, on this page or not. */
  total: v.number(),
  next: Next,
  window_open: v.boolean(),
  spawner_available: v.boolean(),
  ...failed,
  ...common,
})
export type Agents = v.InferOutput<typeof Agents>

const access = {
  policy: v.picklist(['solo_madre', 'windowed', 'full']),
  allowed: v.boolean(),
  window: WindowSummary,
}

export const SpawnerStatus = v.object({
  /** `ok` or `off_by_policy`: whether a spawn may be submitted now. */
  status: v.picklist(['ok', 'off_by_policy']),
  ...access,
  /** Why not, and what to do; null when it may. */
  message: Text,
  hint: Text,
  health: v.object({
    up: v.boolean(),
    version: Text,
    latency_ms: Count,
    reason: Text,
  }),
  summary: v.object({ runs_by_status: v.record(v.string(), v.number()) }),
  ...failed,
  ...common,
})
export type SpawnerStatus = v.InferOutput<typeof SpawnerStatus>

export const SpawnRunsQuery = v.object({
  limit: v.optional(CappedInteger(1, 200), '20'),
  offset: v.optional(QueryInteger(0, 1_000_000_000), '0'),
  cursor: v.optional(IdCursor),
})
export type SpawnRunsQuery = v.InferOutput<typeof SpawnRunsQuery>

export const SpawnerRuns = v.object({
  status: v.literal('ok'),
  ...access,
  runs: v.array(
    v.object({
      id: v.number(),
      uuid: v.string(),
      name: v.string(),
      cmd: v.string(),
      status: Text,
      started_at: Text,
      ended_at: Text,
      exit_code: Count,
      parent_task_id: Text,
      created_at: Text,
      /** One line of at most 160 characters. */
      stdout_preview: Text,
      stderr_preview: Text,
    }),
  ),
  total: v.number(),
  limit: v.number(),
  offset: v.number(),
  next: Next,
  ...failed,
  ...common,
})
export type SpawnerRuns = v.InferOutput<typeof SpawnerRuns>
