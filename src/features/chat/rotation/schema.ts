/** What the routes of the chat's order take and give. */
import * as v from 'valibot'
import { rotationModes } from '../../../config/chat.ts'

export const PinRequest = v.object({
  /** A name from `models`. */
  model: v.pipe(v.string(), v.minLength(1), v.maxLength(160)),
})

const Decided = v.object({ by: v.nullable(v.string()), at: v.string() })

const RotatedModel = v.object({
  model: v.string(),
  /** From 1. */
  position: v.number(),
  /** Why it stands there. */
  reason: v.string(),
  below_floor: v.boolean(),
  /** Whether it may be asked, as far as its configuration says. */
  configured: v.boolean(),
  /** Success times quality times usefulness, each from 0 to 1; null where it was not asked in the last hours. */
  worth: v.nullable(v.number()),
  /** One standard error of `worth`. */
  worth_error: v.nullable(v.number()),
  /** Newer answers count more. */
  success: v.nullable(v.number()),
  quality: v.nullable(v.number()),
  usefulness: v.nullable(v.number()),
  /** Over the last hours, as they happened. */
  asked: v.number(),
  answered: v.number(),
  empties: v.number(),
  refusals: v.number(),
  thumbs_up: v.number(),
  thumbs_down: v.number(),
  /** Null where nothing was measured. */
  first_token_ms: v.nullable(v.number()),
  tokens_per_s: v.nullable(v.number()),
  /** US dollars for an answer; null where VX11_CHAT_PRICES has no price. */
  cost_usd: v.nullable(v.number()),
})

export const RotationReport = v.object({
  mode: v.picklist(rotationModes),
  explore_pct: v.number(),
  window_hours: v.number(),
  /** A pinned model first; a dry run asks in `contract_order`. */
  order: v.array(v.string()),
  contract_order: v.array(v.string()),
  pinned: v.nullable(v.object({ model: v.string(), ...Decided.entries })),
  frozen: v.nullable(Decided),
  /** When and why the learned order changed last; null before the first time. */
  changed: v.nullable(v.object({ at: v.string(), reason: v.string() })),
  /** In the order. */
  models: v.array(RotatedModel),
  correlation_id: v.string(),
})
export type RotationReport = v.InferOutput<typeof RotationReport>
