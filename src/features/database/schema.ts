/** What GET /vx11/db/summary gives (contract H17). */
import * as v from 'valibot'

const Count = v.nullable(v.number())

export const DatabaseSummary = v.object({
  /** Rows; null where the table is too long to count now and has not been counted in the background. */
  counts: v.object({
    spawns: Count,
    tasks: Count,
    routing_events: Count,
    cli_providers: Count,
    cli_usage_stats: Count,
    daughters: Count,
    daughter_tasks: Count,
    daughter_attempts: Count,
  }),
  /** Tables whose count is not of this moment, with its moment. */
  counted_at: v.record(v.string(), v.string()),
  /** The five newest. */
  last_spawns: v.array(
    v.object({ uuid: v.string(), status: v.nullable(v.string()), created_at: v.nullable(v.string()) }),
  ),
  last_routing_events: v.array(
    v.object({
      trace_id: v.string(),
      route_type: v.string(),
      provider_id: v.string(),
      score: v.nullable(v.number()),
      created_at: v.nullable(v.string()),
    }),
  ),
  database: v.object({
    size_bytes: v.nullable(v.number()),
    tables: v.nullable(v.number()),
    rows: v.nullable(v.number()),
    rows_counted_at: v.nullable(v.string()),
    /** What the last maintenance run's integrity check said. */
    integrity: v.nullable(v.string()),
    integrity_checked_at: v.nullable(v.string()),
    /** Why a value is null. */
    unmeasured: v.record(v.string(), v.string()),
    measured_at: v.string(),
  }),
  correlation_id: v.string(),
})
export type DatabaseSummary = v.InferOutput<typeof DatabaseSummary>
