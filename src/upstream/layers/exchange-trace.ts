/** Counts the tries that reach the transport, and their time to the status line. */
import type { Clock, Upstream } from '../../ports/index.ts'

export const traced =
  (next: Upstream, clock: Clock): Upstream =>
  async (target, init) => {
    const { trace } = init
    if (!trace) return next(target, init)
    const startedAt = clock.monotonic()
    trace.attempts++
    try {
      return await next(target, init)
    } finally {
      trace.upstreamMs += clock.monotonic() - startedAt
    }
  }
