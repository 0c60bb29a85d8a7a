/** The stream of events on Node: requests of one turn of the event loop share a commit, and all readers one feed. */
import { eventLog, sharedFeed } from '../events/log.ts'
import { eventWriter } from '../events/writer.ts'
import type { Deps, EventHub, EventLog } from '../ports.ts'

type EventDeps = Pick<Deps, 'clock' | 'database' | 'log' | 'random'> & { hub: EventHub }

export function nodeEvents(deps: EventDeps): EventLog {
  const append = eventWriter({
    ...deps,
    stored: (events) => deps.hub.publish({ newest: events.at(-1)?.id ?? 0, events }),
    gather: () => new Promise((resolve) => setImmediate(resolve)),
  })
  return eventLog({ database: deps.database, append, subscribe: sharedFeed(deps) })
}
