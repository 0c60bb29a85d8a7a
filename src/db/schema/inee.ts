/** The colony subsystem: colonies, their agents and intents, replay protection, policies and reward points. */
import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { boolean, currentTimestamp, datetime, textKey } from './columns.ts'

/** One agent of a colony. */
export const ineeAgents = sqliteTable(
  'inee_agents',
  {
    agentId: text('agent_id'),
    colonyId: text('colony_id')
      .notNull()
      .references(() => ineeColonies.colonyId),
    role: text().notNull(),
    status: text(),
    lastCheckin: datetime('last_checkin'),
    telemetryJson: text('telemetry_json'),
    createdAt: datetime('created_at').default(currentTimestamp),
  },
  (table) => [
    primaryKey({ columns: [table.agentId, table.colonyId] }),
    // The agents of one role.
    index('idx_inee_agents_role').on(table.role),
    // The agents of one colony.
    index('idx_inee_agents_colony').on(table.colonyId),
    // The key in the order of a look-up within a colony.
    uniqueIndex('uq_inee_agents_colony_id_agent_id').on(table.colonyId, table.agentId),
    check('inee_agents_role_check', sql`role IN ('egg', 'larva', 'adult', 'beta_queen')`),
    check('inee_agents_status_check', sql`status IN ('idle', 'processing', 'offline')`),
  ],
)

/** One audit event of the colony subsystem. */
export const ineeAuditEvents = sqliteTable(
  'inee_audit_events',
  {
    eventId: text('event_id'),
    correlationId: text('correlation_id').notNull(),
    ts: datetime().default(currentTimestamp),
    source: text(),
    eventType: text('event_type'),
    severity: text(),
    message: text(),
    structuredJson: text('structured_json'),
    archiveDate: datetime('archive_date'),
  },
  (table) => [
    primaryKey({ columns: [table.eventId, table.correlationId, table.ts] }),
    // What is archived, and what is not yet.
    index('idx_inee_audit_archived').on(table.archiveDate),
    // The newest events.
    index('idx_inee_audit_created_at').on(table.ts),
    // The events of one request.
    index('idx_inee_audit_correlation_id').on(table.correlationId),
    // The events of one request in their order.
    uniqueIndex('uq_inee_audit_events_correlation_id_ts_event_id').on(table.correlationId, table.ts, table.eventId),
    check('inee_audit_events_source_check', sql`source IN ('inee', 'manifestator', 'operator', 'madre')`),
    check(
      'inee_audit_events_event_type_check',
      sql`event_type IN ('intent_proposed', 'simulated', 'executed', 'error', 'drift_detected', 'patch_applied')`,
    ),
    check('inee_audit_events_severity_check', sql`severity IN ('info', 'warn', 'crit')`),
  ],
)

/** One registered remote colony. */
export const ineeColonies = sqliteTable(
  'inee_colonies',
  {
    colonyId: textKey('colony_id'),
    name: text(),
    status: text(),
    betaQueenUrl: text('beta_queen_url'),
    protocol: text(),
    lastHeartbeat: datetime('last_heartbeat'),
    lastSeen: datetime('last_seen'),
    maxAgents: integer('max_agents').default(1000),
    rateLimitPerMinute: integer('rate_limit_per_minute').default(100),
    createdAt: datetime('created_at').default(currentTimestamp),
    createdBy: text('created_by'),
  },
  (table) => [
    // Colonies that have fallen silent.
    index('idx_inee_colonies_last_seen').on(table.lastSeen),
    // Colonies in one status.
    index('idx_inee_colonies_status').on(table.status),
    check('inee_colonies_status_check', sql`status IN ('pending', 'active', 'suspended', 'offline')`),
    check('inee_colonies_protocol_check', sql`protocol IN ('http', 'websocket', 'batch')`),
    check('inee_colonies_max_agents_check', sql`max_agents > 0`),
    check('inee_colonies_rate_limit_per_minute_check', sql`rate_limit_per_minute > 0`),
  ],
)

