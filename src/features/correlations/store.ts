/** Looks for a correlation id in the newest rows of tables that have no index for it: bounded, whatever they hold. */
import { sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'

/** Rows of each table that one look reads. */
export const mostRows = 5000

export interface FoundMessage {
  id: number
  session_id: string
  role: string
  characters: number
  created_at: string | null
}

export interface FoundRouting {
  route_type: string
  provider_id: string
  reasoning_short: string | null
  timestamp: string | null
}

export interface FoundPower {
  module: string
  action: string
  reason: string | null
  timestamp: string | null
}

export interface Found<Row> {
  rows: Row[]
  /** The table held no more rows than were looked at. */
  complete: boolean
}

export const correlationStore = (database: Database) => ({
  async messages(correlationId: string): Promise<Found<FoundMessage>> {
    const id = sql`case when json_valid(message_metadata) then json_extract(message_metadata, '$.correlation_id') end`
    const db = database.open()
    const [rows, complete] = await Promise.all([
      db.all<FoundMessage>(sql`
        select id, session_id, role, length(content) as characters, created_at
        from (select * from operator_message order by id desc limit ${mostRows})
        where ${id} = ${correlationId} order by id desc limit ${mostFound}`),
      isWhole(db, sql`operator_message`),
    ])
    return { rows, complete }
  },

  async routings(correlationId: string): Promise<Found<FoundRouting>> {
    const db = database.open()
    const [rows, complete] = await Promise.all([
      db.all<FoundRouting>(sql`
        select route_type, provider_id, reasoning_short, timestamp
        from (select * from routing_events order by id desc limit ${mostRows})
        where trace_id = ${correlationId} order by id desc limit ${mostFound}`),
      isWhole(db, sql`routing_events`),
    ])
    return { rows, complete }
  },

  /** Power events know windows and no correlation: their reason begins with the window's id. */
  async powers(windowIds: readonly string[]): Promise<Found<FoundPower>> {
    const db = database.open()
    const [rows, complete] = await Promise.all([
      db.all<FoundPower>(sql`
        select module, action, reason, timestamp
        from (select * from power_events order by id desc limit ${mostRows})
        where substr(reason, 1, instr(reason || ' ', ' ') - 1) in (select value from json_each(${JSON.stringify(windowIds)}))
        order by id desc limit ${mostFound}`),
      isWhole(db, sql`power_events`),
    ])
    return { rows, complete }
  },
})

/** Entries of one kind. */
const mostFound = 200

async function isWhole(db: ReturnType<Database['open']>, table: ReturnType<typeof sql>): Promise<boolean> {
  const rows = await db.all(sql`select 1 from ${table} limit 1 offset ${mostRows}`)
  return rows.length === 0
}
