/** Concurrent calls for the same key share one call. Its result must be plain data: a body can be read only once. */

import { type Sleeper, withTimeout } from './with-timeout.ts'

/**
 * On workerd the shared call ends with the request that began it, and its promise then never settles,
 * so after `timeoutMs` one of the other callers calls anew, and after twice that each of them.
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

  async function join(flight: Promise<T>, otherwise: () => Promise<T>): Promise<T> {
    const late = new Error('late')
    try {
      return await withTimeout(clock, timeoutMs, flight, () => late)
    } catch (error) {
      if (error !== late) throw error
      return otherwise()
    }
  }

  return async (key: string, work: () => Promise<T>): Promise<T> => {
    const flight = flights.get(key)
    if (!flight) return lead(key, work)
    return join(flight, () => {
      // Who gives up first begins anew, for all that waited with it.
      const next = flights.get(key)
      return next === undefined || next === flight ? lead(key, work) : join(next, work)
    })
  }
}
