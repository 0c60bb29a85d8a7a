/** Shares one cursor between all listeners of a process: notices of the hub, and a poll for those that it lost. */
import type {
  Clock,
  CommitNotice,
  EventHub,
  EventListener,
  EventLog,
  EventSubscription,
  Log,
} from '../../../ports/index.ts'
import { EventCursor } from './cursor.ts'

export interface FeedOptions {
  clock: Clock
  log: Log
  hub: EventHub
  /** How often the database is checked for events that the hub lost. */
  pollEveryMs: number
  newest(): Promise<number>
  read: EventLog['read']
}

export type EventFeed = (listener: EventListener) => Promise<EventSubscription>

interface RunningFeed {
  readonly position: number
  stop(): void
}

const maxPageBytes = 1_048_576

export function eventFeed(options: FeedOptions): EventFeed {
  const listeners = new Set<EventListener>()
  let starting: Promise<RunningFeed> | undefined
  const emit: EventListener = (events) => {
    for (const listener of listeners) listener(events)
  }

  return async function subscribe(listener) {
    starting ??= startFeed(options, emit)
    const mine = starting
    const running = await mine.catch((error: unknown) => {
      if (starting === mine) starting = undefined
      throw error
    })
    listeners.add(listener)
    return {
      after: running.position,
      close() {
        if (!listeners.delete(listener) || listeners.size > 0) return
        starting = undefined
        running.stop()
      },
    }
  }
}

async function startFeed(options: FeedOptions, emit: EventListener): Promise<RunningFeed> {
  const { clock, hub, log, newest, read } = options
  let cursor: EventCursor | undefined
  /** The newest id that a notice named before the position was known. */
  let early = 0
  const unsubscribe = await hub.subscribe((notice: CommitNotice) => {
    if (cursor) cursor.notify(notice)
    else early = Math.max(early, notice.newest)
  })
  const position = await newest().catch((error: unknown) => {
    unsubscribe()
    throw error
  })
  const failed = (error: unknown) =>
    log.warn('event_feed_behind', { reason: error instanceof Error ? error.name : 'unknown' })
  const reader = {
    failed,
    deliver: (events: Parameters<EventListener>[0]) => {
      emit(events)
      return undefined
    },
  }
  const following = new EventCursor({ clock, read, position, maxPageBytes, reader })
  cursor = following
  following.notify({ newest: early, events: [] })
  const stopped = new AbortController()
  void poll(options, following, stopped.signal)
  return {
    get position() {
      return following.position
    },
    stop() {
      stopped.abort()
      following.close()
      unsubscribe()
    },
  }
}

async function poll({ clock, newest, pollEveryMs }: FeedOptions, cursor: EventCursor, signal: AbortSignal) {
  for (;;) {
    const isDue = await clock.sleep(pollEveryMs, signal).then(
      () => true,
      () => false,
    )
    if (!isDue) return
    cursor.notify({ newest: await newest().catch(() => 0), events: [] })
  }
}
