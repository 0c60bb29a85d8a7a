/**
 * A reader's position in the stream: catches up from the database page by page, then follows commit notices. Every event
 * is delivered once and in the order of ids, however late, repeated or mixed up the notices come.
 */
import type {
  Clock,
  CommitNotice,
  EventFilter,
  EventPage,
  EventQuery,
  StoredEvent,
  TimedPage,
} from '../../../ports/index.ts'
import { wantedBy } from './filter.ts'
import { firstPageSize, nextPageSize } from './page-size.ts'

export interface CursorOptions {
  clock: Clock
  /** Reads a page of a catch-up; it may be empty when `isWanted` says false. */
  read(query: EventQuery, isWanted: () => boolean): Promise<EventPage & Partial<TimedPage>>
  /** Events up to this id are not delivered. */
  position: number
  filter?: EventFilter
  /** Payload bytes per page. */
  maxPageBytes: number
  reader: StreamReader
}

/** The receiving side of a cursor. */
export interface StreamReader {
  /** Takes events in order; returns how many it took when it took only the first of them. */
  deliver(events: readonly StoredEvent[]): number | undefined
  /** False makes the cursor read from the database, after `whenReady`, instead of delivering from a notice. */
  isReady?(): boolean
  /** Resolves when the reader takes more; false when it did not in time. */
  whenReady?(): Promise<boolean>
  /** Awaited between the read of a page and its delivery. */
  beforePage?(): Promise<unknown>
  /** The position changed, whether or not an event was delivered. */
  moved?(position: number): void
  caughtUp?(): void
  tooSlow?(): void
  /** A page could not be read. The next notice starts another catch-up. */
  failed(error: unknown): void
}

export class EventCursor {
  #position: number
  /** The newest id in any notice. */
  #newest: number
  #catchingUp = false
  #closed = false
  #size = firstPageSize
  readonly #options: CursorOptions
  readonly #wanted: ((event: StoredEvent) => boolean) | undefined

  constructor(options: CursorOptions) {
    this.#options = options
    this.#position = options.position
    this.#newest = options.position
    this.#wanted = wantedBy(options.filter ?? {})
  }

  /** Events up to this id were delivered or filtered out. */
  get position(): number {
    return this.#position
  }

  close(): void {
    this.#closed = true
  }

  /** A notice without events only says how far the stream goes. */
  notify({ newest, events }: Pick<CommitNotice, 'newest' | 'events'>): void {
    if (this.#closed || newest <= this.#position) return
    this.#newest = Math.max(this.#newest, newest)
    if (this.#catchingUp) return
    const fresh = eventsAfter(this.#position, events)
    const isReady = this.#options.reader.isReady?.() ?? true
    if (!isReady || !continues(this.#position, fresh, newest) || !this.#deliver(this.#kept(fresh), newest))
      void this.#catchUp()
  }

  async #catchUp(): Promise<void> {
    const { clock, reader } = this.#options
    this.#catchingUp = true
    try {
      for (let pages = 0; this.#isBehind; pages++) {
        // Other work gets a turn of the event loop between two pages.
        if (pages > 0) await clock.sleep(0)
        const isReady = (await reader.whenReady?.()) ?? true
        if (!isReady) return reader.tooSlow?.()
        if (this.#isBehind) await this.#readPage()
      }
      if (!this.#closed) reader.caughtUp?.()
    } catch (error) {
      if (!this.#closed) reader.failed(error)
    } finally {
      this.#catchingUp = false
    }
  }

  get #isBehind(): boolean {
    return !this.#closed && this.#position < this.#newest
  }

  async #readPage(): Promise<void> {
    const { clock, read, filter, maxPageBytes, reader } = this.#options
    const newest = this.#newest
    const startedAt = clock.monotonic()
    const bounds = { after: this.#position, maxBytes: maxPageBytes, ...this.#size }
    const page = await read({ ...filter, ...bounds, order: 'oldest_first' }, () => !this.#closed)
    const { tookMs = clock.monotonic() - startedAt } = page
    await reader.beforePage?.()
    if (this.#closed) return
    this.#deliver(page.events, page.next ?? Math.max(newest, page.events.at(-1)?.id ?? 0))
    this.#size = nextPageSize(this.#size, tookMs, cutAt(page, this.#size.limit))
  }

  /** `upTo` is the new position when all events are taken. False when only some of them were. */
  #deliver(events: readonly StoredEvent[], upTo: number): boolean {
    const { reader } = this.#options
    const taken = events.length === 0 ? 0 : (reader.deliver(events) ?? events.length)
    const tookAll = taken === events.length
    this.#position = tookAll ? upTo : (events[taken - 1]?.id ?? this.#position)
    reader.moved?.(this.#position)
    return tookAll
  }

  /** The same list where nothing is left out: readers share what they make of it. */
  #kept(events: readonly StoredEvent[]): readonly StoredEvent[] {
    const wanted = this.#wanted
    return !wanted || events.every(wanted) ? events : events.filter(wanted)
  }
}

/** How many events fit into the bytes of a page, where these ended it and not its number of events or ids. */
const cutAt = ({ events, next }: EventPage, limit: number): number | undefined =>
  events.length < limit && next !== null && next === events.at(-1)?.id ? events.length : undefined

/** The same list where nothing is left out. */
const eventsAfter = (position: number, events: readonly StoredEvent[]): readonly StoredEvent[] =>
  (events[0]?.id ?? 0) > position ? events : events.filter(({ id }) => id > position)

/** True when the events continue from the position to the newest without a gap. */
const continues = (position: number, events: readonly StoredEvent[], newest: number): boolean =>
  newest === position + events.length && events.every(({ id }, index) => id === position + 1 + index)
