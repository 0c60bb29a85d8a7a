/** Searches the lines of administrative acts in `audit_logs`, newest first, a bounded number of rows at a time. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { sqlMoment } from '../../../lib/moment-forms.ts'
import { auditComponent } from '../../../modules/audit/act.ts'
import type { ActsQuery } from './schema.ts'

export interface StoredAct {
  id: number
  message: string
  at: string | null
}

/** The table has no index but its id, and other lines stand between. */
export const maxScanned = 5000

export interface FoundActs {
  rows: StoredAct[]
  /** Where the search goes on; null at the end of the table. */
  next: number | null
}

export async function selectActs(db: Db, query: ActsQuery): Promise<FoundActs> {
  const { cursor, limit } = query
  const before = cursor === undefined ? sql`true` : sql`id < ${cursor}`
  const scanned = sql`select id, component, message, created_at from audit_logs where ${before} order by id desc limit ${maxScanned}`
  const isAct = sql`component = ${auditComponent} and json_valid(message)`
  const [rows, [range]] = await Promise.all([
    db.all<StoredAct>(
      sql`select id, message, created_at as at from (select * from (${scanned}) where ${isAct})
        where ${sql.join(conditions(query), sql` and `)} order by id desc limit ${limit + 1}`,
    ),
    db.all<{ first: number | null; scanned: number }>(
      sql`select min(id) as first, count(*) as scanned from (${scanned})`,
    ),
  ])
  const page = rows.slice(0, limit)
  if (rows.length > limit) return { rows: page, next: page.at(-1)?.id ?? null }
  return { rows: page, next: range && range.scanned >= maxScanned ? range.first : null }
}

const member = (name: string): SQL => sql`(message ->> ${sql.raw(`'$.${name}'`)})`

function conditions(query: ActsQuery): SQL[] {
  const { principal, act, target, outcome, address, correlation_id, since, until } = query
  const wanted: (SQL | undefined)[] = [
    principal === undefined
      ? undefined
      : sql`(${member('principal')} = ${principal} or ${member('key_name')} = ${principal})`,
    act === undefined
      ? undefined
      : sql`(${member('act')} = ${act} or substr(${member('act')}, 1, ${act.length + 1}) = ${`${act}.`})`,
    target === undefined ? undefined : sql`instr(lower(${member('target')}), lower(${target})) > 0`,
    outcome === undefined ? undefined : sql`${member('outcome')} = ${outcome}`,
    address === undefined ? undefined : sql`${member('address')} = ${address}`,
    correlation_id === undefined ? undefined : sql`${member('correlation_id')} = ${correlation_id}`,
    since === undefined ? undefined : sql`created_at >= ${sqlMoment(since)}`,
    until === undefined ? undefined : sql`created_at <= ${sqlMoment(until)}`,
  ]
  return [sql`true`, ...wanted.filter((each) => each !== undefined)]
}
