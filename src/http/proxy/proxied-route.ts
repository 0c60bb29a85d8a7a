/** A proxied route: relays WebSocket handshakes, forwards everything else. */
import type { Handler } from 'hono'
import type { AppEnv } from '../../ports/index.ts'
import { type ProxiedUpstream, proxiedPrefixes } from './prefixes.ts'
import { type ProxyDeps, proxy } from './proxy.ts'
import { type WebSocketProxyDeps, webSocketProxy } from './websocket-proxy.ts'

export type ProxiedRouteDeps = ProxyDeps & WebSocketProxyDeps

/** One handler: a middleware before the proxy would cost each of its requests two promises. */
export function proxiedRoute(deps: ProxiedRouteDeps, upstream: ProxiedUpstream): Handler<AppEnv> {
  const way = { upstream, stripPrefix: proxiedPrefixes[upstream].stripPrefix }
  const relay = webSocketProxy(deps, way)
  const forward = proxy(deps, way)
  return function proxied(c, next) {
    return relay(c) ?? forward(c, next)
  }
}
