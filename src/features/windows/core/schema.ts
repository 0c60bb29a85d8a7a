/** What /vx11/window takes and gives: the window as one target sees it (contract H13 to H15). */
import * as v from 'valibot'
import { maxTtlS, WindowChange, WindowStatus } from '../schema.ts'

/** HEAD's words, where the others are not used. */
export const OpenTarget = v.object({
  target: v.pipe(v.string(), v.maxLength(64)),
  ttl_seconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxTtlS)), 600),
  reason: v.optional(v.pipe(v.string(), v.maxLength(500)), 'operator_manual'),
})
export type OpenTarget = v.InferOutput<typeof OpenTarget>

/** Required: without it a caller that forgot it would close everything. */
export const CloseTarget = v.object({ target: v.pipe(v.string(), v.maxLength(64)) })

const target = {
  target: v.string(),
  is_open: v.boolean(),
  ttl_remaining_seconds: v.nullable(v.number()),
  opened_at: v.nullable(v.string()),
  expires_at: v.nullable(v.string()),
}

export const TargetStatus = v.object({ ...WindowStatus.entries, ...target })
export type TargetStatus = v.InferOutput<typeof TargetStatus>

export const TargetOpened = v.object({ ...WindowChange.entries, ...target })
export type TargetOpened = v.InferOutput<typeof TargetOpened>

/** The whole window closes, with every service it holds open. */
export const TargetClosed = v.object({
  ...WindowChange.entries,
  target: v.string(),
  closed: v.literal(true),
  was_open: v.literal(true),
})
