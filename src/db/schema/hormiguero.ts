/**
 * The ants’ findings and signals. Each table holds an older and a newer set of columns side by side;
 * the older NOT NULL columns bind writers of the newer set too.
 */
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { datetime, float, utcNow, varchar } from './columns.ts'

/** One signal event; older and newer column sets side by side. */
export const feromonaEvents = sqliteTable('feromona_events', {
  id: integer().primaryKey(),
  // Older set: system, audio, anomaly or mutation.
  type: varchar({ length: 64 }).notNull(),
  intensity: integer().$default(() => 0),
  module: varchar({ length: 64 }).notNull(),
  payload: text(),
  timestamp: datetime().$default(utcNow),
  // Newer set starts here.
  kind: text(),
  scope: text(),
  payloadJson: text('payload_json'),
  source: text(),
  createdAt: datetime('created_at'),
})

/** State of one scanner ant; older and newer column sets live side by side. */
export const hormigaState = sqliteTable(
  'hormiga_state',
  {
    id: integer().primaryKey(),
    // Older id; newer writers copy hormiga_id here.
    antId: varchar('ant_id', { length: 64 }).notNull().unique(),
    // scanner, or scanner_ plus what it scans.
    role: varchar({ length: 32 }).notNull(),
    // Older set: idle, scanning, reporting.
    status: varchar({ length: 20 }).$default(() => 'idle'),
    lastScanAt: datetime('last_scan_at'),
    mutationLevel: integer('mutation_level').$default(() => 0),
    cpuPercent: float('cpu_percent').$default(() => 0),
    ramPercent: float('ram_percent').$default(() => 0),
    createdAt: datetime('created_at').$default(utcNow),
    updatedAt: datetime('updated_at').$default(utcNow),
    // Newer id; the target of upserts.
    hormigaId: text('hormiga_id'),
    name: text(),
    enabled: integer(),
    aggressionLevel: integer('aggression_level'),
    scanIntervalSec: integer('scan_interval_sec'),
    lastOkAt: datetime('last_ok_at'),
    lastErrorAt: datetime('last_error_at'),
    lastError: text('last_error'),
    // JSON of the last scan result.
    statsJson: text('stats_json'),
  },
  (table) => [
    // An ant reports by upsert.
    uniqueIndex('idx_hormiga_state_hormiga_id').on(table.hormigaId),
  ],
)

/** One anomaly found by a scanner; over a million rows in a grown database: never scan it without a filter. */
export const incidents = sqliteTable(
  'incidents',
  {
    id: integer().primaryKey(),
    // Older set: the ant that reports.
    antId: varchar('ant_id', { length: 64 }).notNull(),
    // Older set: drift, memory_leak, broken_import, orphan_log, zombie_process, blocked_port, ...
    incidentType: varchar('incident_type', { length: 64 }).notNull(),
    // info, warning, error, critical or high.
    severity: varchar({ length: 20 }).$default(() => 'info'),
    location: varchar({ length: 255 }),
    // JSON text.
    details: text(),
    // open, acknowledged or resolved.
    status: varchar({ length: 20 }).$default(() => 'open'),
    detectedAt: datetime('detected_at').$default(utcNow),
    resolvedAt: datetime('resolved_at'),
    // Older set: direct_action, spawn_hija or switch_strategy.
    queenDecision: varchar('queen_decision', { length: 255 }),
    // Newer set starts here. A correlation id, else SHA-1 of kind, title, source and correlation id.
    incidentId: text('incident_id'),
    // fs_drift, health, db_sanity or hijas_runtime.
    kind: text(),
    title: text(),
    description: text(),
    evidenceJson: text('evidence_json'),
    source: text(),
    firstSeenAt: datetime('first_seen_at'),
    lastSeenAt: datetime('last_seen_at'),
    correlationId: text('correlation_id'),
    // JSON list.
    tags: text(),
    // What switch or manifestator proposes.
    suggestedActionsJson: text('suggested_actions_json'),
    executionPlanJson: text('execution_plan_json'),
    createdAt: datetime('created_at'),
    updatedAt: datetime('updated_at'),
  },
  (table) => [
    // A finding seen again updates its row.
    uniqueIndex('idx_incidents_incident_id').on(table.incidentId),
    // Retention deletes by age.
    index('idx_incidents_detected_at').on(table.detectedAt),
  ],
)

/** One signal or action request issued by the queen; older and newer column sets side by side. */
export const pheromoneLog = sqliteTable(
  'pheromone_log',
  {
    id: integer().primaryKey(),
    // Older set: alert, task, cleanup, optimize, investigate.
    pheromoneType: varchar('pheromone_type', { length: 64 }).notNull(),
    // 1 to 10.
    intensity: integer().$default(() => 1),
    // JSON list of incident ids.
    sourceIncidentIds: text('source_incident_ids'),
    madreIntentId: varchar('madre_intent_id', { length: 64 }),
    switchConsultationId: varchar('switch_consultation_id', { length: 64 }),
    payload: text(),
    createdAt: datetime('created_at').$default(utcNow),
    executedAt: datetime('executed_at'),
    // Newer set starts here.
    pheromoneId: text('pheromone_id'),
    incidentId: text('incident_id'),
    // cleanup_pycache, move_duplicate or manifestator_patch.
    actionKind: text('action_kind'),
    actionPayloadJson: text('action_payload_json'),
    requestedBy: text('requested_by'),
    approvedBy: text('approved_by'),
    // pending or approved.
    status: text(),
    resultJson: text('result_json'),
    updatedAt: datetime('updated_at'),
  },
  (table) => [
    // A signal seen again updates its row.
    uniqueIndex('idx_pheromone_log_pheromone_id').on(table.pheromoneId),
    // Retention deletes by age.
    index('idx_pheromone_log_created_at').on(table.createdAt),
  ],
)
