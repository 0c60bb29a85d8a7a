/**
 * Makes one handler of the middleware before all routes and a route's only handler: Hono calls a single one directly,
 * while for two it composes them anew for each request (docs/performance.md).
 */
import type { Context, Next } from 'hono'
import type { Result } from 'hono/router'
import type { H, RouterRoute } from 'hono/types'

/** What the middleware calls: Hono's `next`, which gives nothing or the context, or the route's handler. */
export type RouteHandler = () => unknown

type Routed = [H, RouterRoute]

/** Of two, the first is the middleware. Longer lists stay Hono's. */
export function asOneHandler(found: Result<Routed>): Result<Routed> {
  const [first, last, ...more] = found[0] as [Routed, unknown][]
  if (!first || !last || more.length > 0) return found
  const [[middleware], [[handler, route], parameters]] = [first, last]
  const scope = middleware[0] as (c: Context, next: RouteHandler) => Promise<Response>
  const both = (c: Context, next: Next) => scope(c, () => handler(c, next))
  return [[[[both, route], parameters]]] as Result<Routed>
}
