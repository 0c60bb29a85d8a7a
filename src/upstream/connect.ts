/** Every upstream of the configuration, made callable; and the gateway's own questions to them. */
import { type Config, type UpstreamName, upstreamNames } from '../config.ts'
import type { TimeLimits, UpstreamAnswer, Upstreams } from '../ports.ts'
import { ownRequestHeaders } from './request-headers.ts'
import { type Transports, upstreamFor } from './target.ts'

/** A dormant upstream is absent. */
export function connectUpstreams({ upstreams: targets }: Pick<Config, 'upstreams'>, transports: Transports): Upstreams {
  const upstreams: Upstreams = {}
  for (const name of upstreamNames) {
    const upstream = upstreamFor(name, targets[name], transports)
    if (upstream) upstreams[name] = upstream
  }
  return upstreams
}

interface Question {
  target: string
  correlationId: string
  limits: Partial<TimeLimits>
}

/** A GET on the gateway's own account. Undefined when the upstream is dormant; rejects with GatewayError. */
export async function askUpstream(
  { config, upstreams }: { config: Config; upstreams: Upstreams },
  name: UpstreamName,
  { target, correlationId, limits }: Question,
): Promise<UpstreamAnswer | undefined> {
  const { upstreamToken, upstreamHeaders } = config
  const headers = ownRequestHeaders({ correlationId, upstreamToken, extraHeaders: upstreamHeaders[name] })
  return upstreams[name]?.(target, { method: 'GET', headers, body: null, limits })
}
