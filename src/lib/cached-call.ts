/** Caches the last result for a time, and shares one refresh between concurrent callers. */

import { singleFlight } from './single-flight.ts'
import type { Sleeper } from './with-timeout.ts'

interface CachedCallOptions {
  freshForMs: number
  /** Maximum wait for another caller's refresh. */
  timeoutMs: number
}

export function cachedCall<T>(
  clock: Sleeper & { monotonic(): number },
  { freshForMs, timeoutMs }: CachedCallOptions,
  load: () => Promise<T>,
): () => Promise<T> {
  const share = singleFlight<T>(clock, timeoutMs)
  let last: { value: T; until: number } | undefined
  return async () => {
    if (last && clock.monotonic() < last.until) return last.value
    const value = await share('', load)
    last = { value, until: clock.monotonic() + freshForMs }
    return value
  }
}
