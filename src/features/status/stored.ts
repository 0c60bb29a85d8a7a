/** Reads the database for any number of callers at once: each question at most every two seconds, and never an error. */

import { cachedCall } from '../../lib/cached-call.ts'
import { rootReason } from '../../lib/root-reason.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { DatabaseHealth, ReadDatabaseHealth } from '../../modules/database-health/database-health.ts'
import type { Deps } from '../../ports/index.ts'
import { type StoredActivity, type StoredRouting, statusStore } from './store.ts'

export type StoredDeps = Pick<Deps, 'clock' | 'database' | 'log'> & { readDatabaseHealth: ReadDatabaseHealth }

/** Each is null when the database does not answer in time. */
export interface Stored {
  activity(): Promise<StoredActivity | null>
  routing(): Promise<StoredRouting | null>
  health(): Promise<DatabaseHealth | null>
}

const freshForMs = 2000
/** Every read is answered within 2.5 s. */
const readWithinMs = 2000
const timeoutMs = 2100

export function storedReader({ clock, database, log, readDatabaseHealth }: StoredDeps): Stored {
  const store = statusStore(database)
  const late = () => new Error('no answer in time')
  const keep = <T>(read: () => Promise<T>) =>
    cachedCall(clock, { freshForMs, timeoutMs }, () =>
      withTimeout(clock, readWithinMs, read(), late).catch((error: unknown) => {
        log.debug('status_not_read', { reason: rootReason(error) })
        return null
      }),
    )
  return {
    activity: keep(() => store.readActivity()),
    routing: keep(() => store.readRouting()),
    health: keep(readDatabaseHealth),
  }
}
