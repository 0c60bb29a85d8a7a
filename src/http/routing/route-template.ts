/** Method and route of a request as logs and metrics name them: bounded, because callers invent both. */
import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'

/** `/shub/*` and the like; `unmatched` when only middleware matched. */
export function routeTemplate(c: Context): string {
  return matchedRoutes(c).find((route) => route.path !== '/*')?.path ?? 'unmatched'
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export const knownMethod = (c: Context): string => (methods.has(c.req.method) ? c.req.method : 'OTHER')
