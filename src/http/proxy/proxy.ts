/** Forwards a request to an upstream and streams its answer back, with the header rules of upstream/headers. */
import type { Context, Handler } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { responseHeaders } from '../../upstream/headers/response-headers.ts'
import { viaName } from '../../upstream/headers/via.ts'
import { withoutPrefix } from '../../upstream/path.ts'
import { dormantUpstream } from '../../upstream/target.ts'
import { answerWith } from '../answer/answer.ts'
import { type HeldBodyDeps, heldBody } from '../answer/held-body.ts'
import { emptyTrace, type ForwardDeps, forwardedHeaders, measured, type Way } from './forward.ts'
import { answerOptions, forwardedMethods, readMaxForwards, withMaxForwards } from './max-forwards.ts'
import { hasBody, isSmall, readSmallBody } from './small-body.ts'

export type ProxyDeps = ForwardDeps &
  HeldBodyDeps &
  Pick<Deps, 'clock' | 'metrics' | 'recorder' | 'upstreams' | 'requestTarget' | 'callerCancelSignal'>

export const proxy = (deps: ProxyDeps, { upstream, stripPrefix }: Way): Handler<AppEnv> =>
  async function proxy(c) {
    const send = deps.upstreams[upstream]
    if (!send) throw dormantUpstream(upstream)
    refuseUnsafe(c)
    const hops = readMaxForwards(c)
    if (hops === 0) return answerOptions(c)
    const trace = emptyTrace()
    const travelling = travellingBody(deps, c)
    const body = travelling instanceof Promise ? await travelling : travelling
    const exchange = () =>
      send(withoutPrefix(deps.requestTarget(c), stripPrefix), {
        method: c.req.method,
        headers: withMaxForwards(forwardedHeaders(deps, c, upstream), hops),
        body,
        signal: deps.callerCancelSignal(c),
        ...ownerOf(c),
        trace,
      })
    const answer = await measured(deps, c, { upstream, trace, exchange, statusOf: ({ status }) => status })
    return answerWith(
      c,
      answer.status,
      responseHeaders(answer.status, answer.headers, viaName(deps.config)),
      heldBody(deps, c, answer.body, answer.headers['content-length'] !== undefined),
    )
  }

const ownerOf = (c: Context<AppEnv>) => {
  const principal = c.get('principal')
  return principal && { owner: principal.name }
}

const travellingBody = ({ clock }: ProxyDeps, c: Context): Promise<Uint8Array> | ReadableStream<Uint8Array> | null => {
  // The guard of bodies has looked at those two.
  if (c.req.method === 'GET' || c.req.method === 'HEAD' || !hasBody(c)) return null
  return isSmall(c) ? readSmallBody(clock, c) : c.req.raw.body
}

/** TRACE would disclose headers that the gateway adds (RFC 9110 §9.3.8). */
function refuseUnsafe(c: Context): void {
  if (c.req.method === 'TRACE') throw new GatewayError('method_not_allowed', { allow: forwardedMethods })
}
