/** One span for each try that is sent, which the upstream gets as the parent of its own. */
import type { Config, PeerName } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
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
    if (tracing.traceId() === undefined) return next(target, init)
    const span = begin(tracing, options, target, init)
    const headers = options.tells ? withContext(init.headers, tracing, span) : init.headers
    return span ? ending(span, next(target, { ...init, headers })) : next(target, { ...init, headers })
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
      'server.port': portOf(url),
      'url.full': config.logPaths ? withoutQuery(urlBelow(base(), target)) : undefined,
      'peer.service': name,
      'http.request.resend_count': init.resends,
      'vx11.circuit.state': init.trace?.circuit,
    },
  })
}

/** A caller's own `tracestate` belongs to its `traceparent`: both are replaced, or neither of them stays. */
function withContext(headers: HeaderFields, tracing: Tracing, span: Span | undefined): HeaderFields {
  const { traceparent: _, tracestate: __, ...others } = headers
  return { ...others, ...tracing.headers(span) }
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

export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)

const withoutQuery = (url: string) => url.split(/[?#]/, 1)[0] ?? ''
