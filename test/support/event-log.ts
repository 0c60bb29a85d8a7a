/** The gateway's own EventLog over a real database, with handles on its parts. */
import { memoryEventHub } from '../../src/adapters/memory/event-hub.ts'
import { systemRandom } from '../../src/adapters/system/random.ts'
import type { Database } from '../../src/db/database.ts'
import { eventLog, sharedFeed } from '../../src/modules/events/event-log.ts'
import { eventWriter } from '../../src/modules/events/store/writer.ts'
import type { Clock, EventHub, Log, NewEvent } from '../../src/ports/index.ts'

interface Parts {
  database: Database
  clock: Clock
  hub?: EventHub
  log?: Log
}

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** One instance; several over one database and hub are several gateways. */
export function testEventLog({ database, clock, hub = memoryEventHub(), log = silent }: Parts) {
  const { append, observe } = eventWriter({
    ...{ clock, log, database },
    random: systemRandom(),
    stored: hub.publish,
    gather: async () => {},
  })
  void hub.subscribe(observe)
  return eventLog({ clock, database, append, subscribe: sharedFeed({ clock, log, hub, database }), maxCatchUps: 4 })
}

export const someEvent = (changes: Partial<NewEvent> = {}): NewEvent => ({
  source: 'madre',
  type: 'spawn_success',
  payload: { spawn: 'spawn-1' },
  severity: 'info',
  module: null,
  correlationId: null,
  summary: 'spawn_success from madre',
  ...changes,
})
