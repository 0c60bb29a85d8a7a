/** Former shapes of VX11's database, by number of tables; from 68 schema snapshots of December 2025. */
import type { TableShape } from '../adoption/shape.ts'

/** Added tables, by the table count that they led to; all others belong to the first 50. */
const arrivals: Readonly<Record<string, readonly string[]>> = {
  54: ['cli_onboarding_state', 'cli_usage_stats', 'fluzo_signals', 'routing_events'],
  59: [
    'chat_providers_stats',
    'copilot_actions_log',
    'copilot_repo_map',
    'copilot_runtime_services',
    'copilot_workflows_catalog',
  ],
  60: ['module_status'],
  65: [
    'canonical_docs',
    'canonical_docs_legacy_20251220T212937Z',
    'canonical_kv',
    'canonical_registry',
    'canonical_runs',
  ],
  70: ['rails_container_blueprints', 'rails_events', 'rails_flow_templates', 'rails_lanes', 'rails_map_versions'],
  71: ['operator_audit_runs_cache'],
  86: [
    ...['inee_agents', 'inee_audit_events', 'inee_colonies', 'inee_intents', 'inee_nonces', 'inee_policies'],
    ...['reward_accounts', 'reward_events', 'manifestator_audit', 'manifestator_lanes', 'manifestator_rails'],
    ...['operator_events', 'operator_metrics', 'operator_settings', 'vx11_migration_log'],
  ],
  /** shub tries to create these at every start, but never did. */
  88: ['shub_request_nonces', 'shub_window_cache'],
}

/** Columns added to existing tables, by the table count from which they exist. */
const lateColumns: Readonly<Record<string, readonly [from: number, columns: readonly string[]]>> = {
  copilot_repo_map: [60, ['content', 'meta_json']],
  task_queue: [70, ['result', 'updated_at']],
  daughter_tasks: [71, ['parent_task_id_fk']],
  daughters: [71, ['spawn_uuid', 'parent_id', 'spawner_service']],
  copilot_actions_log: [71, ['action_type']],
}

/** The first column of the newer set; the older and newer scanner of hormiguero write different columns. */
const hormigueroTurn: Readonly<Record<string, string>> = {
  feromona_events: 'kind',
  hormiga_state: 'hormiga_id',
  incidents: 'incident_id',
  pheromone_log: 'pheromone_id',
}

/** Columns of both versions of hormiguero. */
const hormigueroShared = ['id', 'severity', 'status', 'created_at', 'updated_at', 'last_scan_at']

/** The table count at which the nine indexes of retention appeared, between 12-22 and 12-24. */
const retentionSince = 70
const retentionIndex =
  /^idx_(incidents_detected_at|(model_usage_stats|pheromone_log|intents_log|ia_decisions)_created_at|(routing_events|cli_usage_stats|system_events|scheduler_history)_timestamp)$/

export const legacyTableCounts = [50, 54, 59, 60, 65, 70, 71, 86] as const
export type LegacyTableCount = (typeof legacyTableCounts)[number]

export interface LegacyForm {
  tables: LegacyTableCount
  /** The column set of hormiguero's four tables; by default it follows from the table count. */
  hormiguero?: 'older' | 'newer' | 'both'
  /** The table of the scan script has 8 columns, the live one 13. */
  runtimeServiceColumns?: 8 | 13
  /** False omits all UNIQUE constraints except primary keys. */
  uniques?: boolean
}

/** The tables, columns and indexes of a form, as a subset of the newest 88 tables. */
export function legacyShape(tables: Iterable<TableShape>, form: LegacyForm): TableShape[] {
  return [...tables]
    .filter(({ name }) => arrivalOf(name) <= form.tables)
    .map((table) => {
      const columns = table.columns.filter(({ name }, place) => isThere(table, name, place, form))
      const names = new Set(columns.map(({ name }) => name))
      const whole = (list: readonly string[]) => list.every((name) => names.has(name))
      return {
        ...table,
        columns,
        indexes: table.indexes.filter((index) => whole(index.columns) && isIndexThere(index, form)),
        foreignKeys: table.foreignKeys.filter((key) => whole(key.columns)),
      }
    })
}

function arrivalOf(table: string): number {
  const found = Object.entries(arrivals).find(([, names]) => names.includes(table))
  return found ? Number(found[0]) : 50
}

function isThere(table: TableShape, column: string, place: number, form: LegacyForm): boolean {
  if (table.name === 'copilot_runtime_services') return place < (form.runtimeServiceColumns ?? 13)
  const turn = hormigueroTurn[table.name]
  if (turn) return isHormigueroColumn(table, column, place, turn, form)
  const [from, names] = lateColumns[table.name] ?? [0, []]
  return form.tables >= from || !names.includes(column)
}

function isHormigueroColumn(table: TableShape, column: string, place: number, turn: string, form: LegacyForm): boolean {
  const set = form.hormiguero ?? (form.tables >= 65 ? 'both' : 'older')
  const isNewer = place >= table.columns.findIndex(({ name }) => name === turn)
  if (set === 'both' || hormigueroShared.includes(column)) return set !== 'older' || !isNewer
  return isNewer === (set === 'newer')
}

/** Key indexes exist with their keys. `daughters.spawn_uuid` was added to a table with rows, so without UNIQUE. */
function isIndexThere({ name, unique }: { name: string; unique: boolean }, form: LegacyForm): boolean {
  if (name.startsWith('sqlite_')) return false
  if (unique) return form.uniques !== false && name !== 'daughters_spawn_uuid_unique'
  return form.tables >= retentionSince || !retentionIndex.test(name)
}
