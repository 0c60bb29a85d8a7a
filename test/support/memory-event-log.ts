/** An EventLog that keeps its events in memory, for tests that are about something else; changes are really made. */
import { sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { Database } from '../../src/db/database.ts'
import { GatewayError } from '../../src/errors/gateway-error.ts'
import { changeStatements, isAsRead } from '../../src/modules/events/store/change.ts'
import type {
  Clock,
  EventListener,
  EventLog,
  EventPage,
  EventQuery,
  NewEvent,
  StateChange,
  StoredEvent,
} from '../../src/ports/index.ts'

export function memoryEventLog(clock: Clock, database?: Database): EventLog {
  const stored: StoredEvent[] = []
  const listeners = new Set<EventListener>()
  /** One change at a time. */
  let queue: Promise<unknown> = Promise.resolve()
  const kept = new Map<string, { request: string; events: StoredEvent[] }>()

  function add(events: readonly NewEvent[]): StoredEvent[] {
    const added = events.map((event, index) => {
      const id = stored.length + index + 1
      return { ...event, id, eventId: `evt_${id.toString(16).padStart(12, '0')}`, at: clock.now() }
    })
    stored.push(...added)
    for (const listener of listeners) listener(added)
    return added
  }

  async function read(query: EventQuery): Promise<EventPage> {
    const fitting = stored.filter((event) => wanted(event, query))
    if (query.order === 'newest_first') fitting.reverse()
    const events = fitting.slice(0, query.limit)
    return { events, next: fitting.length > query.limit ? (events.at(-1)?.id ?? null) : null }
  }

  async function make(change: StateChange): Promise<boolean> {
    if (!database) return true
    const db = database.open()
    const [row] = await db.all<{ as_read: number }>(sql`select ${isAsRead(change)} as as_read`)
    if (row?.as_read !== 1) return false
    const statements = changeStatements(db, change, clock.now(), sql`true`)
    if (statements.length > 0) await db.batch(statements as unknown as [BatchItem<'sqlite'>])
    return true
  }

  return {
    async change(change, events, once) {
      const known = once && kept.get(once.key)
      if (known && known.request !== once.request) throw new GatewayError('idempotency_key_reused')
      if (known) return { events: known.events, repeated: true }
      const made = queue.then(() => make(change))
      queue = made.catch(() => {})
      if (!(await made)) return null
      const added = add(events)
      if (once) kept.set(once.key, { request: once.request, events: added })
      return { events: added, repeated: false }
    },
    async append(events, once) {
      const known = once && kept.get(once.key)
      if (known && known.request !== once.request) throw new GatewayError('idempotency_key_reused')
      if (known) return known.events
      const added = add(events)
      if (once) kept.set(once.key, { request: once.request, events: added })
      return added
    },
    read,
    readInTurn: async (query) => ({ ...(await read(query)), tookMs: 0 }),
    async count(query, most) {
      const count = stored.filter((event) => wanted(event, { ...query, limit: most, order: 'newest_first' })).length
      return { count: Math.min(count, most), complete: count <= most }
    },
    newest: async () => stored.length,
    async subscribe(listener) {
      listeners.add(listener)
      return { after: stored.length, close: () => listeners.delete(listener) }
    },
  }
}

const wanted = (event: StoredEvent, query: EventQuery): boolean =>
  event.id > (query.after ?? 0) &&
  event.id < (query.before ?? Number.POSITIVE_INFINITY) &&
  event.at >= (query.sinceMs ?? 0) &&
  (query.types?.includes(event.type) ?? true) &&
  (query.severities?.includes(event.severity) ?? true) &&
  (query.module === undefined || query.module === event.module) &&
  (query.correlationId === undefined || query.correlationId === event.correlationId)
