/** What was learned: this instance's newest in memory, written soon, over what the database has of all instances. */
import { onDatabase } from '../../../db/database-timeout.ts'
import { singleFlight } from '../../../lib/single-flight.ts'
import { withTimeout } from '../../../lib/with-timeout.ts'
import type { Deps } from '../../../ports/index.ts'
import { figuresOf, type ModelFigures } from './figures.ts'
import { addTallies, forgetTallies, readOrder, readTallies, type StoredOrder } from './store.ts'
import { added, type Tallies, withinWindow } from './tally.ts'

export type MemoryDeps = Pick<Deps, 'clock' | 'database' | 'log'>

export interface Memory {
  learn(tallies: Tallies): void
  figures(): Map<string, ModelFigures>
  /** Writes what is new, and reads what others learned where that is due. Never rejects. */
  sync(): Promise<void>
  /** The first reading, or a moment's wait for it. Never rejects. */
  ready(): Promise<void>
}

/** What others learned is at most this old, where messages come. */
const readEveryMs = 30_000
const firstReadMs = 300
const sharedMs = 5000

/** `orderRead` is called with the stored order of each reading. */
export function memory(deps: MemoryDeps, orderRead: (stored: StoredOrder) => void): Memory {
  const { clock } = deps
  const share = singleFlight<void>(clock, sharedMs)
  let stored: Tallies = new Map()
  let sending: Tallies = new Map()
  let pending: Tallies = new Map()
  let readAt: number | null = null

  async function write(): Promise<void> {
    sending = pending
    pending = new Map()
    try {
      if (sending.size > 0) await onDatabase(deps, (db) => addTallies(db, sending))
      stored = withinWindow(added(stored, sending), clock.now())
    } catch {
      pending = withinWindow(added(sending, pending), clock.now())
    } finally {
      sending = new Map()
    }
  }

  async function read(): Promise<void> {
    readAt = clock.monotonic()
    try {
      stored = await onDatabase(deps, async (db) => {
        await forgetTallies(db, clock.now())
        return readTallies(db)
      })
      orderRead(await onDatabase(deps, readOrder))
    } catch {
      // onDatabase has logged it; what is in memory goes on.
    }
  }

  const sync = () =>
    share('sync', async () => {
      await write()
      if (readAt === null || clock.monotonic() - readAt >= readEveryMs) await read()
    })

  return {
    learn(tallies) {
      pending = added(pending, tallies)
    },
    figures: () => figuresOf(added(added(stored, sending), pending), clock.now()),
    sync,
    async ready() {
      if (readAt !== null) return
      const late = new Error('late')
      await withTimeout(clock, firstReadMs, sync(), () => late).catch(() => {})
    },
  }
}
