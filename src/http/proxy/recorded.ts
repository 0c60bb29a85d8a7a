/** Describes a finished exchange with an upstream for timelines. */
import type { Context } from 'hono'
import type { UpstreamName } from '../../config/config.ts'
import type { GatewayError } from '../../errors/gateway-error.ts'
import { outcomeOfStatus } from '../../modules/timeline/outcome.ts'
import type { AppEnv, ExchangeTrace, RecordedWork } from '../../ports/index.ts'
import { knownMethod, routeTemplate } from '../routing/route-template.ts'

interface Exchange {
  upstream: UpstreamName
  trace: ExchangeTrace
  status: number
  /** Of the gateway; undefined for an answer of the upstream. */
  error: GatewayError | undefined
  /** On the monotonic clock. */
  startedAt: number
  durationMs: number
  /** Epoch milliseconds. */
  at: number
}

export function recordedExchange(c: Context<AppEnv>, exchange: Exchange): RecordedWork {
  const { upstream, trace, status, error, startedAt, durationMs, at } = exchange
  return {
    ...{ kind: 'request', at, durationMs, status, target: upstream },
    correlationId: c.get('correlationId'),
    traceparent: c.req.header('traceparent'),
    principal: c.get('principal')?.name ?? null,
    name: `${knownMethod(c)} ${routeTemplate(c)}`,
    outcome: outcomeOfStatus(status),
    error: error?.code ?? null,
    decision: decisionOf(trace, error),
    steps: trace.tries.map((each) => ({
      ...{ name: each.address ?? upstream, startMs: each.startedAt - startedAt },
      ...{ durationMs: each.durationMs, outcome: each.outcome },
      ...(each.spanId !== undefined && { spanId: each.spanId }),
    })),
  }
}

function decisionOf({ attempts, circuit, pausedMs }: ExchangeTrace, error: GatewayError | undefined): string | null {
  const words = [
    ...(attempts === 0 && error ? ['not sent'] : []),
    ...(attempts > 1 ? [`tried ${attempts} times, ${Math.round(pausedMs)} ms between them`] : []),
    ...(circuit !== undefined && circuit !== 'closed' ? [`circuit ${circuit}`] : []),
  ]
  return words.join(', ') || null
}
