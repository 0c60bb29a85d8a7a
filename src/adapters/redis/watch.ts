/** Checks every two seconds that Redis can do what the limiter needs, and reconnects if that may help. */
import { StoreFailure } from '../../errors/store-failure.ts'
import type { Clock } from '../../ports/index.ts'
import { helpsToReconnect } from './failure.ts'

const everyMs = 2000

interface WatchOptions {
  clock: Clock
  /** Rejects with a StoreFailure. */
  check: () => Promise<void>
  reconnect: () => void
}

/** Returns the function that stops it. */
export function watchRedis({ clock, check, reconnect }: WatchOptions): () => void {
  const stopping = new AbortController()
  const look = async () => {
    try {
      await check()
    } catch (error) {
      if (error instanceof StoreFailure && helpsToReconnect(error)) reconnect()
    }
  }
  const run = async () => {
    for (;;) {
      await clock.sleep(everyMs, stopping.signal)
      await look()
    }
  }
  run().catch(() => {})
  return () => stopping.abort()
}
