/** Writes the last probe of each service to VX11's three service tables. Updates in place, so ids do not change. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'

/** One service; each table stores the members that match its columns. */
export interface ServiceRow {
  service_name: string
  host: string | null
  port: number
  health_url: string | null
  status: string
  http_code: number | null
  latency_ms: number | null
  endpoint_ok: string | null
  snippet: string | null
  checked_at: string
  last_check: string
  /** For `module_health`: status, consecutive failures, uptime in seconds, and the time of a healthy probe. */
  health: string
  error_count: number
  uptime_seconds: number
  last_ping: string | null
  updated_at: string
  /** For `module_status`: UP, DOWN or DISABLED. */
  module_status: string
  checked_at_utc: string
  notes: string | null
  report_path: string | null
}

/** The columns of copilot_runtime_services to fill; VX11's full table has 13 columns, the scan's has 8. */
const runtimeColumns =
  'host port health_url status http_code latency_ms endpoint_ok snippet checked_at last_check'.split(' ')

/** Columns that keep their value for a service without an address. */
const kept = new Set(['host', 'health_url'])

const given = (column: string): SQL => sql`looks.value ->> ${sql.raw(`'$.${column}'`)}`
const named = (columns: readonly string[]): SQL =>
  sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  )
const comma = sql`, `

/** The statements of one batch, with inlined values: drizzle cannot bind parameters of raw statements in D1 batches. */
export async function writeServices(db: Db, rows: readonly ServiceRow[]) {
  const statement = (text: SQL) => db.run(text.inlineParams())
  const looks = sql`json_each(${JSON.stringify(rows)}) as looks`
  const columns = await runtimeServiceColumns(db)
  return [
    ...(columns.length === 0 ? [] : runtimeStatements(looks, columns).map(statement)),
    statement(sql`
      update module_health set status = ${given('health')}, error_count = ${given('error_count')},
        uptime_seconds = ${given('uptime_seconds')}, last_ping = coalesce(${given('last_ping')}, last_ping),
        updated_at = ${given('updated_at')}
      from ${looks} where module = ${given('service_name')}`),
    statement(sql`
      insert into module_health (module, status, last_ping, error_count, uptime_seconds, updated_at)
      select ${given('service_name')}, ${given('health')}, ${given('last_ping')}, ${given('error_count')},
        ${given('uptime_seconds')}, ${given('updated_at')}
      from ${looks} where ${given('service_name')} not in (select module from module_health)`),
    statement(sql`
      insert into module_status (module_name, service_name, port, health_url, status, checked_at_utc, notes, report_path)
      select ${given('service_name')}, ${given('service_name')}, ${given('port')}, ${given('health_url')},
        ${given('module_status')}, ${given('checked_at_utc')}, ${given('notes')}, ${given('report_path')}
      from ${looks} where true
      on conflict (module_name) do update set port = excluded.port, status = excluded.status,
        health_url = coalesce(excluded.health_url, module_status.health_url), checked_at_utc = excluded.checked_at_utc,
        notes = excluded.notes, report_path = excluded.report_path`),
  ]
}

/** Update, then insert: an older table may lack UNIQUE, and REPLACE would change the id (contract data/probe-table). */
function runtimeStatements(looks: SQL, columns: readonly string[]) {
  const set = columns.map((column) => {
    const own = sql.identifier(column)
    return kept.has(column) ? sql`${own} = coalesce(${given(column)}, ${own})` : sql`${own} = ${given(column)}`
  })
  return [
    sql`
      update copilot_runtime_services set ${sql.join(set, comma)} from ${looks}
      where service_name = ${given('service_name')}`,
    sql`
      insert into copilot_runtime_services (${named(['service_name', ...columns])})
      select ${sql.join(['service_name', ...columns].map(given), comma)} from ${looks}
      where ${given('service_name')} not in
        (select service_name from copilot_runtime_services where service_name is not null)`,
  ]
}

/** The existing ones among the columns to fill; none when the table or its name column is missing. */
async function runtimeServiceColumns(db: Db): Promise<string[]> {
  const rows = await db.all<{ name: string }>(sql`pragma table_info(copilot_runtime_services)`)
  const existing = new Set(rows.map(({ name }) => name))
  return existing.has('service_name') ? runtimeColumns.filter((column) => existing.has(column)) : []
}
