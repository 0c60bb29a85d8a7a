/** The steps and the report of a maintenance run: one schema for all stores, stored and sent alike. */
import * as v from 'valibot'

/** In the order in which they run. */
export const stepNames = [
  'quick_check',
  'integrity_check',
  'foreign_key_check',
  'backup',
  'backup_rotation',
  'retention',
  'wal_checkpoint',
  'optimize',
  'vacuum',
  'counts',
  'db_map',
] as const
export type StepName = (typeof stepNames)[number]

const CheckResult = v.object({
  /** `ok`, or the first problem that SQLite reported. */
  verdict: v.string(),
  problems: v.array(v.string()),
})

const ForeignKeyResult = v.object({
  violations: v.number(),
  /** Rows whose parent is missing, by `child -> parent`. */
  by_key: v.record(v.string(), v.number()),
})

const BackupResult = v.object({ file: v.string(), sha256: v.string(), bytes: v.number() })

const RotationResult = v.object({
  kept: v.array(v.string()),
  archived: v.array(v.string()),
  /** All files under archived/, including earlier ones. */
  archived_total: v.number(),
})

export const RetentionTableResult = v.object({
  table: v.string(),
  column: v.string(),
  days: v.number(),
  /** Rows older than this may be deleted. */
  cutoff: v.string(),
  /** Null when the table cannot be read; `error` gives the reason. */
  eligible: v.nullable(v.number()),
  /** Rows with an unreadable time; they are never deleted. */
  unreadable: v.nullable(v.number()),
  deleted: v.number(),
  error: v.nullable(v.string()),
})
export type RetentionTableResult = v.InferOutput<typeof RetentionTableResult>

const RetentionResult = v.object({
  applied: v.boolean(),
  /** It would have been applied, but deletion is not allowed yet in this database; absent in older reports. */
  held: v.optional(v.boolean(), false),
  eligible: v.number(),
  deleted: v.number(),
  /** Eligible rows left for the next run. */
  remaining: v.number(),
  batches: v.number(),
  /** Duration of the slowest delete, an upper bound for other writers' wait. Null when nothing was deleted. */
  longest_write_ms: v.nullable(v.number()),
  tables: v.array(RetentionTableResult),
})

const CheckpointResult = v.object({ busy: v.boolean(), log_pages: v.number(), checkpointed_pages: v.number() })
const OptimizeResult = v.object({ statement: v.string(), tables: v.nullable(v.number()) })
const VacuumResult = v.object({ bytes_before: v.number(), bytes_after: v.number() })
const CountsResult = v.object({
  total_tables: v.number(),
  total_rows: v.number(),
  tables: v.record(v.string(), v.number()),
  /** Bytes of each table with its indexes; null where the store cannot measure it. Reports of older versions lack it. */
  bytes: v.optional(v.nullable(v.record(v.string(), v.number())), null),
})
const MapResult = v.object({ files: v.array(v.string()) })

/** `found`: the check ran and found a problem. `skipped`: not run or unsupported; `reason` says which. */
const StepStatus = v.picklist(['ok', 'found', 'failed', 'skipped'])
export type StepStatus = v.InferOutput<typeof StepStatus>

const stepReport = <Result extends v.GenericSchema>(result: Result) =>
  v.object({ status: StepStatus, duration_ms: v.number(), result: v.nullable(result), reason: v.nullable(v.string()) })

/** Only the requested steps. */
export const StepReports = v.object({
  quick_check: v.exactOptional(stepReport(CheckResult)),
  integrity_check: v.exactOptional(stepReport(CheckResult)),
  foreign_key_check: v.exactOptional(stepReport(ForeignKeyResult)),
  backup: v.exactOptional(stepReport(BackupResult)),
  backup_rotation: v.exactOptional(stepReport(RotationResult)),
  retention: v.exactOptional(stepReport(RetentionResult)),
  wal_checkpoint: v.exactOptional(stepReport(CheckpointResult)),
  optimize: v.exactOptional(stepReport(OptimizeResult)),
  vacuum: v.exactOptional(stepReport(VacuumResult)),
  counts: v.exactOptional(stepReport(CountsResult)),
  db_map: v.exactOptional(stepReport(MapResult)),
})
export type StepReports = v.InferOutput<typeof StepReports>
export type StepResult<Name extends StepName> = NonNullable<Required<StepReports>[Name]['result']>

export interface StepReport<Name extends StepName = StepName> {
  status: StepStatus
  duration_ms: number
  result: StepResult<Name> | null
  reason: string | null
}

export const triggers = ['weekly', 'operator', 'post_task', 'command'] as const
export type Trigger = (typeof triggers)[number]

export const MaintenanceReport = v.object({
  id: v.string(),
  trigger: v.picklist(triggers),
  reason: v.nullable(v.string()),
  started_at: v.string(),
  finished_at: v.string(),
  duration_ms: v.number(),
  /** All steps succeeded and no check found a problem. */
  ok: v.boolean(),
  store: v.picklist(['file', 'server', 'd1']),
  /** Null if the database is not a local file. */
  path: v.nullable(v.string()),
  /** Null if the store does not report it. */
  size_bytes: v.nullable(v.number()),
  steps: StepReports,
})
export type MaintenanceReport = v.InferOutput<typeof MaintenanceReport>

export const Progress = v.object({
  step: v.picklist(stepNames),
  /** Progress of the whole run, from finished steps and the current one. */
  percent: v.number(),
  rows: v.nullable(v.object({ done: v.number(), total: v.number() })),
  finished: v.array(v.object({ step: v.picklist(stepNames), status: StepStatus, duration_ms: v.number() })),
})
export type Progress = v.InferOutput<typeof Progress>
