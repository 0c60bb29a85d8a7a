/** The proxied prefixes: guards, limits, routes and reference read this table. */
import type { Config, UpstreamName } from '../../config/config.ts'
import type { Scope } from '../../config/principal.ts'
import { isUnder } from '../../lib/path-prefix.ts'

export interface ProxiedPrefix {
  prefix: `/${string}`
  /** Removed from the path before it is forwarded; may be empty. */
  stripPrefix: string
  scope: Scope
  /** The rate limit that a principal's requests spend. */
  limit: keyof Config['rateLimit']['perMinute']
  /** `large`: VX11_MAX_BODY_BYTES; `json`: 1 MiB, as everywhere else. */
  body: 'large' | 'json'
  /** Listed in the reference. */
  described: boolean
}

/** Null: no prefix passes everything on to this upstream. Without a row for each upstream this does not compile. */
export const proxiedPrefixes = {
  shub: {
    prefix: '/shub',
    stripPrefix: '/shub',
    scope: 'shub',
    limit: 'protected',
    body: 'large',
    described: true,
  },
  madre: { prefix: '/madre', stripPrefix: '', scope: 'admin', limit: 'protected', body: 'large', described: true },
  switch: { prefix: '/switch', stripPrefix: '', scope: 'admin', limit: 'protected', body: 'large', described: true },
  hermes: null,
  hormiguero: null,
  manifestator: null,
  mcp: null,
  spawner: null,
  operator: null,
} as const satisfies Record<UpstreamName, ProxiedPrefix | null>

type Table = typeof proxiedPrefixes
export type ProxiedUpstream = { [Name in UpstreamName]: Table[Name] extends null ? never : Name }[UpstreamName]

/** The rows alone, each with its upstream. */
export const proxiedRows: readonly (ProxiedPrefix & { upstream: UpstreamName })[] = Object.entries(
  proxiedPrefixes,
).flatMap(([upstream, row]) => (row === null ? [] : [{ ...row, upstream: upstream as UpstreamName }]))

/** By the decoded path that the router matched. */
export const proxiedRowOf = (path: string) => proxiedRows.find(({ prefix }) => isUnder(path, prefix))
