/**
 * Turns what the hub tells, late, twice or out of order, into the stream: each event once, by id. Ids have no gaps and
 * events are committed in their order, so a gap means that something was missed; the database has it.
 */
import type {
  Clock,
  CommitNotice,
  EventHub,
  EventListener,
  EventPage,
  EventSubscription,
  Log,
  StoredEvent,
} from '../../../ports/index.ts'
import { continues } from './commit-notice.ts'

export interface FeedOptions {
  clock: Clock
  log: Log
  hub: EventHub
  /** How long an event that the hub lost may stay unseen. */
  pollEveryMs: number
  newest(): Promise<number>
  /** A page behind an id. */
  readAfter(id: number): Promise<EventPage>
}

export type EventFeed = (listener: EventListener) => Promise<EventSubscription>

export function eventFeed(options: FeedOptions): EventFeed {
  const { clock, log, hub } = options
  const listeners = new Set<EventListener>()
  /** The last id that was told; undefined while nobody listens. */
  let position: number | undefined
  let starting: Promise<Running> | undefined

  interface Running {
    stop(): void
  }

  function tell(events: readonly StoredEvent[]): void {
    const last = events.at(-1)
    if (!last || position === undefined) return
    position = last.id
    for (const listener of listeners) listener(events)
  }

  let catching = false
  let again = false

  /** Reads what is behind the position. One at a time: whoever asks meanwhile makes it look once more. */
  async function catchUp(): Promise<void> {
    again = true
    if (catching) return
    catching = true
    try {
      while (again && position !== undefined) {
        again = false
        await readOn()
      }
    } catch (error) {
      log.warn('event_feed_behind', { reason: error instanceof Error ? error.name : 'unknown' })
    } finally {
      catching = false
    }
  }

  async function readOn(): Promise<void> {
    for (let more = true; more && position !== undefined; ) {
      const { events, next } = await options.readAfter(position)
      // The last listener may have left meanwhile, and a first one come.
      const told = position ?? Number.POSITIVE_INFINITY
      tell(events.filter(({ id }) => id > told))
      more = next !== null
    }
  }

  /** The newest id that the hub told before the position was known. */
  let early = 0

  function hear(news: CommitNotice): void {
    if (position === undefined) early = Math.max(early, news.newest)
    if (position === undefined || news.newest <= position) return
    const fresh = news.events.filter(({ id }) => id > (position ?? 0))
    if (!catching && continues(position, fresh, news.newest)) tell(fresh)
    else void catchUp()
  }

  async function start(): Promise<Running> {
    const unsubscribe = await hub.subscribe(hear)
    position = await options.newest().catch((error: unknown) => {
      unsubscribe()
      throw error
    })
    // Whether the answer was older than that news, nobody can say.
    if (early > position) void catchUp()
    const stopped = new AbortController()
    void keepLooking(stopped.signal)
    return {
      stop() {
        stopped.abort()
        unsubscribe()
        position = undefined
      },
    }
  }

  async function keepLooking(signal: AbortSignal): Promise<void> {
    for (;;) {
      const woken = await clock.sleep(options.pollEveryMs, signal).then(
        () => true,
        () => false,
      )
      if (!woken) return
      const newest = await options.newest().catch(() => 0)
      if (position !== undefined && newest > position) await catchUp()
    }
  }

  return async function subscribe(listener) {
    starting ??= start()
    const mine = starting
    const running = await mine.catch((error: unknown) => {
      if (starting === mine) starting = undefined
      throw error
    })
    listeners.add(listener)
    return {
      after: position ?? 0,
      close() {
        if (!listeners.delete(listener) || listeners.size > 0) return
        starting = undefined
        running.stop()
      },
    }
  }
}
