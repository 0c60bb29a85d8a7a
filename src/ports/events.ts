/** The stream of events: their shape, and how they are stored and read. */
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
  /** Ids that the page covers, kept by the filter or not; at most 5000. */
  maxIds?: number
  order: 'oldest_first' | 'newest_first'
}

/** One bounded page of the stream. */
export interface EventPage {
  events: StoredEvent[]
  /** The next `after` or `before`, by the order; null at the end. A page can be empty and have a next. */
  next: number | null
}

/** Makes a repeated `append` a single one for 24 hours. */
export interface AppendOnce {
  /** 64 hexadecimal digits: the digest of whose key it is, and of the key. */
  key: string
  /** The digest of the request under the key. */
  request: string
}

/** Called with events in the order of their ids, each once. Must not throw or block. */
export type EventListener = (events: readonly StoredEvent[]) => void

export interface EventSubscription {
  /** Events after this id are delivered, and none up to it. */
  after: number
  close(): void
}

/** The one stream of events, over all instances. */
export interface EventLog {
  /**
   * Resolves after the commit, in the order given; all events are stored, or none. Rejects with a GatewayError:
   * `events_unavailable` when the store is down or too many wait for it, `idempotency_key_reused`.
   */
  append(events: readonly NewEvent[], once?: AppendOnce): Promise<StoredEvent[]>
  read(query: EventQuery): Promise<EventPage>
  /** Like `read`, for catch-ups: only a few run at once, and the others wait in turn. */
  readInTurn(query: EventQuery): Promise<EventPage>
  /** The id of the newest event; 0 before the first. */
  newest(): Promise<number>
  /** Events that were accepted and are not stored yet; absent where another process stores them. */
  waiting?: () => number
  /** The events from now on, by whatever instance they are stored. */
  subscribe(listener: EventListener): Promise<EventSubscription>
}
