/** What chat commands take and give (contract H26). */
import * as v from 'valibot'
import { OptionalSessionId } from '../../lib/ids.ts'
import { JsonObject } from '../../lib/json-object.ts'

export const commandNames = ['status', 'open_window', 'close_window', 'spawn', 'message'] as const

export const CommandRequest = v.object({
  command: v.pipe(v.string(), v.maxLength(64)),
  args: v.nullish(JsonObject),
  message: v.nullish(v.string()),
  session_id: OptionalSessionId,
  user_id: v.nullish(v.string()),
  correlation_id: v.nullish(v.string()),
})
export type CommandRequest = v.InferOutput<typeof CommandRequest>

/** With the command `message` the answer is the chat's envelope instead. */
export const CommandAnswer = v.looseObject({
  session_id: v.string(),
  correlation_id: v.string(),
  /** Null for an unknown command. */
  command: v.nullable(v.string()),
  timestamp: v.string(),
  result: v.picklist(['ok', 'error', 'off_by_policy']),
  /** The code of what went wrong. */
  error: v.optional(v.string()),
  /** The answer of the window routes. */
  window: v.optional(v.unknown()),
  /** Of `status`: the modules of GET /vx11/status. */
  modules: v.optional(v.unknown()),
  spawn: v.optional(v.unknown()),
  available_commands: v.optional(v.array(v.string())),
})
export type CommandAnswer = v.InferOutput<typeof CommandAnswer>
