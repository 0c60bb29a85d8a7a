/** Generates rows of the million-row table: about 220 bytes each in the older form; six rows have the newer form. */
import type { TableShape } from '../adoption/shape.ts'

const newerRows = 6

const kinds = [
  'drift',
  'memory_leak',
  'broken_import',
  'orphan_log',
  'orphan_db',
  'orphan_module',
  'zombie_process',
  'blocked_port',
]
const ants = ['drift', 'memory', 'imports', 'logs', 'db', 'modules', 'processes', 'ports']

/** Most incidents came from the ant that reports unanswered ports. */
const ofKind = (words: readonly string[], prefix = '') =>
  `CASE WHEN i % 10 < 8 THEN '${prefix}${words.at(-1)}' ${words
    .map((word, place) => `WHEN i / 10 % ${words.length} = ${place} THEN '${prefix}${word}'`)
    .join(' ')} END`

/** About 23 000 per hour from 2025-12-16. */
const seconds = '1765843200 + i * 157 / 1000'
const withFraction = `strftime('%Y-%m-%d %H:%M:%S', ${seconds}, 'unixepoch') || printf('.%06d', i * 157003 % 1000000)`
const withZone = `strftime('%Y-%m-%dT%H:%M:%SZ', ${seconds}, 'unixepoch')`

const older: Readonly<Record<string, string>> = {
  ant_id: ofKind(ants, 'ant_scanner_'),
  incident_type: ofKind(kinds),
  severity: "CASE i % 7 WHEN 0 THEN 'critical' WHEN 1 THEN 'error' WHEN 2 THEN 'info' ELSE 'warning' END",
  location: "'localhost:' || (8000 + i % 64)",
  details: `json_object('port', 8000 + i % 64, 'service', 'service_' || (i % 9), 'scan', i / 64,
    'error', 'connection refused', 'suggestion', 'restart_service')`,
  status: "CASE WHEN i % 50 = 0 THEN 'resolved' WHEN i % 20 = 0 THEN 'acknowledged' ELSE 'open' END",
  detected_at: withFraction,
  resolved_at: `CASE WHEN i % 50 = 0 THEN ${withFraction} END`,
  queen_decision: "CASE i % 3 WHEN 0 THEN 'direct_action' WHEN 1 THEN 'spawn_hija' ELSE 'switch_strategy' END",
}

const newer: Readonly<Record<string, string>> = {
  incident_id: "'incident-' || i",
  kind: "CASE i % 3 WHEN 0 THEN 'fs_drift' WHEN 1 THEN 'health' ELSE 'db_sanity' END",
  title: "'finding ' || i",
  description: "'seen by the newer scanner'",
  evidence_json: "json_object('number', i)",
  source: "'hormiguero'",
  first_seen_at: withZone,
  last_seen_at: withZone,
  correlation_id: "printf('%032x', i)",
  tags: "'[]'",
  suggested_actions_json: 'NULL',
  execution_plan_json: 'NULL',
  created_at: withZone,
  updated_at: withZone,
}

/** An SQL expression of the row number `i`, from 1 to `rows`; undefined for ordinary columns. */
export function incidentValue(column: string, rows: number, { columns }: TableShape): string | undefined {
  const value = newer[column]
  if (!value) return older[column]
  const isNewerForm = columns.every(({ name }) => name !== 'ant_id')
  return isNewerForm ? value : `CASE WHEN i > ${rows - newerRows} THEN ${value} END`
}
