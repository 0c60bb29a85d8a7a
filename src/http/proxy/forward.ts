/** Shared by proxied requests and WebSocket handshakes: forwarded headers and measurement. */
import type { Context } from 'hono'
import type { UpstreamName } from '../../config/config.ts'
import { catalogue, GatewayError } from '../../errors/gateway-error.ts'
import { attemptFields, principalHeader } from '../../modules/power/power-change.ts'
import { isRecorded } from '../../modules/timeline/sampling.ts'
import type { AppEnv, Deps, ExchangeTrace, HeaderFields } from '../../ports/index.ts'
import { requestHeaders } from '../../upstream/headers/request-headers.ts'
import { viaName } from '../../upstream/headers/via.ts'
import { knownMethod } from '../routing/route-template.ts'
import { tellDecision } from './decision.ts'
import { recordedExchange } from './recorded.ts'

/** The destination of a proxied route. */
export interface Way {
  upstream: UpstreamName
  /** Removed from the path before it is forwarded; may be empty. */
  stripPrefix: string
}

export type ForwardDeps = Pick<Deps, 'config' | 'clientAddress' | 'callerHeaders'>

export function forwardedHeaders(
  { config, clientAddress, callerHeaders }: ForwardDeps,
  c: Context<AppEnv>,
  upstream: UpstreamName,
): HeaderFields {
  const headers = requestHeaders(callerHeaders(c), {
    correlationId: c.get('correlationId'),
    upstreamToken: config.upstreamToken,
    extraHeaders: config.upstreamHeaders[upstream],
    ownsAuthorization: c.get('ownsAuthorization') ?? false,
    via: viaName(config),
    clientAddress: clientAddress(c),
    protocol: c.req.url.startsWith('https:') ? 'https' : 'http',
    trustsProxy: config.trustedProxies > 0,
  })
  const principal = c.get('principal')?.name
  // The events of madre's windows name the principal.
  return upstream === 'madre' && principal
    ? { ...headers, [principalHeader]: principal, ...attemptFields(config, c.get('attempt')) }
    : headers
}

interface Measured<T> {
  upstream: UpstreamName
  trace: ExchangeTrace
  exchange: () => Promise<T>
  statusOf: (answer: T) => number
}

/** Counts the exchange and adds its explanation to the headers, before the answer is created. */
export async function measured<T>(
  { clock, config, metrics, recorder }: Pick<Deps, 'clock' | 'config' | 'metrics' | 'recorder'>,
  c: Context<AppEnv>,
  { upstream, trace, exchange, statusOf }: Measured<T>,
): Promise<T> {
  const startedAt = clock.monotonic()
  const finished = (status: number, error?: GatewayError) => {
    const now = clock.monotonic()
    const durationMs = now - startedAt
    metrics.exchangeFinished({ upstream, method: knownMethod(c), status, durationMs, purpose: 'proxy' })
    if (
      isRecorded(config.timeline, status >= 500, durationMs, c.get('correlationGiven') === true, c.get('correlationId'))
    )
      recorder.record(recordedExchange(c, { upstream, trace, status, error, startedAt, durationMs, at: clock.now() }))
    tellDecision(c, trace, now - c.get('startedAt'))
  }
  try {
    const answer = await exchange()
    finished(statusOf(answer))
    return answer
  } catch (error) {
    if (error instanceof GatewayError) finished(catalogue[error.code].status, error)
    throw error
  }
}

export const emptyTrace = (): ExchangeTrace => ({ attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] })
