/** Which routes are public and which scope the others need: one table for the guard, the limits and the docs. */
import type { Config } from '../../config/config.ts'
import type { Scope } from '../../config/principal.ts'
import { isMutation } from '../../lib/http-method.ts'
import { isUnder } from '../../lib/path-prefix.ts'
import { proxiedPrefixes, proxiedRows } from '../proxy/prefixes.ts'

export type Access = { kind: 'public' } | { kind: 'scope'; scope: Scope }

const open: Access = { kind: 'public' }
const needs = (scope: Scope): Access => ({ kind: 'scope', scope })

const publicPaths = new Set([
  '/health',
  '/livez',
  '/readyz',
  '/vx11/status',
  '/openapi.json',
  '/docs',
  '/docs/try',
  '/',
  '/favicon.ico',
  '/operator',
  '/operator/ui',
  '/auth/login',
  '/status',
  '/status/status.css',
  '/status/badge.svg',
])
/** Built files, the same for everybody. */
const publicFiles = ['/operator/ui/', '/docs/try/']
const publicShubReads = new Set(['/shub/health', '/shub/ready', '/shub/openapi.json'])

/** What the original left open by mistake; VX11_V7_OPEN_PATHS reopens it (contract shared/open-paths). */
const v7OpenPaths = ['/metrics', '/debug/events', '/ws', '/operator/observe']

/** A longer prefix comes before one that contains it. */
const guarded: readonly (readonly [prefix: string, access: Access])[] = [
  ...proxiedRows.map(({ prefix, scope }) => [prefix, needs(scope)] as const),
  ['/events/ingest', needs('ingest')],
  ['/operator/api/keys', needs('admin')],
  ['/operator', needs('operator')],
  ['/api', needs('operator')],
  ['/resources', needs('operator')],
  ['/hermes', needs('operator')],
  ['/hormiguero', needs('operator')],
  ['/auth', needs('operator')],
  ['/vx11', needs('operator')],
  ['/debug', needs('operator')],
  ['/ws', needs('operator')],
  ['/metrics', needs('operator')],
]

/** Reads need scope `operator`; changes need `admin`, because they switch power or run commands. */
const power = [
  '/operator/power',
  '/operator/api/window',
  '/operator/api/chat/window',
  '/operator/api/chat/rotation',
  '/operator/api/maintenance',
  '/operator/api/config',
  '/operator/api/webhooks',
  '/vx11/window',
  '/vx11/spawn',
  '/operator/api/spawner',
]
/** A power token lets its holder apply plans, so getting one needs `admin` too. */
const powerToken = '/operator/power/token'

const isRead = (method: string) => method === 'GET' || method === 'HEAD'

/**
 * The access rule for a request. A path under no prefix is no route: it is public, and answered with 404.
 * `path` is the decoded path that the router matched.
 */
export function accessFor(config: Pick<Config, 'openV7Paths'>, method: string, path: string): Access {
  if (publicPaths.has(path) || publicPaths.has(withoutLastSlash(path))) return open
  if ((publicShubReads.has(path) || publicFiles.some((prefix) => path.startsWith(prefix))) && isRead(method))
    return open
  if (config.openV7Paths && v7OpenPaths.some((prefix) => isUnder(path, prefix))) return open
  if (changesPower(method, path)) return needs('admin')
  return guarded.find(([prefix]) => isUnder(path, prefix))?.[1] ?? open
}

/** No route ends in a slash: such a path leads to its route's own door (http/answer/problem.ts). */
const withoutLastSlash = (path: string) => (path.endsWith('/') ? path.slice(0, -1) : path)

const changesPower = (method: string, path: string) =>
  path === powerToken || (isMutation(method) && power.some((prefix) => isUnder(path, prefix)))

/** True for `/shub` and everything under it, where v7's clients expect 403 for a missing token, too. */
export const isShubPath = (path: string) => isUnder(path, proxiedPrefixes.shub.prefix)
