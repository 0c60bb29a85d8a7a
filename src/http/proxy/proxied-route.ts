/** A proxied route: WebSocket handshakes become sockets, everything else an exchange. */
import type { Handler, MiddlewareHandler } from 'hono'
import type { AppEnv } from '../../ports/index.ts'
import type { Way } from './forward.ts'
import { type ProxyDeps, proxy } from './proxy.ts'
import { type WebSocketProxyDeps, webSocketProxy } from './websocket-proxy.ts'

export type PassDeps = ProxyDeps & WebSocketProxyDeps

/** One `.all('/*', ...pass(...))`, so that the route stays one for 405 and for the reference. */
export const pass = (deps: PassDeps, way: Way): [MiddlewareHandler<AppEnv>, Handler<AppEnv>] => [
  webSocketProxy(deps, way),
  proxy(deps, way),
]
