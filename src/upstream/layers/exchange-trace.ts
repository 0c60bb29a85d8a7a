/** Notes the tries that reach the transport, with their time to the status line. */
import { GatewayError } from '../../errors/gateway-error.ts'
import { parseTraceparent } from '../../lib/trace-context.ts'
import type { Clock, ExchangeTrace, Try, Upstream } from '../../ports/index.ts'
import { transportFailure } from './outcome.ts'

export const traced =
  (next: Upstream, clock: Clock): Upstream =>
  async (target, init) => {
    const { trace } = init
    if (!trace) return next(target, init)
    const startedAt = clock.monotonic()
    trace.attempts++
    let outcome: number | string = 'failed'
    try {
      const answer = await next(target, init)
      outcome = answer.status
      return answer
    } catch (error) {
      outcome = transportFailure(error) ?? (error instanceof GatewayError ? error.code : outcome)
      throw error
    } finally {
      const durationMs = clock.monotonic() - startedAt
      trace.upstreamMs += durationMs
      trace.tries.push({ startedAt, durationMs, outcome, ...takeSpan(trace) })
    }
  }

const noSpan = {}

/** The next try has a span of its own, or none. */
function takeSpan(trace: ExchangeTrace): Pick<Try, 'spanId'> {
  if (trace.traceparent === undefined) return noSpan
  const span = parseTraceparent(trace.traceparent)
  trace.traceparent = undefined
  return span ? { spanId: span.spanId } : noSpan
}
