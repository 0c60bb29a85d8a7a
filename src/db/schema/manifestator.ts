/** Drift reports, and the lanes, rules and audits of patch plans. */
import { sql } from 'drizzle-orm'
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { boolean, currentTimestamp, datetime, textKey, utcNow, varchar } from './columns.ts'

/** One filesystem/module drift report. */
export const driftReports = sqliteTable('drift_reports', {
  id: integer().primaryKey(),
  module: varchar({ length: 64 }).notNull(),
  // JSON text: missing and extra modules and files, import errors.
  details: text().notNull(),
  // low, medium, high or critical.
  severity: varchar({ length: 32 }).$default(() => 'low'),
  timestamp: datetime().$default(utcNow),
  resolved: boolean().$default(() => false),
})

/** One audit or patch-plan run with evidence paths. */
export const manifestatorAudit = sqliteTable(
  'manifestator_audit',
  {
    auditId: textKey('audit_id'),
    runTs: datetime('run_ts').default(currentTimestamp),
    // The gateway reads its keys summary and findings.
    patchPlanJson: text('patch_plan_json'),
    status: text(),
    appliedAt: datetime('applied_at'),
    appliedBy: text('applied_by'),
    correlationId: text('correlation_id'),
    // List of paths relative to the repository.
    evidencePathsJson: text('evidence_paths_json'),
  },
  (table) => [
    // The runs of one request.
    index('idx_manifestator_audit_correlation').on(table.correlationId),
    check('manifestator_audit_status_check', sql`status IN ('draft', 'approved', 'applied', 'rolled_back')`),
  ],
)

/** One stage of drift handling with its checks. */
export const manifestatorLanes = sqliteTable(
  'manifestator_lanes',
  {
    laneId: textKey('lane_id'),
    name: text(),
    description: text(),
    stage: text(),
    checksJson: text('checks_json'),
    createdAt: datetime('created_at').default(currentTimestamp),
  },
  () => [check('manifestator_lanes_stage_check', sql`stage IN ('detect', 'plan', 'validate', 'apply')`)],
)

/** One rule that plans and patches must respect. */
export const manifestatorRails = sqliteTable(
  'manifestator_rails',
  {
    railId: textKey('rail_id'),
    name: text(),
    description: text(),
    ruleType: text('rule_type'),
    ruleDefinitionJson: text('rule_definition_json').notNull(),
    severityOnViolation: text('severity_on_violation'),
    createdAt: datetime('created_at').default(currentTimestamp),
    active: boolean().default(sql`TRUE`),
  },
  (table) => [
    // The rules in force.
    index('idx_manifestator_rails_active').on(table.active),
    check(
      'manifestator_rails_rule_type_check',
      sql`rule_type IN ('constraint', 'drift_threshold', 'naming_convention', 'schema_rule')`,
    ),
    check(
      'manifestator_rails_severity_on_violation_check',
      sql`severity_on_violation IN ('warn', 'error', 'critical')`,
    ),
  ],
)
