/** What the maintenance routes take and give. */
import * as v from 'valibot'
import { MaintenanceReport, Progress, triggers } from '../../db/maintenance/report.ts'

export const MaintenanceOrder = v.object({
  /** Delete what retention finds, or only plan; absent: by the size of the database. */
  apply: v.nullish(v.boolean()),
  reason: v.nullish(v.pipe(v.string(), v.maxLength(500))),
  backup: v.optional(v.boolean()),
  /** Keeps every writer out while it runs. */
  vacuum: v.optional(v.boolean()),
})

export const MaintenanceAccepted = v.object({ id: v.string(), state: v.literal('running'), status_url: v.string() })

export const MaintenanceState = v.object({
  state: v.picklist(['idle', 'running']),
  run: v.nullable(
    v.object({
      id: v.string(),
      trigger: v.picklist(triggers),
      started_at: v.string(),
      here: v.boolean(),
      progress: v.nullable(Progress),
    }),
  ),
  last: v.nullable(MaintenanceReport),
  next_full_run_at: v.nullable(v.string()),
  /** Null: not allowed yet, so runs without `apply` only plan. */
  retention_allowed_at: v.nullable(v.string()),
})
