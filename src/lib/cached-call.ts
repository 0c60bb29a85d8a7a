/** Caches the last result for a time, shorter for a caller that says so, and shares one refresh between callers. */

import { singleFlight } from './single-flight.ts'
import type { Sleeper } from './with-timeout.ts'

/** Takes the age up to which this caller accepts the last result. */
export type CachedCall<T> = (acceptedMs?: number) => Promise<T>

interface CachedCallOptions {
  freshForMs: number
  /** Maximum wait for another caller's refresh. */
  timeoutMs: number
}

export function cachedCall<T>(
  clock: Sleeper & { monotonic(): number },
  { freshForMs, timeoutMs }: CachedCallOptions,
  load: () => Promise<T>,
): CachedCall<T> {
  const share = singleFlight<T>(clock, timeoutMs)
  let last: { value: T; at: number } | undefined
  return async (acceptedMs = freshForMs) => {
    if (last && clock.monotonic() - last.at < Math.min(acceptedMs, freshForMs)) return last.value
    const value = await share('', load)
    last = { value, at: clock.monotonic() }
    return value
  }
}
