/** What /vx11/intent and /vx11/result take and give (contract H9, H10). */
import * as v from 'valibot'
import { correlationIdForm } from '../../lib/ids.ts'
import { JsonObject } from '../../lib/json-object.ts'

const Word = v.pipe(v.string(), v.minLength(1), v.maxLength(128))

/** VX11's mcp says `execute`, and its priorities in words. */
const IntentType = v.pipe(
  v.picklist(['chat', 'plan', 'exec', 'execute', 'spawn']),
  v.transform((type) => (type === 'execute' ? 'exec' : type)),
)
const priorities = { high: 'P0', normal: 'P1', medium: 'P1', low: 'P2', P0: 'P0', P1: 'P1', P2: 'P2' } as const
const Priority = v.pipe(
  v.picklist(['P0', 'P1', 'P2', 'high', 'medium', 'normal', 'low']),
  v.transform((word) => priorities[word]),
)

export const Intent = v.object({
  intent_type: v.optional(IntentType, 'chat'),
  text: v.nullish(v.pipe(v.string(), v.maxLength(4000))),
  payload: v.optional(JsonObject, {}),
  require: v.optional(v.object({ switch: v.optional(v.boolean()), spawner: v.optional(v.boolean()) }), {}),
  priority: v.optional(Priority, 'P1'),
  correlation_id: v.nullish(v.pipe(v.string(), v.regex(correlationIdForm.pattern, correlationIdForm.words))),
  user_id: v.optional(Word, 'local'),
  metadata: v.nullish(JsonObject),
})
export type Intent = v.InferOutput<typeof Intent>

export const states = ['QUEUED', 'RUNNING', 'WAITING', 'DONE', 'ERROR'] as const

export const IntentAnswer = v.object({
  correlation_id: v.string(),
  status: v.picklist(states),
  /** MADRE, SWITCH, SPAWNER or FALLBACK. */
  mode: v.string(),
  provider: v.nullable(v.string()),
  response: v.unknown(),
  error: v.nullable(v.string()),
  degraded: v.boolean(),
  timestamp: v.string(),
})
export type IntentAnswer = v.InferOutput<typeof IntentAnswer>

/** A 4xx of madre's, with the members that a failed intent has as well. */
export const IntentRefusal = v.object({
  code: v.number(),
  error: v.literal('upstream_refused'),
  /** Madre's own words; null when she had none. */
  detail: v.unknown(),
  status: v.literal('ERROR'),
  mode: v.literal('FALLBACK'),
  provider: v.null(),
  response: v.object({ reason: v.literal('upstream_refused'), hint: v.string() }),
  degraded: v.literal(true),
  correlation_id: v.string(),
})
export type IntentRefusal = v.InferOutput<typeof IntentRefusal>

export const IntentResult = v.object({
  correlation_id: v.string(),
  status: v.picklist(states),
  result: v.unknown(),
  error: v.nullable(v.string()),
  mode: v.string(),
  provider: v.nullable(v.string()),
  timestamp: v.string(),
})
export type IntentResult = v.InferOutput<typeof IntentResult>

export const SpawnResult = v.object({
  spawn_uuid: v.string(),
  spawn_id: v.string(),
  status: v.picklist([...states, 'UNKNOWN']),
  task_type: v.null(),
  exit_code: v.nullable(v.number()),
  stdout: v.nullable(v.string()),
  stderr: v.nullable(v.string()),
  created_at: v.nullable(v.string()),
  started_at: v.nullable(v.string()),
  finished_at: v.nullable(v.string()),
  correlation_id: v.string(),
})
export type SpawnResult = v.InferOutput<typeof SpawnResult>
