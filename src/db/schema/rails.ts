/** The routing map: its versions, lanes, flow templates and sandbox blueprints, and who changed it. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { autoincrementKey, currentTimestamp, datetime, textKey } from './columns.ts'

/** One sandbox blueprint (mounts, limits, lifetime) for the builder. */
export const railsContainerBlueprints = sqliteTable('rails_container_blueprints', {
  // builder_vx11_v1 or builder_external_v1.
  blueprintId: textKey('blueprint_id'),
  purpose: text(),
  sandboxPolicyJson: text('sandbox_policy_json'),
  mountsJson: text('mounts_json'),
  networkConfig: text('network_config'),
  cpuLimitMillicores: integer('cpu_limit_millicores'),
  memLimitMb: integer('mem_limit_mb'),
  ttlSec: integer('ttl_sec'),
  mapVersion: text('map_version')
    .notNull()
    .references(() => railsMapVersions.version),
})

/** One audit line of the rails system: who did what, why, with which result. */
export const railsEvents = sqliteTable(
  'rails_events',
  {
    id: autoincrementKey(),
    // migration, madre, reina or manifestator.
    who: text().notNull(),
    // Such as lane_missing, reina_escalation or rails_refresh.
    what: text().notNull(),
    whenTs: datetime('when_ts').default(currentTimestamp),
    // Such as initialization or <domain>:<intent_type>.
    why: text(),
    resultJson: text('result_json'),
    correlationId: text('correlation_id'),
  },
  (table) => [
    // The newest events.
    index('idx_rails_events_when').on(table.whenTs),
    // The events of one request.
    index('idx_rails_events_correlation').on(table.correlationId),
  ],
)

/** One flow template of a map version. */
export const railsFlowTemplates = sqliteTable(
  'rails_flow_templates',
  {
    flowId: textKey('flow_id'),
    domain: text().notNull(),
    triggersJson: text('triggers_json'),
    stepsJson: text('steps_json'),
    invariantsJson: text('invariants_json'),
    mapVersion: text('map_version')
      .notNull()
      .references(() => railsMapVersions.version),
  },
  (table) => [
    // The flows of one domain.
    index('idx_rails_flow_templates_domain').on(table.domain),
  ],
)

/** One routing lane: (domain, intent type) to owning module. */
export const railsLanes = sqliteTable(
  'rails_lanes',
  {
    laneId: textKey('lane_id'),
    domain: text().notNull(),
    intentType: text('intent_type').notNull(),
    ownerModule: text('owner_module').notNull(),
    escalationRule: text('escalation_rule'),
    constraintsJson: text('constraints_json'),
    invariantsJson: text('invariants_json'),
    mapVersion: text('map_version')
      .notNull()
      .references(() => railsMapVersions.version),
  },
  (table) => [
    // Which lane takes this intent?
    index('idx_rails_lanes_domain_intent').on(table.domain, table.intentType),
  ],
)

/** One published version of the routing map. */
export const railsMapVersions = sqliteTable('rails_map_versions', {
  id: autoincrementKey(),
  version: text().notNull().unique(),
  // After a refresh the first 12 hex digits of SHA-256.
  contentHash: text('content_hash').notNull(),
  createdAt: datetime('created_at').default(currentTimestamp),
  author: text(),
  notes: text(),
  sourceCanonHash: text('source_canon_hash'),
})
