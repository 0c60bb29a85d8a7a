/** Requests and answers of the events routes (contract G9, P4, shared/shapes). */
import * as v from 'valibot'
import { JsonObject } from '../../lib/json-object.ts'
import { IdCursor, Next } from '../../lib/list-cursor.ts'
import { QueryFlag } from '../../lib/query-flag.ts'
import { CappedInteger, QueryInteger } from '../../lib/query-integer.ts'
import { filterEntries } from '../../modules/events/stream/filter.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern excludes them
const line = /^[^\x00-\x1f\x7f\ud800-\udfff]*$/u
const Word = v.pipe(v.string(), v.minLength(1), v.maxLength(64), v.regex(line, 'Expected one line of text'))

export const IngestEvent = v.object({
  source: Word,
  type: Word,
  payload: JsonObject,
  /** Accepted for v7's clients and ignored: every stored event is live. */
  broadcast: v.optional(v.boolean(), false),
  metadata: v.optional(v.nullable(JsonObject), null),
})
export type IngestEvent = v.InferOutput<typeof IngestEvent>

/** A list, or one event per line as application/x-ndjson. */
export const IngestBatch = v.array(IngestEvent)

export const Received = v.object({
  status: v.literal('received'),
  event_id: v.string(),
  /** The event's stream id. */
  stream_id: v.number(),
  source: v.string(),
  type: v.string(),
  canonical: v.boolean(),
  /** Whether WebSocket clients get it without asking: the canonical types. */
  broadcast: v.boolean(),
})
export type Received = v.InferOutput<typeof Received>

const Issue = v.object({ loc: v.array(v.union([v.string(), v.number()])), msg: v.string(), type: v.string() })

export const Rejected = v.object({ status: v.literal('rejected'), reason: v.string(), detail: v.array(Issue) })
export type Rejected = v.InferOutput<typeof Rejected>

export const BatchResult = v.object({
  status: v.picklist(['received', 'partly_received', 'rejected']),
  received: v.number(),
  rejected: v.number(),
  /** One per item, in order. */
  results: v.array(v.union([Received, Rejected])),
})
export type BatchResult = v.InferOutput<typeof BatchResult>

export const EventListQuery = v.object({
  ...filterEntries,
  /** Capped at 1000, as in v7. */
  limit: v.optional(CappedInteger(1, 1000), '100'),
  offset: v.optional(QueryInteger(0, 10_000), '0'),
  hours_back: v.optional(QueryInteger(1, 87_600), '24'),
  /** Only events before this stream id. */
  before: v.optional(QueryInteger(1, Number.MAX_SAFE_INTEGER)),
  cursor: v.optional(IdCursor),
})
export type EventListQuery = v.InferOutput<typeof EventListQuery>

export const StreamQuery = v.object({
  ...filterEntries,
  /** For readers that cannot send the Last-Event-ID header. */
  last_event_id: v.optional(QueryInteger(0, Number.MAX_SAFE_INTEGER)),
  /** The guard reads it. */
  token: v.optional(v.pipe(v.string(), v.description('A ticket, for readers that cannot send headers'))),
})
export type StreamQuery = v.InferOutput<typeof StreamQuery>

/** A list or a stream, as `follow` and Accept say. */
export const EventsQuery = v.object({
  ...EventListQuery.entries,
  ...StreamQuery.entries,
  follow: QueryFlag,
})

export const StreamHeaders = v.object({
  'Last-Event-ID': v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.description('Resumes after that event'))),
})
export const EventsHeaders = v.object({
  ...StreamHeaders.entries,
  Accept: v.optional(v.pipe(v.string(), v.description('text/event-stream asks for the live stream'))),
})
export const IngestHeaders = v.object({
  'Idempotency-Key': v.optional(v.pipe(v.string(), v.description('The same request again is stored once'))),
})

/** Each value under every name that v7's consoles and tests read. */
export const ListedEvent = v.object({
  event_id: v.string(),
  id: v.string(),
  stream_id: v.number(),
  event_type: v.string(),
  type: v.string(),
  source: v.string(),
  summary: v.string(),
  module: v.nullable(v.string()),
  severity: v.picklist(['info', 'warn', 'critical']),
  correlation_id: v.nullable(v.string()),
  payload: v.record(v.string(), v.unknown()),
  created_at: v.string(),
  ts: v.string(),
  timestamp: v.number(),
})
export type ListedEvent = v.InferOutput<typeof ListedEvent>

export const EventList = v.object({
  events: v.array(ListedEvent),
  /** How many there are, on this page or not; at least so many where `total_is_bound`. */
  total: v.number(),
  total_is_bound: v.boolean(),
  limit: v.number(),
  offset: v.number(),
  has_more: v.boolean(),
  next: Next,
})
export type EventList = v.InferOutput<typeof EventList>

export const EventsDisabled = v.object({
  error: v.literal('feature_disabled'),
  flag: v.literal('VX11_EVENTS_ENABLED'),
  status_code: v.literal(503),
  events: v.array(v.never()),
  total: v.literal(0),
  total_is_bound: v.literal(false),
  has_more: v.literal(false),
  next: v.null(),
})

export const SseTicket = v.object({
  sse_token: v.string(),
  ttl_seconds: v.number(),
  /** The same, by the names of v7. */
  ttl_sec: v.number(),
  expires_in_sec: v.number(),
  endpoint: v.string(),
  usage: v.string(),
})
