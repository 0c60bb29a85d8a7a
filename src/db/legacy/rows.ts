/** Fills legacy tables with deterministic rows in the proportions of VX11's database. */
import { type ColumnShape, quoteName, quoteText, type TableShape } from '../adoption/shape.ts'
import { incidentValue } from './incidents.ts'

/** Row counts of 2025-12-29; other tables were empty. */
const counts: Readonly<Record<string, number>> = {
  ...{ canonical_docs: 6, canonical_docs_legacy_20251220T212937Z: 12, canonical_kv: 18, canonical_registry: 1 },
  ...{ canonical_runs: 8, copilot_actions_log: 3, copilot_repo_map: 983, copilot_runtime_services: 12 },
  ...{ vx11_migration_log: 1, cli_providers: 1, model_registry: 1, models_local: 30, hormiga_state: 12 },
  ...{ incidents: 1_126_461, context: 72, intents_log: 53, madre_actions: 160, madre_policies: 10, module_health: 1 },
  ...{ module_status: 11, system_state: 6, tasks: 43, manifestator_lanes: 2, manifestator_rails: 2, audit_logs: 10 },
  ...{ operator_browser_task: 67, operator_message: 206, operator_session: 260, operator_switch_adjustment: 67 },
  ...{ operator_tool_call: 67, rails_events: 27, rails_map_versions: 1, daughter_attempts: 180, daughter_tasks: 131 },
  ...{ daughters: 180, hijas_runtime: 55, hijas_state: 43, spawns: 68, chat_providers_stats: 4, cli_usage_stats: 123 },
  ...{ ia_decisions: 1, model_usage_stats: 10_218, routing_events: 23, switch_queue_v2: 10_218, task_queue: 134 },
}
const allRows = Object.values(counts).reduce((sum, count) => sum + count, 0)

/** The file had 619.7 MB: half of it rows, the rest pages that retention had freed. */
export const snapshotBytesPerRow = 619_692_032 / allRows

/** Distributes `total` rows over the tables; `incidents` gets the remainder. */
export function shareRows(tables: readonly TableShape[], total: number): Map<string, number> {
  const shares = new Map(
    tables.map(({ name }) => {
      const count = counts[name] ?? 0
      return [name, count === 0 ? 0 : Math.max(1, Math.round((count * total) / allRows))] as const
    }),
  )
  const others = [...shares].reduce((sum, [name, count]) => (name === 'incidents' ? sum : sum + count), 0)
  return shares.set('incidents', Math.max(0, total - others))
}

/** One statement that inserts a table's rows; `parents` has the row counts of other tables. */
export function fillTable(table: TableShape, rows: number, parents: ReadonlyMap<string, number>): string {
  const values = table.columns.map((column) => {
    const special = table.name === 'incidents' ? incidentValue(column.name, rows, table) : undefined
    return special ?? reference(table, column, parents) ?? ordinaryValue(table, column)
  })
  return `INSERT INTO ${quoteName(table.name)} (${table.columns.map(({ name }) => quoteName(name)).join(', ')})
    WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${rows})
    SELECT ${values.join(', ')} FROM numbers`
}

/** The key of an existing parent; NULL if there is none or the table references itself. */
function reference(table: TableShape, column: ColumnShape, parents: ReadonlyMap<string, number>): string | undefined {
  const key = table.foreignKeys.find(({ columns }) => columns[0] === column.name)
  if (!key) return undefined
  const rows = parents.get(key.parent) ?? 0
  if (rows === 0 || key.parent === table.name) return column.notNull ? '1' : 'NULL'
  const place = `(1 + (i - 1) % ${rows})`
  const parentColumn = key.references[0] ?? 'id'
  return parentColumn === 'id' ? place : `${quoteText(`${parentColumn}-`)} || ${place}`
}

/** Text column `x` gets `x-<i>`, so that unique columns stay unique. */
function ordinaryValue({ ddl, name: table }: TableShape, { name, type, keyPlace }: ColumnShape): string {
  const allowed = allowedValues(ddl, name)
  if (allowed) return pick(allowed)
  if (/BOOL/i.test(type)) return 'i % 2'
  if (/INT/i.test(type)) return keyPlace > 0 ? 'i' : 'i % 97'
  if (/FLOAT|REAL/i.test(type)) return 'i * 0.25'
  if (name === 'checked_at_utc') return moment('%Y%m%dT%H%M%SZ')
  if (/DATETIME|TIMESTAMP/i.test(type) || /_(at|utc)$/.test(name)) return momentInThreeForms
  if (/_json$|^payload$|^context$/.test(name)) return `json_object('table', ${quoteText(table)}, 'number', i)`
  if (name === 'status') return pick(["'pending'", "'running'", "'completed'", "'failed'"])
  return `${quoteText(`${name}-`)} || i`
}

function allowedValues(ddl: string, column: string): string[] | undefined {
  const list = new RegExp(`CHECK\\(${column} IN \\(([^)]*)\\)`).exec(ddl)?.[1]
  return list?.match(/'[^']*'/g) ?? undefined
}

/** Cycles through the values. */
const pick = (values: readonly string[]) =>
  `CASE i % ${values.length} ${values.map((value, place) => `WHEN ${place} THEN ${value}`).join(' ')} END`

/** From 2025-12-16T00:00:00Z, seven seconds per row. */
const moment = (format: string) => `strftime('${format}', 1765843200 + i * 7, 'unixepoch')`

/** The formats of VX11's models, of SQLite's default and of hormiguero, often mixed in one column. */
const momentInThreeForms = pick([
  `${moment('%Y-%m-%d %H:%M:%S')} || printf('.%06d', i * 7919 % 1000000)`,
  moment('%Y-%m-%d %H:%M:%S'),
  moment('%Y-%m-%dT%H:%M:%SZ'),
])
