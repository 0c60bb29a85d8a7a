/** The span of a whole request, from its arrival to the end of its answer as far as the platform tells. */
import type { Context, MiddlewareHandler } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { effectivePort } from '../../lib/host-and-port.ts'
import type { AppEnv, Deps, Span, SpanAttributes, Tracing } from '../../ports/index.ts'
import { knownMethod, routeTemplate } from '../routing/route-template.ts'

export type TracedRequestDeps = Pick<
  Deps,
  'config' | 'clientAddress' | 'httpVersion' | 'requestTarget' | 'tracing' | 'whenSent'
>

/** `scope` itself where tracing is off, so that nothing is paid for it. */
export function tracedRequest(deps: TracedRequestDeps, scope: MiddlewareHandler<AppEnv>): MiddlewareHandler<AppEnv> {
  const { tracing } = deps
  return tracing ? (c, next) => inSpan(deps, tracing, c, () => scope(c, next)) : scope
}

function inSpan(
  deps: TracedRequestDeps,
  tracing: Tracing,
  c: Context<AppEnv>,
  answer: () => ReturnType<MiddlewareHandler>,
) {
  const [traceparent, tracestate] = [c.req.header('traceparent'), c.req.header('tracestate')]
  const caller = { ...(traceparent !== undefined && { traceparent }), ...(tracestate !== undefined && { tracestate }) }
  return tracing.serve(caller, { name: c.req.method, kind: 'server' }, async (span) => {
    c.set('traceId', span.traceId)
    try {
      return await answer()
    } finally {
      finish(deps, c, span)
    }
  })
}

function finish(deps: TracedRequestDeps, c: Context<AppEnv>, span: Span): void {
  if (span.isRecorded) describeRequest(deps, c, span)
  else span.end()
}

function describeRequest(deps: TracedRequestDeps, c: Context<AppEnv>, span: Span): void {
  const status = c.get('upgraded') ? 101 : c.res.status
  const route = routeTemplate(c)
  span.name = `${knownMethod(c)} ${route}`
  span.set({ ...asked(deps, c), 'http.route': route, ...answered(c, status) })
  const end = () => span.end(status >= 500 ? errorOf(c, status) : null)
  if (deps.whenSent) deps.whenSent(c, end)
  else end()
}

function asked({ config, clientAddress, httpVersion, requestTarget }: TracedRequestDeps, c: Context<AppEnv>) {
  const url = new URL(c.req.url)
  return {
    'http.request.method': knownMethod(c) === 'OTHER' ? '_OTHER' : c.req.method,
    'url.scheme': url.protocol.slice(0, -1),
    'url.path': config.logPaths ? requestTarget(c).split('?', 1)[0] : undefined,
    'server.address': url.hostname,
    'server.port': effectivePort(url),
    'client.address': clientAddress(c),
    'network.protocol.name': 'http',
    'network.protocol.version': httpVersion?.(c),
    'user_agent.original': c.req.header('user-agent'),
  } satisfies SpanAttributes
}

const answered = (c: Context<AppEnv>, status: number): SpanAttributes => ({
  'http.response.status_code': status,
  'vx11.correlation_id': c.get('correlationId'),
  'vx11.principal': c.get('principal')?.name,
  'vx11.error': c.error instanceof GatewayError ? c.error.code : undefined,
})

/** An upstream's own failure has no code of ours. */
const errorOf = ({ error }: Context<AppEnv>, status: number): string => {
  if (error instanceof GatewayError) return error.code
  return error ? 'internal_error' : String(status)
}
