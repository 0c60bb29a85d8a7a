/** One span for each try that is sent, which the upstream gets as the parent of its own. */
import { type Config, modelNames, type PeerName } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { effectivePort } from '../../lib/host-and-port.ts'
import type { HeaderFields, Span, Tracing, Upstream, UpstreamInit } from '../../ports/index.ts'
import { urlBelow } from '../path.ts'
import { transportFailure } from './outcome.ts'

/** Around what sends a request to the address `base`. */
export type WatchTry = (next: Upstream, name: PeerName, base: string) => Upstream

interface WatchDeps {
  tracing?: Tracing | undefined
  config: Pick<Config, 'logPaths'>
}

/** Undefined where tracing is off. */
export function tryWatch({ tracing, config }: WatchDeps): WatchTry | undefined {
  if (!tracing) return undefined
  return (next, name, base) => {
    const describe = describer(name, base, config)
    // No third party learns of a trace.
    const tells = !modelNames.some((model) => model === name)
    return (target, init) => {
      const span = tracing.records() ? tracing.begin(describe(target, init)) : undefined
      const context = tells ? tracing.headers(span) : undefined
      const told = context ? { ...init, headers: withContext(init.headers, context) } : init
      if (span && context && init.trace) init.trace.traceparent = context.traceparent
      return span ? ending(span, next(target, told)) : next(target, told)
    }
  }
}

function describer(name: PeerName, base: string, { logPaths }: WatchDeps['config']) {
  const url = new URL(base)
  const [address, port] = [url.hostname, effectivePort(url)]
  return (target: string, init: UpstreamInit) => ({
    name: init.method,
    kind: 'client' as const,
    attributes: {
      'http.request.method': init.method,
      'server.address': address,
      'server.port': port,
      'url.full': logPaths ? withoutQuery(urlBelow(base, target)) : undefined,
      'peer.service': name,
      'http.request.resend_count': init.resends,
      'vx11.circuit.state': init.trace?.circuit,
    },
  })
}

/** A copy, because two tries of a request may be under way. A `tracestate` belongs to its `traceparent`. */
function withContext(headers: HeaderFields, { traceparent, tracestate }: { traceparent: string; tracestate?: string }) {
  const told: HeaderFields = { ...headers, traceparent }
  if (tracestate !== undefined) told.tracestate = tracestate
  else if (told.tracestate !== undefined) delete told.tracestate
  return told
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
