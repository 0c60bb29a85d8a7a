/** What the rails routes give (contract P12 to P14). */
import * as v from 'valibot'
import { KeyCursor, Next } from '../../lib/list-cursor.ts'
import { CappedInteger } from '../../lib/query-integer.ts'

export const RailsQuery = v.object({
  limit: v.optional(CappedInteger(1, 500), '500'),
  cursor: v.optional(KeyCursor),
})
export type RailsQuery = v.InferOutput<typeof RailsQuery>

const Text = v.nullable(v.string())
const disabled = {
  error: v.literal('feature_disabled'),
  flag: v.literal('VX11_MANIFESTATOR_ENABLED'),
  correlation_id: v.string(),
}
const state = {
  degraded: v.boolean(),
  error: v.optional(v.literal('database_unavailable')),
  correlation_id: v.string(),
}

export const Rails = v.object({
  rails: v.array(
    v.object({
      rail_id: v.string(),
      name: Text,
      description: Text,
      rule_type: Text,
      severity_on_violation: Text,
      /** A number, as in v7; rails that are not in force are not listed. */
      active: v.literal(1),
      created_at: Text,
    }),
  ),
  count: v.number(),
  next: Next,
  ...state,
})
export type Rails = v.InferOutput<typeof Rails>
export const RailsDisabled = v.object({ rails: v.array(v.never()), count: v.literal(0), next: v.null(), ...disabled })

const lane = {
  lane_id: v.string(),
  name: Text,
  description: Text,
  stage: Text,
  created_at: Text,
  /** As the lane lists them; null when its list cannot be read. */
  checks: v.nullable(v.array(v.unknown())),
}

export const Lanes = v.object({ lanes: v.array(v.object(lane)), count: v.number(), next: Next, ...state })
export type Lanes = v.InferOutput<typeof Lanes>
export const LanesDisabled = v.object({ lanes: v.array(v.never()), next: v.null(), ...disabled })

export const LaneStatus = v.object({
  ...lane,
  status: v.literal('ok'),
  audit_findings: v.array(
    v.object({
      audit_id: v.string(),
      /** The audit's own. */
      correlation_id: Text,
      status: Text,
      run_ts: Text,
      patch_plan: v.nullable(v.record(v.string(), v.unknown())),
      /** Why the plan is not shown. */
      reason: v.nullable(v.picklist(['plan_too_large', 'plan_unreadable'])),
    }),
  ),
})
export type LaneStatus = v.InferOutput<typeof LaneStatus>
export const LaneDisabled = v.object({ lane_id: v.string(), status: v.literal('disabled'), ...disabled })
