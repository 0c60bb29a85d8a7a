/** An operator's task, and the request that switch gets for it (contract O3, switch/tasks). */
import * as v from 'valibot'
import { OptionalSessionId } from '../../lib/ids.ts'
import { JsonObject } from '../../lib/json-object.ts'

const Word = v.pipe(v.string(), v.minLength(1), v.maxLength(128))

export const TaskRequest = v.object({
  task_type: Word,
  payload: JsonObject,
  intent_type: v.nullish(Word),
  session_id: OptionalSessionId,
  user_id: v.nullish(v.pipe(v.string(), v.maxLength(64)), 'local'),
  metadata: v.nullish(JsonObject),
  provider_hint: v.nullish(v.pipe(v.string(), v.maxLength(128))),
})
export type TaskRequest = v.InferOutput<typeof TaskRequest>

/** Switch's own. */
export const TaskAnswer = v.looseObject({ status: v.string() })

export interface Task {
  task_type: string
  payload: Record<string, unknown>
  source: 'operator'
  provider_hint?: string
}

/** What the gateway adds never replaces what the caller wrote. */
export function taskFor(request: TaskRequest, newSessionId: string): Task {
  const { task_type, payload, provider_hint, intent_type, session_id, user_id, metadata } = request
  const added = {
    session_id: session_id || newSessionId,
    user_id: user_id ?? 'local',
    intent_type: intent_type ?? 'task',
    metadata: metadata ?? null,
  }
  const task: Task = { task_type, payload: { ...added, ...payload }, source: 'operator' }
  return provider_hint ? { ...task, provider_hint } : task
}