/** One intent sent by a colony, with its phase. */
export const ineeIntents = sqliteTable(
  'inee_intents',
  {
    intentId: textKey('intent_id'),
    colonyId: text('colony_id')
      .notNull()
      .references(() => ineeColonies.colonyId),
    agentId: text('agent_id'),
    phase: text().notNull(),
    intentType: text('intent_type'),
    payloadJson: text('payload_json').notNull(),
    correlationId: text('correlation_id'),
    createdAt: datetime('created_at').default(currentTimestamp),
    updatedAt: datetime('updated_at').default(currentTimestamp),
    approverId: text('approver_id'),
    approvalReason: text('approval_reason'),
    resultJson: text('result_json'),
  },
  (table) => [
    // The newest intents.
    index('idx_inee_intents_created_at').on(table.createdAt),
    // The intents of one request.
    index('idx_inee_intents_correlation_id').on(table.correlationId),
    // The intents of one colony.
    index('idx_inee_intents_colony').on(table.colonyId),
    // Intents that wait in a phase.
    index('idx_inee_intents_phase').on(table.phase),
    check(
      'inee_intents_phase_check',
      sql`phase IN ('proposed', 'simulating', 'validated', 'approved', 'executing', 'completed', 'rejected')`,
    ),
    check(
      'inee_intents_intent_type_check',
      sql`intent_type IN ('simulate', 'validate', 'apply', 'drift_repair', 'new_module')`,
    ),
  ],
)

/** One used nonce of a colony request (replay protection). */
export const ineeNonces = sqliteTable(
  'inee_nonces',
  {
    nonce: text(),
    colonyId: text('colony_id')
      .notNull()
      .references(() => ineeColonies.colonyId),
    usedAt: datetime('used_at').default(currentTimestamp),
    requestHash: text('request_hash'),
  },
  (table) => [
    primaryKey({ columns: [table.nonce, table.colonyId] }),
    // The nonces of a colony by age.
    index('idx_inee_nonces_colony_ts').on(table.colonyId, table.usedAt),
    // Was this nonce used in this colony?
    uniqueIndex('uq_inee_nonces_colony_id_nonce').on(table.colonyId, table.nonce),
  ],
)

/** One policy for colonies (limits, kill switch, approval). */
export const ineePolicies = sqliteTable(
  'inee_policies',
  {
    policyId: textKey('policy_id'),
    policyType: text('policy_type'),
    targetEntity: text('target_entity'),
    configJson: text('config_json').notNull(),
    active: boolean().default(sql`TRUE`),
    createdAt: datetime('created_at').default(currentTimestamp),
    updatedAt: datetime('updated_at').default(currentTimestamp),
    updatedBy: text('updated_by'),
  },
  (table) => [
    // The policies in force.
    index('idx_inee_policies_active').on(table.active),
    // The policies for one entity.
    index('idx_inee_policies_entity').on(table.targetEntity),
    check(
      'inee_policies_policy_type_check',
      sql`policy_type IN ('rate_limit', 'budget', 'killswitch', 'execution_approval')`,
    ),
  ],
)

/** Point balance of one colony, agent or module. */
export const rewardAccounts = sqliteTable(
  'reward_accounts',
  {
    accountId: textKey('account_id'),
    entityType: text('entity_type').notNull(),
    entityId: text('entity_id').notNull(),
    role: text(),
    balance: integer().default(0),
    budgetLimit: integer('budget_limit').default(10000),
    createdAt: datetime('created_at').default(currentTimestamp),
  },
  (table) => [
    // The account of an entity.
    index('idx_reward_accounts_entity').on(table.entityType, table.entityId),
    // One account per entity.
    uniqueIndex('uq_reward_accounts_entity_type_entity_id').on(table.entityType, table.entityId),
    check('reward_accounts_entity_type_check', sql`entity_type IN ('colony', 'agent', 'module')`),
    check('reward_accounts_budget_limit_check', sql`budget_limit > 0`),
  ],
)

/** One change of a reward balance. */
export const rewardEvents = sqliteTable(
  'reward_events',
  {
    eventId: textKey('event_id'),
    accountId: text('account_id')
      .notNull()
      .references(() => rewardAccounts.accountId),
    transactionType: text('transaction_type'),
    amount: integer().notNull(),
    reason: text(),
    correlationId: text('correlation_id'),
    ts: datetime().default(currentTimestamp),
  },
  (table) => [
    // The changes of one request.
    index('idx_reward_events_correlation').on(table.correlationId),
    // The statement of an account.
    index('idx_reward_events_account_ts').on(table.accountId, table.ts),
    check(
      'reward_events_transaction_type_check',
      sql`transaction_type IN ('earned', 'spent', 'penalty', 'adjustment')`,
    ),
  ],
)
