/** Carries a request to an upstream and its answer back, both streamed, with the header rules of upstream/. */
import type { Context, Handler } from 'hono'
import type { AppEnv, Deps } from '../ports.ts'
import { withoutPrefix } from '../upstream/path.ts'
import { responseHeaders } from '../upstream/response-headers.ts'
import { dormantUpstream } from '../upstream/target.ts'
import { emptyTrace, forwardedHeaders, measured, type Way } from './forward.ts'

export type ProxyDeps = Pick<Deps, 'clock' | 'config' | 'metrics' | 'upstreams' | 'clientAddress' | 'requestTarget'>

export const proxy = (deps: ProxyDeps, { upstream, stripPrefix }: Way): Handler<AppEnv> =>
  async function proxy(c) {
    const send = deps.upstreams[upstream]
    if (!send) throw dormantUpstream(upstream)
    const trace = emptyTrace()
    const exchange = () =>
      send(withoutPrefix(deps.requestTarget(c), stripPrefix), {
        method: c.req.method,
        headers: forwardedHeaders(deps, c, upstream),
        body: hasBody(c) ? c.req.raw.body : null,
        signal: c.req.raw.signal,
        trace,
      })
    const answer = await measured(deps, c, { upstream, trace, exchange, statusOf: ({ status }) => status })
    return c.newResponse(answer.body as ReadableStream, answer.status as 200, responseHeaders(answer.headers))
  }

/** Known from the headers alone: asking a GET for its body costs Node a stream. */
const hasBody = (c: Context) =>
  c.req.header('content-length') !== undefined
    ? c.req.header('content-length') !== '0'
    : c.req.header('transfer-encoding') !== undefined || !bodilessMethods.has(c.req.method)

const bodilessMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE'])
