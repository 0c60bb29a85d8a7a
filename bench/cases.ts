/** Every load that is driven, against whom, and what must come back. */
import type { TargetName } from './targets/targets.ts'

export interface LoadCase {
  name: string
  title: string
  targets: readonly TargetName[]
  method: 'GET' | 'POST'
  /** At the upstream and at every peer. */
  path: string
  /** At the gateway. */
  gatewayPath: string
  bodyBytes: number
  withToken: boolean
  /** What the gateway must answer; peers answer 200. */
  status: number
  /** Come from a new address with every request, as the gateway sees it. */
  newAddresses: boolean
  gatewayEnv: Readonly<Record<string, string>>
}

const proxies: readonly TargetName[] = ['gateway', 'fastify-http-proxy', 'node-http', 'floor', 'nginx']

const proxied: Omit<LoadCase, 'name' | 'title' | 'path' | 'gatewayPath'> = {
  targets: proxies,
  method: 'GET',
  bodyBytes: 0,
  withToken: true,
  status: 200,
  newAddresses: false,
  gatewayEnv: {},
}
const through = (path: string) => ({ path, gatewayPath: `/shub${path}` })
const bareRoute: readonly TargetName[] = ['gateway', 'hono-json']

export const loadCases: readonly LoadCase[] = [
  { ...proxied, ...through('/1k'), name: 'get-1k', title: 'Proxied GET, 1 KB' },
  { ...proxied, ...through('/64k'), name: 'get-64k', title: 'Proxied GET, 64 KB' },
  { ...proxied, ...through('/10m'), name: 'get-10m', title: 'Proxied GET, 10 MB' },
  {
    ...proxied,
    ...through('/sink'),
    name: 'post-10k',
    title: 'Proxied POST, 10 KB',
    method: 'POST',
    bodyBytes: 10_240,
  },
  {
    ...proxied,
    ...through('/health'),
    name: 'cached',
    title: 'Cached health answer',
    targets: ['gateway', 'hono-json', 'nginx-cache'],
    withToken: false,
  },
  {
    ...proxied,
    ...through('/1k'),
    name: 'limited',
    title: 'Refused, allowance spent (429)',
    targets: bareRoute,
    status: 429,
    gatewayEnv: { VX11_RATE_LIMIT_PROTECTED: '1' },
  },
  {
    ...proxied,
    path: '/operator/api/status',
    gatewayPath: '/operator/api/status',
    name: 'unauthorized',
    title: 'Refused, no token (401)',
    targets: bareRoute,
    withToken: false,
    status: 401,
    newAddresses: true,
    // Guesses are limited per address; a trusted proxy in front lets the load come from many.
    gatewayEnv: { VX11_TRUST_PROXY: '1' },
  },
]

/** In the order in which they run and are shown; the last is measured with `--runtime workerd`. */
export const caseNames: readonly string[] = [
  'start',
  ...loadCases.map(({ name }) => name),
  ...['latency', 'streams', 'events', 'across', 'operator-data', 'locked', 'hostile', 'growth', 'workerd'],
]
export const workerCases: readonly string[] = ['workerd']

/** Left out: what takes most of a minute to prepare or, on a loud machine, to send. */
export const quickCases: readonly string[] = caseNames.filter(
  (name) => !['get-10m', 'across', 'operator-data', 'growth', 'workerd'].includes(name),
)
