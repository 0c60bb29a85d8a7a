/** A proxied route: relays WebSocket handshakes, forwards everything else. */
import type { Handler, MiddlewareHandler } from 'hono'
import type { AppEnv } from '../../ports/index.ts'
import { type ProxiedUpstream, proxiedPrefixes } from './prefixes.ts'
import { type ProxyDeps, proxy } from './proxy.ts'
import { type WebSocketProxyDeps, webSocketProxy } from './websocket-proxy.ts'

export type ProxiedRouteDeps = ProxyDeps & WebSocketProxyDeps

/** For one `.all('/*', ...proxiedRoute(...))`, so that 405 and the reference see one route. */
export function proxiedRoute(
  deps: ProxiedRouteDeps,
  upstream: ProxiedUpstream,
): [MiddlewareHandler<AppEnv>, Handler<AppEnv>] {
  const way = { upstream, stripPrefix: proxiedPrefixes[upstream].stripPrefix }
  return [webSocketProxy(deps, way), proxy(deps, way)]
}
