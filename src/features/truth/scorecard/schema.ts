/** What GET /operator/api/scorecard gives: the union that both consoles read (contract P21). */
import * as v from 'valibot'

export const scoreNames = ['Orden_fs_pct', 'Coherencia_routing_pct', 'Automatizacion_pct', 'Autonomia_pct'] as const
export type ScoreName = (typeof scoreNames)[number]

/** Share of passed checks in percent; null while no check could be made. */
const Percent = v.nullable(v.number())

export const Check = v.object({
  metric: v.picklist(scoreNames),
  check: v.string(),
  /** Null when it could not be made, and then it counts neither way. */
  passed: v.nullable(v.boolean()),
  /** What was found. */
  found: v.string(),
})
export type Check = v.InferOutput<typeof Check>

export const Scorecard = v.object({
  percentages: v.object({
    generated_ts: v.string(),
    metrics: v.object({
      Orden_fs_pct: Percent,
      Coherencia_routing_pct: Percent,
      Automatizacion_pct: Percent,
      Autonomia_pct: Percent,
      Global_ponderado_pct: Percent,
    }),
    /** What each metric weighs in the global one; those without a value leave their weight to the others. */
    weights: v.record(v.string(), v.number()),
    checks: v.array(Check),
  }),
  scorecard: v.object({
    generated_ts: v.string(),
    integrity: v.nullable(v.string()),
    integrity_checked_at: v.nullable(v.string()),
    total_tables: v.nullable(v.number()),
    total_rows: v.nullable(v.number()),
    rows_counted_at: v.nullable(v.string()),
    db_size_bytes: v.nullable(v.number()),
    /** Kept for v7's readers: the gateway does not list its backup folder. */
    backup_db_count: v.null(),
    backups_archived_count: v.null(),
    services: v.record(v.string(), v.number()),
    gates: v.record(v.string(), v.number()),
    /** Why a value is null. */
    unmeasured: v.record(v.string(), v.string()),
  }),
  /** v7 read two files; both parts are measured here, so both are there. */
  files_found: v.object({ percentages: v.literal(true), scorecard: v.literal(true) }),
  /** Of the last 24 hours in percent, by service; null where nothing was expected of it. */
  availability: v.record(v.string(), Percent),
  order_fs_pct: Percent,
  coherencia_routing_pct: Percent,
  automatizacion_pct: Percent,
  autonomia_pct: Percent,
  global_ponderado_pct: Percent,
  correlation_id: v.string(),
})
export type Scorecard = v.InferOutput<typeof Scorecard>
