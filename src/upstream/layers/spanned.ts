/** One span for each try that is sent, which the upstream gets as the parent of its own. */
import type { Config, PeerName } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { effectivePort } from '../../lib/host-and-port.ts'
import type { HeaderFields, Span, Tracing, Upstream, UpstreamInit } from '../../ports/index.ts'
import { urlBelow } from '../path.ts'
import { transportFailure } from './outcome.ts'

export interface SpannedOptions {
  name: PeerName
  tracing: Tracing | undefined
  /** Where the peer is now, without the path. */
  base: () => string
  config: Pick<Config, 'logPaths'>
  /** False for endpoints outside of VX11. */
  tells: boolean
}

/** The same upstream where tracing is off. */
export function spanned(next: Upstream, { tracing, ...options }: SpannedOptions): Upstream {
  if (!tracing) return next
  return (target, init) => {
    const span = tracing.records() ? begin(tracing, options, target, init) : undefined
    if (options.tells) tell(init.headers, tracing.headers(span))
    return span ? ending(span, next(target, init)) : next(target, init)
  }
}

type Described = Omit<SpannedOptions, 'tracing'>

function begin(tracing: Tracing, { name, base, config }: Described, target: string, init: UpstreamInit) {
  const url = new URL(base())
  return tracing.begin({
    name: init.method,
    kind: 'client',
    attributes: {
      'http.request.method': init.method,
      'server.address': url.hostname,
      'server.port': effectivePort(url),
      'url.full': config.logPaths ? withoutQuery(urlBelow(base(), target)) : undefined,
      'peer.service': name,
      'http.request.resend_count': init.resends,
      'vx11.circuit.state': init.trace?.circuit,
    },
  })
}

/** In place: the headers are this request's alone, and a copy for each try would cost more than the rest. */
function tell(headers: HeaderFields, context: ReturnType<Tracing['headers']>): void {
  if (!context) return
  headers.traceparent = context.traceparent
  if (context.tracestate !== undefined) headers.tracestate = context.tracestate
  // It belonged to a parent that was not valid.
  else if (headers.tracestate !== undefined) delete headers.tracestate
}

async function ending(span: Span, exchange: ReturnType<Upstream>): ReturnType<Upstream> {
  try {
    const answer = await exchange
    span.set({ 'http.response.status_code': answer.status })
    span.end(answer.status >= 400 ? String(answer.status) : null)
    return answer
  } catch (error) {
    span.end(transportFailure(error) ?? (error instanceof GatewayError ? error.code : 'unexpected_error'))
    throw error
  }
}

const withoutQuery = (url: string) => url.split(/[?#]/, 1)[0] ?? ''
