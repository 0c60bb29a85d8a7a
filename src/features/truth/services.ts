/** The ten services of VX11 with the paths of its truth probe, in its order (contract others/truth-probe). */
import { type Config, type UpstreamName, urlsOf } from '../../config/config.ts'
import { vx11Services } from '../../config/vx11.ts'

export interface ProbedService {
  service: string
  /** Null for the gateway itself. */
  upstream: UpstreamName | null
  /** Tried in this order; the first 200 counts. */
  paths: readonly string[]
}

const ownPaths: Partial<Record<UpstreamName, string>> = {
  madre: '/madre/health',
  switch: '/switch/health',
  hermes: '/hermes/health',
  hormiguero: '/hormiguero/status',
  manifestator: '/drift',
  shub: '/shub/health',
  operator: '/operator/vx11/overview',
}

const order = ['madre', 'switch', 'hermes', 'hormiguero', 'manifestator', 'mcp', 'shub', 'spawner', 'operator'] as const

export const probedServices: readonly ProbedService[] = [
  { service: 'tentaculo_link', upstream: null, paths: ['/health', '/healthz', '/vx11/status'] },
  ...order.map((upstream) => ({
    service: vx11Services[upstream].probedAs,
    upstream,
    paths: ['/health', '/healthz', ownPaths[upstream] ?? []].flat(),
  })),
]

/** By its own name or by the gateway's for it. */
export const findService = (name: string): ProbedService | undefined =>
  probedServices.find(({ service, upstream }) => service === name || upstream === name)

/** The first of several. */
export interface ServiceAddress {
  /** Null where the service has no address of its own: embedded, behind a binding, or not configured. */
  host: string | null
  /** Where it is configured, else its standard port. */
  port: number
  url: string | null
}

export function addressOf(
  config: Pick<Config, 'host' | 'port' | 'upstreams'>,
  upstream: UpstreamName | null,
): ServiceAddress {
  if (upstream === null) return { host: config.host, port: config.port, url: null }
  const [url] = urlsOf(config.upstreams[upstream])
  if (url === undefined) return { host: null, port: vx11Services[upstream].port, url: null }
  const { hostname, port, protocol } = new URL(url)
  return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80), url }
}
