/** The stream of events: what one is, and how they are stored and read. */
export type EventSeverity = 'info' | 'warn' | 'crit'

/** One event as a module, a socket or the gateway tells it. */
export interface NewEvent {
  /** Who tells it; at most 64 characters. */
  source: string
  /** At most 64 characters; one of the six canonical types, or anything. */
  type: string
  payload: Record<string, unknown>
  severity: EventSeverity
  /** The module it is about; null when it names none. */
  module: string | null
  correlationId: string | null
  /** One line for a list. */
  summary: string
}

export interface StoredEvent extends NewEvent {
  /** Its place in the stream: it grows with every event, over all instances. */
  id: number
  /** `evt_` and 12 hexadecimal digits. */
  eventId: string
  /** Epoch milliseconds. */
  at: number
}

/** Which events of the stream a reader wants; an empty list wants nothing, an absent one everything. */
export interface EventFilter {
  types?: readonly string[]
  severities?: readonly EventSeverity[]
  module?: string
  correlationId?: string
}

export interface EventQuery extends EventFilter {
  /** Only events behind this id. */
  after?: number
  /** Only events before this id. */
  before?: number
  /** Only events at this moment or later, in epoch milliseconds. */
  sinceMs?: number
  /** The most events that one page may hold, 1 to 1000. */
  limit: number
  order: 'oldest_first' | 'newest_first'
}

/** What one bounded look at the stream found. */
export interface EventPage {
  events: StoredEvent[]
  /** Where to go on, as `after` or `before` by the order; null when nothing is left there. May come with an empty page. */
  next: number | null
}

/** Makes a repeated `append` a single one for 24 hours. */
export interface AppendOnce {
  /** 64 hexadecimal digits: the digest of whose key it is, and of the key. */
  key: string
  /** The digest of what is asked under the key. */
  request: string
}

/** Hears events in the order of their ids, each once. Must not throw, nor wait. */
export type EventListener = (events: readonly StoredEvent[]) => void

export interface EventSubscription {
  /** Every event behind this id is told, and none up to it. */
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
  /** The id of the newest event; 0 before the first. */
  newest(): Promise<number>
  /** The events from now on, by whatever instance they are stored. */
  subscribe(listener: EventListener): Promise<EventSubscription>
}
