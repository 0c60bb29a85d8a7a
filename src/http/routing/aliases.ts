/** Aliases of routes that v7's clients call, rewritten before routing (contract shared/other-names). */
import { getPath } from 'hono/utils/url'

/** The part of a path that stands for another; the first row that fits. */
export const aliases = [
  { prefix: '/operator/api/v1/', target: '/operator/api/' },
  { prefix: '/api/', target: '/operator/api/' },
] as const

/** Routes of their own under an alias's prefix. */
const routesOfTheirOwn: ReadonlySet<string> = new Set(['/api/internal/core-health'])

/** The decoded path by which access, limits, logs and routes know a request. Rewritten once: an alias names no alias. */
export function routedPath(request: Request): string {
  const path = getPath(request)
  if (path === '/operator/') return '/operator'
  for (const { prefix, target } of aliases) {
    if (path.startsWith(prefix)) return routesOfTheirOwn.has(path) ? path : target + path.slice(prefix.length)
  }
  return path
}
