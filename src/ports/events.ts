/** The stream of events: their shape, and how they are stored and read. */
import type { KeyNotice } from './key-notices.ts'

export type EventSeverity = 'info' | 'warn' | 'crit'

/** An event of a module, a socket or the gateway. */
export interface NewEvent {
  /** The sender; at most 64 characters. */
  source: string
  /** At most 64 characters; one of the six canonical types or any other. */
  type: string
  payload: Record<string, unknown>
  severity: EventSeverity
  /** The module it concerns, if any. */
  module: string | null
  correlationId: string | null
  /** One line for a list. */
  summary: string
}

export interface StoredEvent extends NewEvent {
  /** The stream id; it grows with every event, over all instances. */
  id: number
  /** `evt_` and 12 hexadecimal digits. */
  eventId: string
  /** Epoch milliseconds. */
  at: number
}

/** A reader's filter; an empty list matches nothing, an absent one everything. */
export interface EventFilter {
  types?: readonly string[]
  severities?: readonly EventSeverity[]
  module?: string
  correlationId?: string
}

export interface EventQuery extends EventFilter {
  /** Only events after this id. */
  after?: number
  /** Only events before this id. */
  before?: number
  /** Only events at this moment or later, in epoch milliseconds. */
  sinceMs?: number
  /** Events per page, 1 to 1000. */
  limit: number
  /** Payload bytes per page; one event may exceed it. */
  maxBytes?: number
  /** Ids that the page scans, whether the filter matches or not; at most 5000. */
  maxIds?: number
  order: 'oldest_first' | 'newest_first'
}

/** One bounded page of the stream. */
export interface EventPage {
  events: StoredEvent[]
  /** The next `after` or `before`, by the order; null at the end. A page can be empty and have a next. */
  next: number | null
}

export interface TimedPage extends EventPage {
  /** How long its read took, without the wait for its turn. */
  tookMs: number
}

export interface EventCount {
  count: number
  complete: boolean
}

/** Makes a repeated `append` a single one for 24 hours. */
export interface AppendOnce {
  /** 64 hexadecimal digits: the digest of the owner and the key. */
  key: string
  /** The digest of the request with this key. */
  request: string
}

/** A stored text that a change replaces; null stands for no row. */
export interface ReplacedText {
  key: string
  /** As it was read. */
  from: string | null
  to: string | null
}

/** Rows of the gateway's own that are stored in the same transaction as events. Plain data: it travels between isolates. */
export interface StateChange {
  /** Of `system_state`. */
  records?: readonly ReplacedText[]
  /** Of `operator_settings`; `by` is the principal's name. */
  settings?: readonly (ReplacedText & { by: string })[]
  /** Added to `audit_logs`. */
  lines?: readonly { component: string; level: 'INFO' | 'WARN'; message: string }[]
  /** Rows of `audit_logs` whose place the lines take; nothing is stored when one of them is gone. */
  attempts?: readonly number[]
  /** Added to `power_events`; the moment is as the table has it. */
  powerEvents?: readonly { module: string; action: string; reason: string; timestamp: string }[]
  /** Told to every instance once it is stored. */
  keys?: readonly KeyNotice[]
}

export interface Changed {
  events: StoredEvent[]
  /** An earlier request under the same key made the change, and these are its events. */
  repeated: boolean
}

/** Called with events in id order, each once. Must not throw or block. */
export type EventListener = (events: readonly StoredEvent[]) => void

export interface EventSubscription {
  /** Only events after this id are delivered. */
  after: number
  close(): void
}

/** The one stream of events, over all instances. */
export interface EventLog {
  /**
   * Stores all events in the given order, or none, and resolves after the commit. Rejects with a GatewayError:
   * `events_unavailable` when the store is down or too many wait for it, `idempotency_key_reused`.
   */
  append(events: readonly NewEvent[], once?: AppendOnce): Promise<StoredEvent[]>
  /**
   * The same together with the change. Null, and nothing is stored, when a text is no longer the one that was read.
   * Needs at least one event.
   */
  change(change: StateChange, events: readonly NewEvent[], once?: AppendOnce): Promise<Changed | null>
  read(query: EventQuery): Promise<EventPage>
  /**
   * Like `read`, for catch-ups: only a few run concurrently, the others queue and share the reads of the same page.
   * When `isWanted` is false at its turn, nothing is read and the page is empty.
   */
  readInTurn(query: EventQuery, isWanted?: () => boolean): Promise<TimedPage>
  /**
   * How many of the newest 5000 events fit, and `most` at most; `complete` where no older or further one can fit.
   * Costs about as much as a page.
   */
  count(query: Pick<EventQuery, keyof EventFilter | 'sinceMs'>, most: number): Promise<EventCount>
  /** The id of the newest event; 0 before the first. */
  newest(): Promise<number>
  /** Number of accepted events that are not stored yet; absent where another process stores them. */
  waiting?: () => number
  /** Delivers events from now on, whichever instance stores them. */
  subscribe(listener: EventListener): Promise<EventSubscription>
}
