/** Searches the newest rows of tables that have no index on the correlation id. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { deletedOwner } from '../../../modules/chat/exchanges/deleted-owner.ts'

/** Newest rows that are searched in each table. */
export const maxRows = 5000

export interface FoundMessage {
  id: number
  session_id: string
  /** The principal of the session; null for VX11's own. */
  owner: string | null
  role: string
  characters: number
  created_at: string | null
}

export interface FoundPower {
  module: string
  action: string
  reason: string | null
  timestamp: string | null
}

export interface Found<Row> {
  rows: Row[]
  /** There are no others. */
  complete: boolean
}

export function findMessages(db: Db, correlationId: string) {
  const id = sql`case when json_valid(message_metadata) then json_extract(message_metadata, '$.correlation_id') end`
  const owner = sql`(select user_id from operator_session where operator_session.session_id = found.session_id)`
  return newest<FoundMessage>(db, {
    columns: sql`id, session_id, role, length(content) as characters, created_at, ${owner} as owner`,
    table: sql`operator_message`,
    where: sql`${id} = ${correlationId} and ${owner} is not ${deletedOwner}`,
  })
}

/** Power events have no correlation id; their reason begins with the window's id. */
export function findPowers(db: Db, windowIds: readonly string[]) {
  const id = sql`substr(reason, 1, instr(reason || ' ', ' ') - 1)`
  return newest<FoundPower>(db, {
    columns: sql`module, action, reason, timestamp`,
    table: sql`power_events`,
    where: sql`${id} in (select value from json_each(${JSON.stringify(windowIds)}))`,
  })
}

/** Results of each kind. */
const maxFound = 200

async function newest<Row>(
  db: Db,
  { columns, table, where }: Record<'columns' | 'table' | 'where', SQL>,
): Promise<Found<Row>> {
  const searched = sql`select * from ${table} order by id desc limit ${maxRows}`
  const [rows, older] = await Promise.all([
    db.all<Row>(sql`select ${columns} from (${searched}) as found where ${where} order by id desc limit ${maxFound}`),
    db.all(sql`select 1 from ${table} limit 1 offset ${maxRows}`),
  ])
  return { rows, complete: older.length === 0 }
}
