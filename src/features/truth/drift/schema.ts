/** What GET and POST /operator/api/drift give: how far VX11 is from its canon, area by area. */
import * as v from 'valibot'

export const driftAreas = ['routes', 'services', 'database', 'flags', 'contracts', 'instances'] as const
export const DriftArea = v.picklist(driftAreas)
export type DriftArea = v.InferOutput<typeof DriftArea>

/** `low`: it differs, and may be meant so. From `medium` on somebody should look. */
export const driftSeverities = ['low', 'medium', 'high', 'critical'] as const
export const DriftSeverity = v.picklist(driftSeverities)
export type DriftSeverity = v.InferOutput<typeof DriftSeverity>

export const Drift = v.object({
  area: DriftArea,
  /** The service or the instance that differs. */
  module: v.string(),
  /** The route, table, variable or path. */
  subject: v.string(),
  expected: v.string(),
  actual: v.string(),
  severity: DriftSeverity,
})
export type Drift = v.InferOutput<typeof Drift>

/** What could not be asked; never counted as in order. */
export const Unasked = v.object({ area: DriftArea, module: v.string(), reason: v.string() })
export type Unasked = v.InferOutput<typeof Unasked>

/** A drift that is open: since when, and whether the last audit saw it or could not ask. */
export const OpenDrift = v.object({ ...Drift.entries, since: v.string(), current: v.boolean() })
export type OpenDrift = v.InferOutput<typeof OpenDrift>

export const AreaResult = v.object({
  area: DriftArea,
  /** `unknown`: nothing differs, but something could not be asked. */
  verdict: v.picklist(['ok', 'drift', 'unknown']),
  /** Compared with the canon. */
  checked: v.number(),
  drifts: v.number(),
  unknown: v.number(),
})
export type AreaResult = v.InferOutput<typeof AreaResult>

/** As it is stored. */
export const DriftRecord = v.object({
  /** Epoch milliseconds. */
  at: v.number(),
  trigger: v.picklist(['weekly', 'request']),
  version: v.string(),
  areas: v.array(AreaResult),
  drifts: v.array(OpenDrift),
  /** Drifts beyond those listed. */
  left_out: v.number(),
  unknown: v.array(Unasked),
  report_path: v.nullable(v.string()),
})
export type DriftRecord = v.InferOutput<typeof DriftRecord>

export const DriftQuery = v.object({ format: v.optional(v.picklist(['json', 'md']), 'json') })

export const DriftReport = v.object({
  /** `drift`: something of medium severity or above. `incomplete`: none, and something could not be asked. */
  status: v.picklist(['ok', 'incomplete', 'drift', 'never_audited']),
  audited_at: v.nullable(v.string()),
  age_s: v.nullable(v.number()),
  next_audit_at: v.nullable(v.string()),
  trigger: v.nullable(DriftRecord.entries.trigger),
  version: v.nullable(v.string()),
  areas: v.array(AreaResult),
  drifts: v.array(OpenDrift),
  left_out: v.number(),
  unknown: v.array(Unasked),
  /** Null on a platform without files. */
  report_path: v.nullable(v.string()),
  /** Why it was not stored. */
  unrecorded: v.nullable(v.literal('database_unavailable')),
  correlation_id: v.string(),
})
export type DriftReport = v.InferOutput<typeof DriftReport>
