/** Describes a finished exchange with an upstream for timelines. */
import type { Context } from 'hono'
import type { UpstreamName } from '../../config/config.ts'
import type { GatewayError } from '../../errors/gateway-error.ts'
import { outcomeOfStatus } from '../../modules/timeline/outcome.ts'
import type { AppEnv, ExchangeTrace, RecordedDecision, RecordedWork } from '../../ports/index.ts'
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
    decisions: decisionsOf(trace, error),
    steps: trace.tries.map((each) => ({
      ...{ name: each.address ?? upstream, startMs: each.startedAt - startedAt },
      ...{ durationMs: each.durationMs, outcome: each.outcome },
      ...(each.spanId !== undefined && { spanId: each.spanId }),
    })),
  }
}

function decisionsOf(
  { attempts, circuit, pausedMs }: ExchangeTrace,
  error: GatewayError | undefined,
): RecordedDecision[] {
  const retried = { code: 'retried', values: { attempts, paused_ms: Math.round(pausedMs) } } as const
  return [
    ...(attempts === 0 && error ? [{ code: 'not_sent', values: {} } as const] : []),
    ...(attempts > 1 ? [retried] : []),
    ...(circuit && circuit !== 'closed' ? [{ code: 'circuit', values: { state: circuit } } as const] : []),
  ]
}
