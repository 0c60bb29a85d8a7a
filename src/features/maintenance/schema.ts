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

export const Backups = v.object({
  /** The newest first, as the files are now; null where they are not kept here. */
  backups: v.nullable(
    v.array(
      v.object({
        file: v.string(),
        bytes: v.number(),
        created_at: v.string(),
        /** It has a checksum, so that it can be restored. */
        verifiable: v.boolean(),
        archived: v.boolean(),
      }),
    ),
  ),
  total_bytes: v.nullable(v.number()),
  /** How many a rotation leaves in place. */
  keep: v.nullable(v.number()),
  /** Why there is no list. */
  reason: v.nullable(v.picklist(['kept_by_the_store', 'folder_unreadable'])),
  correlation_id: v.string(),
})
export type Backups = v.InferOutput<typeof Backups>
