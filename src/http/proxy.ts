/** Carries a request to an upstream and its answer back, both streamed, with the header rules of upstream/. */
import type { Context, Handler } from 'hono'
import type { UpstreamName } from '../config.ts'
import { catalogue, GatewayError } from '../errors.ts'
import type { AppEnv, Deps, UpstreamAnswer } from '../ports.ts'
import { withoutPrefix } from '../upstream/path.ts'
import { requestHeaders } from '../upstream/request-headers.ts'
import { responseHeaders } from '../upstream/response-headers.ts'
import { knownMethod } from './route-template.ts'

type ProxyDeps = Pick<Deps, 'clock' | 'config' | 'metrics' | 'upstreams' | 'clientAddress' | 'requestTarget'>

interface ProxyRoute {
  upstream: UpstreamName
  /** Cut off the path before it travels on; empty to keep all of it. */
  stripPrefix: string
  /** What a caller hears while the upstream is not configured. */
  dormant: () => GatewayError
}

export const proxy = (deps: ProxyDeps, { upstream, stripPrefix, dormant }: ProxyRoute): Handler<AppEnv> =>
  async function proxy(c) {
    const send = deps.upstreams[upstream]
    if (!send) throw dormant()
    const exchange = () =>
      send(withoutPrefix(deps.requestTarget(c), stripPrefix), {
        method: c.req.method,
        headers: forwardedHeaders(deps, c, upstream),
        body: hasBody(c) ? c.req.raw.body : null,
        signal: c.req.raw.signal,
      })
    const answer = await measured(deps, c, upstream, exchange)
    return c.newResponse(answer.body as ReadableStream, answer.status as 200, responseHeaders(answer.headers))
  }

async function measured(
  { clock, metrics }: ProxyDeps,
  c: Context<AppEnv>,
  upstream: UpstreamName,
  exchange: () => Promise<UpstreamAnswer>,
) {
  const startedAt = clock.now()
  const finished = (status: number) =>
    metrics.exchangeFinished({ upstream, method: knownMethod(c), status, durationMs: clock.now() - startedAt })
  try {
    const answer = await exchange()
    finished(answer.status)
    return answer
  } catch (error) {
    if (error instanceof GatewayError) finished(catalogue[error.code].status)
    throw error
  }
}

function forwardedHeaders({ config, clientAddress }: ProxyDeps, c: Context<AppEnv>, upstream: UpstreamName) {
  return requestHeaders(c.req.raw.headers, {
    correlationId: c.var.correlationId,
    upstreamToken: config.upstreamToken,
    extraHeaders: config.upstreamHeaders[upstream],
    credentialHeader: c.var.credentialHeader,
    clientAddress: clientAddress(c),
    protocol: c.req.url.startsWith('https:') ? 'https' : 'http',
    trustsProxy: config.trustedProxies > 0,
  })
}

/** Known from the headers alone: asking a GET for its body costs Node a stream. */
const hasBody = (c: Context) =>
  c.req.header('content-length') !== undefined
    ? c.req.header('content-length') !== '0'
    : c.req.header('transfer-encoding') !== undefined || !bodilessMethods.has(c.req.method)

const bodilessMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE'])
