/** What the last maintenance run found, kept in `system_state` under one key: written by maintenance, read by scorecard, gates and status. */
import * as v from 'valibot'

export const maintenanceKey = 'gateway:maintenance'
/** The last backup that was verified; later runs without one leave it. */
export const backupKey = 'gateway:maintenance:backup'

/** Epoch milliseconds. */
export const BackupRecord = v.object({ at: v.number() })

/** Moments in epoch milliseconds. A check that the store cannot do, or that was not asked for, is null. */
export const MaintenanceRecord = v.object({
  startedAt: v.number(),
  finishedAt: v.number(),
  /** Every step that ran did what it should, and every check found nothing. */
  ok: v.boolean(),
  quickCheck: v.nullable(v.string()),
  integrityCheck: v.nullable(v.string()),
  foreignKeyViolations: v.nullable(v.number()),
  backup: v.nullable(v.object({ file: v.string(), sha256: v.string(), bytes: v.number() })),
})
export type MaintenanceRecord = v.InferOutput<typeof MaintenanceRecord>
