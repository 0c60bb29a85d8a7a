/**
 * Sends requests with a complete body over plain HTTP/1.1: nearly all traffic inside a private network. Costs a third
 * of a general client (docs/performance.md); uploads and TLS use undici.
 */
import type { Handler } from './handler.ts'
import { Pool } from './pool.ts'
import type { OutgoingRequest } from './request-head.ts'

export interface PlainDispatcher {
  /** `authority` is the URL's host and port. Reports every outcome to `handler`; never throws. */
  dispatch(authority: string, request: OutgoingRequest, handler: Handler): void
  /** Fails requests in flight with `aborted`. */
  close(): void
}

/** At most `connections` per authority. Authorities come from the configuration, so the map stays small. */
export function plainDispatcher(connections: () => number): PlainDispatcher {
  const pools = new Map<string, Pool>()
  let closed = false
  const poolOf = (authority: string): Pool => {
    const pool = pools.get(authority) ?? new Pool(authority, connections)
    if (!pools.has(authority)) pools.set(authority, pool)
    if (closed) pool.close()
    return pool
  }
  return {
    dispatch: (authority, request, handler) => poolOf(authority).dispatch(request, handler),
    close() {
      closed = true
      for (const pool of pools.values()) pool.close()
    },
  }
}
