/** The EventLog port: writer, reader and feed of one stream. */
import type { Database } from '../../db/database.ts'
import type { Clock, EventHub, EventLog, Log, StoredEvent } from '../../ports/index.ts'
import { mapDatabaseErrors } from './store/database-errors.ts'
import type { AppendEvents, Appended } from './store/writer.ts'
import { catchUps } from './stream/catch-ups.ts'
import { type EventFeed, eventFeed } from './stream/feed.ts'
import { countEvents, newestEvent, readEvents } from './stream/reader.ts'

interface EventLogOptions {
  clock: Clock
  database: Database
  append: AppendEvents
  waiting?: () => number
  subscribe: EventFeed
  /** Catch-ups that read at once. Isolates pass Infinity: there, one request cannot wait for another. */
  maxCatchUps: number
}

export function eventLog({ clock, database, append, waiting, subscribe, maxCatchUps }: EventLogOptions): EventLog {
  const read: EventLog['read'] = (query) => mapDatabaseErrors(() => readEvents(database.open(), query))

  /** Reads what an earlier request stored. Retention may have removed some of it; it fitted into one body. */
  async function eventsOf({ first, count, events }: Appended): Promise<StoredEvent[]> {
    if (events) return events
    const range = { after: first - 1, before: first + count, limit: count, maxBytes: Number.MAX_SAFE_INTEGER }
    const page = await read({ ...range, order: 'oldest_first' })
    return page.events
  }

  return {
    append: async (events, once) => eventsOf(await append(events, once)),
    async change(change, events, once) {
      const appended = await append(events, once, change)
      if (appended.stale) return null
      return { events: await eventsOf(appended), repeated: appended.events === undefined }
    },
    read,
    readInTurn: catchUps({ clock, read, max: maxCatchUps, waiting }),
    count: (query, most) => mapDatabaseErrors(() => countEvents(database.open(), query, most)),
    ...(waiting && { waiting }),
    newest: () => mapDatabaseErrors(() => newestEvent(database.open())),
    subscribe: (listener) => mapDatabaseErrors(() => subscribe(listener)),
  }
}

/** How often the database is checked for events that the hub lost. */
const pollEveryMs = { shared: 1000, own: 5000 }

interface FeedParts {
  clock: Clock
  log: Log
  hub: EventHub
  database: Database
}

const feed = (parts: FeedParts, everyMs: number): EventFeed =>
  eventFeed({
    ...parts,
    pollEveryMs: everyMs,
    newest: () => newestEvent(parts.database.open()),
    read: (query) => readEvents(parts.database.open(), query),
  })

/** One feed for the whole process. */
export const sharedFeed = (parts: FeedParts): EventFeed => feed(parts, pollEveryMs.shared)

/** For workerd: a feed for each listener, because I/O that one request opened cannot serve another. */
export const feedPerListener =
  (parts: FeedParts): EventFeed =>
  (listener) =>
    feed(parts, pollEveryMs.own)(listener)
