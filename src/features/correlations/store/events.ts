/** Selects the events of one correlation id, by its index, and says what such a row tells. */
import { type SQL, sql } from 'drizzle-orm'
import { parseMoment } from '../../../lib/moment.ts'
import { severityOf } from '../../../modules/events/shape/kinds.ts'

export interface FoundEvent {
  id: number
  eventId: string
  correlationId: string
  at: number | null
  type: string
  source: string
  severity: string
  module: string | null
  summary: string
  principal: string | null
  windowId: string | null
}

/** In the columns of `routing_events` as far as they fit, for one statement that reads both. */
export interface EventRow {
  /** In `operator_events`. */
  position: number
  /** In the stream, as all up to `score`; null where the stream no longer has it. */
  id: number | null
  timestamp: string | null
  trace_id: string
  route_type: string | null
  provider_id: string | null
  score: null
  reasoning_short: string | null
  filed_id: string
  severity: string | null
  module: string | null
  principal: unknown
  by_whom: unknown
  window_id: unknown
}

/** The newest. */
export const ownEvents = (id: string, count: number): SQL =>
  streamed(sql`
    select rowid as position, event_id, correlation_id, severity, module, summary from operator_events
    where correlation_id = ${id} order by rowid desc limit ${count}`)

/** The newest of all ids of the table `linked`. */
export function linkedEvents(count: number): SQL {
  const range = sql`correlation_id = linked_id`
  const floor = sql`(select rowid from operator_events where ${range} order by rowid desc limit 1 offset ${count - 1})`
  return streamed(sql`
    select operator_events.rowid as position, event_id, correlation_id, severity, module, summary
    from linked cross join operator_events
    where ${range} and operator_events.rowid >= coalesce(${floor}, 0)
    order by operator_events.rowid desc limit ${count}`)
}

const streamed = (filed: SQL): SQL => sql`
  select filed.position, events.id, events.created_at as timestamp, filed.correlation_id as trace_id,
    events.event_type as route_type, events.source as provider_id, null as score, filed.summary as reasoning_short,
    filed.event_id as filed_id, filed.severity, filed.module, ${inPayload('principal')} as principal,
    ${inPayload('by')} as by_whom, ${inPayload('window_id')} as window_id
  from (${filed}) as filed left join events on events.id = ${streamId}`

/** `evt_` and 12 hexadecimal digits, as a number; null for what other writers chose. D1 allows no long pattern. */
const streamId = sql.raw(`
  case when filed.event_id glob 'evt_*' and length(filed.event_id) = 16
    and substr(filed.event_id, 5) not glob '*[^0-9a-f]*' then ${hexadecimal(12)} end`)

function hexadecimal(digits: number): string {
  const digit = (place: number) => `(instr('123456789abcdef', substr(filed.event_id, ${place + 5}, 1)))`
  return Array.from({ length: digits }, (_, place) => `${digit(place)} * ${16 ** (digits - 1 - place)}`).join(' + ')
}

/** Larger payloads name nobody: to parse five hundred of them would take seconds. */
const maxParsedBytes = 16_384
const inPayload = (name: string): SQL => sql`
  case when octet_length(events.payload) <= ${maxParsedBytes} and json_valid(events.payload)
    then events.payload ->> ${`$.${name}`} end`

/** Null where the stream has no such event. */
export function foundEvent(row: EventRow): FoundEvent | null {
  const { id, route_type: type, provider_id: source, trace_id: correlationId, filed_id: eventId } = row
  if (id === null || type === null || source === null) return null
  return {
    ...{ id, eventId, correlationId, source, type, at: parseMoment(row.timestamp ?? '') },
    ...{ severity: severityOf(row.severity ?? '') ?? 'info', module: row.module, summary: row.reasoning_short ?? type },
    principal: text(row.principal) ?? text(row.by_whom),
    windowId: text(row.window_id),
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
