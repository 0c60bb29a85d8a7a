/** What the audit routes take and give (contract P8 to P11, shared/shapes). */
import * as v from 'valibot'
import { KeyCursor, Next } from '../../lib/list-cursor.ts'
import { CappedInteger, QueryInteger } from '../../lib/query-integer.ts'

const statuses = ['draft', 'approved', 'applied', 'rolled_back'] as const

export const AuditRunsQuery = v.object({
  status: v.optional(v.picklist(statuses)),
  limit: v.optional(CappedInteger(1, 100), '20'),
  offset: v.optional(QueryInteger(0, 1_000_000_000), '0'),
  cursor: v.optional(KeyCursor),
})
export type AuditRunsQuery = v.InferOutput<typeof AuditRunsQuery>

const PlanReason = v.nullable(v.picklist(['plan_too_large', 'plan_unreadable']))

const run = {
  audit_id: v.string(),
  run_ts: v.nullable(v.string()),
  timestamp: v.nullable(v.string()),
  status: v.nullable(v.string()),
  correlation_id: v.nullable(v.string()),
  /** Null where the plan has none, or where `reason` says why it is unknown. */
  summary: v.nullable(v.string()),
  reason: PlanReason,
}

export const AuditRun = v.object({
  ...run,
  /** The same as `audit_id`, under the names that the consoles read. */
  id: v.string(),
  run_id: v.string(),
  /** Findings of the plan with severity or priority P0. */
  p0_count: v.nullable(v.number()),
})
export type AuditRun = v.InferOutput<typeof AuditRun>

export const AuditRuns = v.object({
  runs: v.array(AuditRun),
  total: v.number(),
  has_more: v.boolean(),
  next: Next,
  degraded: v.boolean(),
  error: v.optional(v.picklist(['database_unavailable', 'feature_disabled'])),
  flag: v.optional(v.literal('VX11_AUDIT_ENABLED')),
  correlation_id: v.string(),
})
export type AuditRuns = v.InferOutput<typeof AuditRuns>

export const AuditDetail = v.object({
  ...run,
  findings: v.nullable(v.array(v.unknown())),
  /** Paths of the evidence, as the run names them; null when its list cannot be read. */
  artifacts: v.nullable(v.array(v.string())),
  applied_at: v.nullable(v.string()),
  applied_by: v.nullable(v.string()),
})
export type AuditDetail = v.InferOutput<typeof AuditDetail>

const outcomes = [
  'packed',
  'refused_path',
  'repeated',
  'missing',
  'link',
  'not_a_file',
  'unreadable',
  'too_many_files',
  'file_too_large',
  'archive_too_large',
  /** The file shrank or failed while it was read; the archive holds its beginning. */
  'cut_short',
  'no_files_on_this_platform',
] as const
export type AuditOutcome = (typeof outcomes)[number]

/** `manifest.json` of the download: the outcome of each path, in the run's order. */
export const Manifest = v.object({
  audit_id: v.string(),
  packed_at: v.string(),
  limits: v.object({ files: v.number(), file_bytes: v.number(), total_bytes: v.number() }),
  /** Why no evidence was packed; null when some was, or when the run names none. */
  reason: v.nullable(v.picklist(['list_unreadable', 'no_files_on_this_platform'])),
  evidence: v.array(
    v.object({
      /** As the run names it; truncated if long. */
      path: v.string(),
      outcome: v.picklist(outcomes),
      /** File size; null when it was not opened. */
      bytes: v.nullable(v.number()),
    }),
  ),
})
export type Manifest = v.InferOutput<typeof Manifest>
