/** Reads patch plans from `manifestator_audit`; tolerates oversized and invalid ones. */

import { sql } from 'drizzle-orm'
import { isObject } from '../lib/json-object.ts'
import { parseJson } from '../lib/json-text.ts'

/** Columns for a select; the text is null if it is longer than `maxCharacters`. */
export const planColumns = (maxCharacters: number) => ({
  plan: sql<string | null>`CASE WHEN length(patch_plan_json) <= ${maxCharacters} THEN patch_plan_json END`,
  planCharacters: sql<number | null>`length(patch_plan_json)`,
})

export interface StoredPlan {
  plan: string | null
  planCharacters: number | null
}

export interface PatchPlan {
  /** Null without a plan, or if it cannot be shown; `reason` says why. */
  plan: Record<string, unknown> | null
  reason: 'plan_too_large' | 'plan_unreadable' | null
}

export function readPlan({ plan, planCharacters }: StoredPlan): PatchPlan {
  if (plan === null) return { plan: null, reason: planCharacters === null ? null : 'plan_too_large' }
  const parsed = parseJson(plan)
  return isObject(parsed) ? { plan: parsed, reason: null } : { plan: null, reason: 'plan_unreadable' }
}
