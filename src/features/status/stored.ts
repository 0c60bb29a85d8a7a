/** Reads the store for any number of callers at once: each question at most every two seconds, and never an error. */

import { within } from '../../lib/within.ts'
import type { Clock, Deps } from '../../ports.ts'
import { remembered } from '../../upstream/remembered.ts'
import { type StatusStore, type StoredActivity, type StoredRouting, statusStore } from './store.ts'

export type StoredDeps = Pick<Deps, 'clock' | 'database' | 'log'>

/** Each is null where the database does not tell. */
export interface Stored {
  activity(): Promise<StoredActivity | null>
  routing(): Promise<StoredRouting | null>
  sizeBytes(): Promise<number | null>
}

const freshForMs = 2000
/** Every read is answered within 2.5 s. */
const patienceMs = 2200

export function storedReader({ clock, database, log }: StoredDeps): Stored {
  const store = statusStore(database)
  const keep = <T>(read: (store: StatusStore) => Promise<T>) =>
    remembered(clock, { freshForMs, patienceMs }, () =>
      inTime(clock, read(store)).catch((error: unknown) => {
        log.debug('status_not_read', { reason: causeOf(error) })
        return null
      }),
    )
  return {
    activity: keep((from) => from.readActivity()),
    routing: keep((from) => from.readRouting()),
    sizeBytes: keep((from) => from.readSize()),
  }
}

const inTime = <T>(clock: Clock, work: Promise<T>): Promise<T> =>
  within(clock, patienceMs, work, () => new Error('no answer in time'))

/** A failed query's own message repeats its parameters. */
const causeOf = (error: unknown) =>
  error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.name) : 'unknown'
