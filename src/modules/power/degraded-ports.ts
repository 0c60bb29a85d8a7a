/** Ports for a drill: upstreams refuse, the database is unavailable, nothing is announced or counted. */

import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import type { Deps, Metrics } from '../../ports/index.ts'
import { connectUpstreams } from '../../upstream/connect.ts'

/** Without side effects; only the gateway's own principal may use the app that is made of them. */
export function degradedPorts(ports: Deps): Deps {
  const { reports: _, ...rest } = ports
  const config = {
    ...ports.config,
    knownTokens: [],
    rateLimit: { ...ports.config.rateLimit, enabled: false },
    chat: { ...ports.config.chat, allowDeepseek: false, mockProviders: false, localLlmUrl: null },
  }
  const silent = () => {}
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  // Every counter is a no-op.
  const metrics = Object.fromEntries(Object.keys(ports.metrics).map((name) => [name, silent])) as unknown as Metrics
  const refuse = () => Promise.reject(new TransportError('unreachable'))
  const transports = { url: refuse, embedded: refuse, binding: () => refuse }
  const { clock, random } = ports
  return {
    ...rest,
    config,
    log,
    metrics,
    ...connectUpstreams({ config, clock, random, log, metrics, announce: silent, transports, pause: async () => {} }),
    database: {
      open: () => {
        throw new GatewayError('database_unavailable')
      },
      ping: () => Promise.reject(new GatewayError('database_unavailable')),
      close: async () => {},
    },
    cache: { read: async () => null, write: async () => {}, remove: async () => 0 },
    announce: silent,
    webhooks: { stored: silent, deliver: async () => {}, read: async () => [], test: async () => undefined },
    readiness: { database: () => Promise.reject(new GatewayError('database_unavailable')) },
  }
}
