/** The rows of an event: one in `events`, one in `forensic_ledger`, one in `operator_events`. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { CellPositions } from '../../../db/insert-select.ts'
import type { forensicLedger } from '../../../db/schema/core.ts'
import type { operatorEvents } from '../../../db/schema/operator.ts'
import type { events } from '../../../db/schema/tentaculo-link.ts'
import { linkHash } from '../../../lib/hash-chain.ts'
import { isObject } from '../../../lib/json-object.ts'
import { parseJson } from '../../../lib/json-text.ts'
import { parseMoment } from '../../../lib/moment.ts'
import { storedMoment } from '../../../lib/moment-forms.ts'
import type { EventSeverity, NewEvent, StoredEvent } from '../../../ports/index.ts'
import { operatorType, severityOf } from '../shape/kinds.ts'

/** The newest rows, from which ids and hash of the next ones follow. */
export interface Head {
  /** Of `events`; 0 before the first. */
  eventId: number
  /** Of `forensic_ledger`; 0 before the first. */
  ledgerId: number
  /** The newest ledger row's; empty before the first. */
  hash: string
}

/** Cells in the order of `eventCells`. */
export interface EventRows {
  events: [id: number, source: string, type: string, payload: string, createdAt: string][]
  ledger: [id: number, event: string, payload: string, hash: string, createdAt: string][]
  operator: [
    eventId: string,
    ts: string,
    eventType: string,
    severity: string,
    module: string | null,
    correlationId: string | null,
    summary: string,
    payload: string | null,
  ][]
}

/** Where each column stands in the rows above; a column without a place does not compile. */
export const eventCells = {
  events: { id: 0, source: 1, eventType: 2, payload: 3, createdAt: 4 },
  ledger: { id: 0, event: 1, payload: 2, hash: 3, createdAt: 4 },
  operator: {
    ...{ eventId: 0, ts: 1, eventType: 2, severity: 3 },
    ...{ module: 4, correlationId: 5, summary: 6, payloadJson: 7 },
  },
} as const satisfies {
  events: CellPositions<typeof events>
  ledger: CellPositions<typeof forensicLedger>
  operator: CellPositions<typeof operatorEvents>
}

/** Derived from the stream id, so that `operator_events` can be joined by it; sorts like the stream. */
const eventIdOf = (id: number): string => `evt_${id.toString(16).padStart(12, '0')}`

/** Numbers events from the head on. */
export const placeEvents = (events: readonly NewEvent[], head: Head, at: number): StoredEvent[] =>
  events.map((event, index) => {
    const id = head.eventId + index + 1
    return { ...event, id, eventId: eventIdOf(id), at }
  })

/** `commit` makes these rows differ from equal ones that another instance writes on the same head. */
export function rowsOf(events: readonly StoredEvent[], head: Head, commit: string): { rows: EventRows; head: Head } {
  const rows: EventRows = { events: [], ledger: [], operator: [] }
  let { ledgerId, hash } = head
  for (const event of events) {
    const createdAt = storedMoment(event.at)
    const payload = JSON.stringify(event.payload)
    const entry = ledgerPayload(event, payload, commit)
    hash = linkHash(hash, event.type, entry)
    rows.events.push([event.id, event.source, event.type, payload, createdAt])
    rows.ledger.push([++ledgerId, event.type, entry, hash, createdAt])
    rows.operator.push(operatorRow(event, payload, createdAt))
  }
  return { rows, head: { eventId: head.eventId + events.length, ledgerId, hash } }
}

/** In characters. A longer payload is stored in `events` only, and the ledger has its digest. */
const maxCopiedLength = 1024

/** All fields of the event, so that the chain covers them. */
function ledgerPayload(event: StoredEvent, payload: string, commit: string): string {
  const { id, eventId, source, at, severity, module, correlationId, summary } = event
  const fields = { id, event_id: eventId, source, at, severity, module, correlation_id: correlationId, summary, commit }
  const content = payload.length > maxCopiedLength ? `"payload_sha256":"${digestOf(payload)}"` : `"payload":${payload}`
  return `${JSON.stringify(fields).slice(0, -1)},${content}}`
}

const digestOf = (payload: string): string => bytesToHex(sha256(utf8ToBytes(payload)))

export interface PayloadReference {
  eventId: number
  sha256: string
}

/** The payload that a ledger row refers to; undefined for a row that has its own. A copied payload ends in two braces. */
export function payloadReference(ledgerText: string): PayloadReference | undefined {
  const [, id, sha] = /^\{"id":(\d{1,15}),.*,"payload_sha256":"([0-9a-f]{64})"\}$/s.exec(ledgerText) ?? []
  return id === undefined || sha === undefined ? undefined : { eventId: Number(id), sha256: sha }
}

export const isPayloadOf = ({ sha256 }: PayloadReference, payload: string | null): boolean =>
  digestOf(payload ?? '') === sha256

const operatorRow = (event: StoredEvent, payload: string, ts: string): EventRows['operator'][number] => [
  event.eventId,
  ts,
  operatorType(event.type),
  event.severity,
  event.module,
  event.correlationId,
  event.summary,
  payload.length > maxCopiedLength ? null : payload,
]

/** `events` joined with `operator_events`, whose columns are null for rows of other writers. */
export interface JoinedRow {
  id: number
  source: string
  type: string
  payload: string | null
  created_at: string | null
  severity: string | null
  module: string | null
  correlation_id: string | null
  summary: string | null
}

export const storedEvent = (row: JoinedRow): StoredEvent => ({
  id: row.id,
  eventId: eventIdOf(row.id),
  source: row.source,
  type: row.type,
  payload: parsePayload(row.payload),
  severity: storedSeverity(row.severity),
  module: row.module,
  correlationId: row.correlation_id,
  summary: row.summary ?? row.type,
  at: parseMoment(row.created_at ?? '') ?? 0,
})

const storedSeverity = (word: string | null): EventSeverity => severityOf(word ?? '') ?? 'info'

/** Another writer's payload may be anything. */
function parsePayload(text: string | null): Record<string, unknown> {
  const json = parseJson(text ?? '{}', 'digits')
  if (json === undefined) return { text }
  return isObject(json) ? json : { value: json }
}
