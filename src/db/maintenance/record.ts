/** The result of the last maintenance run, stored in `system_state`; scorecard, gates and status read it. */
import * as v from 'valibot'

export const maintenanceKey = 'gateway:maintenance'
/** The last backup that was verified; later runs without one leave it. */
export const backupKey = 'gateway:maintenance:backup'

/** Epoch milliseconds. */
export const BackupRecord = v.object({ at: v.number() })

/** Times in epoch milliseconds. A check that was unsupported or not requested is null. */
export const MaintenanceRecord = v.object({
  startedAt: v.number(),
  finishedAt: v.number(),
  /** All steps succeeded and no check found a problem. */
  ok: v.boolean(),
  quickCheck: v.nullable(v.string()),
  integrityCheck: v.nullable(v.string()),
  foreignKeyViolations: v.nullable(v.number()),
  backup: v.nullable(v.object({ file: v.string(), sha256: v.string(), bytes: v.number() })),
})
export type MaintenanceRecord = v.InferOutput<typeof MaintenanceRecord>
