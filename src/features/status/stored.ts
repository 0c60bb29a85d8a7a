/** Reads the database for any number of callers at once, as seldom as they accept, and never with an error. */

import { type CachedCall, cachedCall } from '../../lib/cached-call.ts'
import { rootReason } from '../../lib/root-reason.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { DatabaseHealth, ReadDatabaseHealth } from '../../modules/database-health/database-health.ts'
import type { Deps } from '../../ports/index.ts'
import { type StoredActivity, type StoredRouting, statusStore } from './store.ts'

export type StoredDeps = Pick<Deps, 'clock' | 'database' | 'log'> & { readDatabaseHealth: ReadDatabaseHealth }

/** Each is null when the database does not answer in time. */
export interface Stored {
  activity: CachedCall<StoredActivity | null>
  routing: CachedCall<StoredRouting | null>
  health: CachedCall<DatabaseHealth | null>
}

const freshForMs = 2000
/** Every read is answered within 2.5 s. */
const readWithinMs = 2000
const timeoutMs = 2100

export function storedReader({ clock, database, log, readDatabaseHealth }: StoredDeps): Stored {
  const store = statusStore(database)
  const late = () => new Error('no answer in time')
  const inTime = <T>(reading: Promise<T>) =>
    withTimeout(clock, readWithinMs, reading, late).catch((error: unknown) => {
      log.debug('status_not_read', { reason: rootReason(error) })
      return null
    })
  const keep = <T>(read: () => Promise<T>) => cachedCall(clock, { freshForMs, timeoutMs }, () => inTime(read()))
  return {
    activity: keep(() => store.readActivity()),
    routing: keep(() => store.readRouting()),
    health: (acceptedMs) => inTime(readDatabaseHealth(acceptedMs)),
  }
}
