/**
 * Requests over plain HTTP/1.1 whose body is whole: nearly all that a gateway inside its network sends. It costs a
 * third of what a general client does (docs/performance.md); uploads and TLS go through undici.
 */
import type { Handler } from './handler.ts'
import { Pool } from './pool.ts'
import type { OutgoingRequest } from './request-head.ts'

export interface PlainDispatcher {
  /** `authority` is host and port as the URL has them. Tells `handler` only; never throws. */
  dispatch(authority: string, request: OutgoingRequest, handler: Handler): void
  /** Ends what is in flight, with `aborted`. */
  close(): void
}

/** `connections` per authority; authorities come from the configuration, so they are few. */
export function plainDispatcher(connections: number): PlainDispatcher {
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
