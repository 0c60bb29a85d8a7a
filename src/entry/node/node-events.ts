/**
 * The event stream on Node: requests of one turn of the event loop share a commit, all readers share one feed, and
 * instances announce their commits to each other.
 */
import { eventLog, sharedFeed } from '../../modules/events/event-log.ts'
import { eventWriter } from '../../modules/events/store/writer.ts'
import type { Deps, EventHub, EventLog } from '../../ports/index.ts'

/** One per reader thread: their pages compete with all other reads, and their JSON with ingest. */
const maxCatchUps = 2

type EventDeps = Pick<Deps, 'clock' | 'database' | 'log' | 'random'> & { hub: EventHub }

export function nodeEvents(deps: EventDeps): EventLog {
  const { append, observe, waiting } = eventWriter({
    ...deps,
    stored: deps.hub.publish,
    gather: () => new Promise((resolve) => setImmediate(resolve)),
  })
  void deps.hub.subscribe(observe)
  return eventLog({ ...deps, append, waiting, subscribe: sharedFeed(deps), maxCatchUps })
}
