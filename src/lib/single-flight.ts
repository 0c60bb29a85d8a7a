/** Concurrent calls for the same key share one call. Its result must be plain data: a body can be read only once. */

import { type Sleeper, withTimeout } from './with-timeout.ts'

/**
 * On workerd the shared call ends with the request that began it, and its promise then never settles,
 * so other callers wait at most `timeoutMs` and then call themselves.
 */
export function singleFlight<T>(clock: Sleeper, timeoutMs: number) {
  const flights = new Map<string, Promise<T>>()

  const lead = (key: string, work: () => Promise<T>): Promise<T> => {
    const flight = work().finally(() => {
      if (flights.get(key) === flight) flights.delete(key)
    })
    flights.set(key, flight)
    return flight
  }

  return async (key: string, work: () => Promise<T>): Promise<T> => {
    const flight = flights.get(key)
    if (!flight) return lead(key, work)
    const late = new Error('late')
    try {
      return await withTimeout(clock, timeoutMs, flight, () => late)
    } catch (error) {
      if (error !== late) throw error
      return flights.get(key) === flight ? lead(key, work) : work()
    }
  }
}
