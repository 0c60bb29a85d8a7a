/** Finds the events of one correlation id, by its index. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { parseMoment } from '../../../lib/moment.ts'
import { severityOf } from '../../../modules/events/shape/kinds.ts'
import { isOwn, type Reader } from './reader.ts'

const maxEvents = 500

export interface FoundEvent {
  id: number
  eventId: string
  at: number | null
  type: string
  source: string
  severity: string
  module: string | null
  summary: string
  principal: string | null
  windowId: string | null
}

/** The newest first. */
export async function findEvents(db: Db, reader: Reader, correlationId: string) {
  const filed = await db.all<FiledEvent>(sql`
    select event_id, severity, module, summary from operator_events
    where correlation_id = ${correlationId} order by rowid desc limit ${maxEvents + 1}`)
  const ids = filed.flatMap(({ event_id }) => streamId(event_id) ?? [])
  const rows = ids.length === 0 ? [] : await findStreamed(db, ids)
  const streamed = new Map(rows.map((row) => [row.id, row]))
  const found = filed.slice(0, maxEvents).flatMap((each) => foundEvent(each, streamed) ?? [])
  return { rows: found.filter(({ principal }) => isOwn(reader, principal)), complete: filed.length <= maxEvents }
}

const findStreamed = (db: Db, ids: readonly number[]) =>
  db.all<EventRow>(sql`
    select id, source, event_type as type, created_at, ${inPayload('principal')} as principal,
      ${inPayload('by')} as by_whom, ${inPayload('window_id')} as window_id
    from events where id in (select value from json_each(${JSON.stringify(ids)}))`)

/** Larger payloads name nobody: to parse five hundred of them would take seconds. */
const maxParsedBytes = 16_384
const inPayload = (name: string): SQL =>
  sql`case when octet_length(payload) <= ${maxParsedBytes} and json_valid(payload) then payload ->> ${`$.${name}`} end`

interface FiledEvent {
  event_id: string
  severity: string | null
  module: string | null
  summary: string | null
}

interface EventRow {
  id: number
  source: string
  type: string
  created_at: string | null
  principal: unknown
  by_whom: unknown
  window_id: unknown
}

/** Other writers may have chosen another form. */
const streamId = (eventId: string): number | null =>
  /^evt_[0-9a-f]{12}$/.test(eventId) ? Number.parseInt(eventId.slice(4), 16) : null

function foundEvent(filed: FiledEvent, streamed: ReadonlyMap<number, EventRow>): FoundEvent | null {
  const row = streamed.get(streamId(filed.event_id) ?? 0)
  if (!row) return null
  const { id, source, type } = row
  return {
    ...{ id, eventId: filed.event_id, source, type, at: parseMoment(row.created_at ?? '') },
    ...{ severity: severityOf(filed.severity ?? '') ?? 'info', module: filed.module, summary: filed.summary ?? type },
    principal: text(row.principal) ?? text(row.by_whom),
    windowId: text(row.window_id),
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
