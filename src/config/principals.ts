/** Collects the principals of all token variables and checks production's requirements. */

import type { Environment } from './environment/environment.ts'
import { digestOf, inOrder, namedTokensText } from './named-tokens.ts'
import { type KnownToken, type Principal, scopes } from './principal.ts'
import { CredentialText, tokenText } from './values.ts'
import type { VariableName } from './variables.ts'

const publishedDefaults: ReadonlySet<string> = new Set(['vx11-local-token', 'vx11-token-production'].map(digestOf))

export const isPublishedToken = (sha256: string): boolean => publishedDefaults.has(sha256)

/** Production requires one of these; the operator token alone lacks scopes that clients need. */
const doorVariables: readonly VariableName[] = ['VX11_TENTACULO_LINK_TOKEN', 'VX11_GATEWAY_TOKEN', 'VX11_TOKENS']

interface Candidate extends KnownToken {
  source: VariableName
}

export interface PrincipalsConfig {
  knownTokens: readonly KnownToken[]
  /** Plain text, because it is sent to upstreams. */
  upstreamToken: string | null
}

/** Long enough to resist guessing; hand-made tokens are usually shorter. */
const productionTokenLength = 24

export function readAccess(env: Environment, production: boolean): PrincipalsConfig {
  const minLength = production ? productionTokenLength : 0
  const TokenText = tokenText(minLength)
  const link = env.optional('VX11_TENTACULO_LINK_TOKEN', TokenText)
  const gateway = env.optional('VX11_GATEWAY_TOKEN', TokenText)
  const operator = env.optional('VX11_OPERATOR_TOKEN', TokenText)
  const upstream = env.optional('VX11_UPSTREAM_TOKEN', CredentialText)
  const named = env.optional('VX11_TOKENS', namedTokensText(minLength)) ?? []
  const candidates = [
    ...candidate('VX11_TENTACULO_LINK_TOKEN', 'link', link, scopes),
    ...candidate('VX11_GATEWAY_TOKEN', 'gateway', gateway, link === null ? scopes : ['shub']),
    ...candidate('VX11_OPERATOR_TOKEN', 'operator', operator, ['operator']),
    ...named.map((token): Candidate => ({ source: 'VX11_TOKENS', ...token })),
  ]
  if (production) checkProduction(env, candidates, upstream)
  return {
    knownTokens: mergeByToken(env, candidates),
    upstreamToken: upstream ?? link ?? gateway,
  }
}

const candidate = (
  source: VariableName,
  name: string,
  token: string | null,
  granted: Principal['scopes'],
): Candidate[] =>
  token === null ? [] : [{ source, sha256: digestOf(token), principal: { name, scopes: granted, notAfterMs: null } }]

function checkProduction(env: Environment, candidates: readonly Candidate[], upstream: string | null): void {
  const published = 'must not be a token that VX11 publishes'
  for (const { source, sha256 } of candidates) if (isPublishedToken(sha256)) env.complain(source, published)
  if (upstream !== null && isPublishedToken(digestOf(upstream))) env.complain('VX11_UPSTREAM_TOKEN', published)
  const anyBad = env.problems.some(({ variable }) => doorVariables.some((door) => variable.startsWith(door)))
  if (!anyBad && candidates.every(({ source }) => !doorVariables.includes(source)))
    env.complain('VX11_TENTACULO_LINK_TOKEN', 'must be set in production, or else VX11_GATEWAY_TOKEN or VX11_TOKENS')
}

/** v7's compose file sets the same token in all variables: these merge into one principal with all their scopes. */
function mergeByToken(env: Environment, candidates: readonly Candidate[]): KnownToken[] {
  const merged = new Map<string, Candidate>()
  for (const { source, sha256, principal } of candidates) {
    const known = merged.get(sha256)
    const taken = [...merged.values()].some((other) => other.principal.name === principal.name)
    if (known === undefined && taken) env.complain(source, 'must not give one name to two tokens')
    else if (known === undefined) merged.set(sha256, { source, sha256, principal })
    else if (known.source === source) env.complain(source, 'must not hold one token twice')
    else if (known.principal.notAfterMs !== principal.notAfterMs)
      env.complain(source, 'must not set an end for the token of another variable')
    else known.principal = { ...known.principal, scopes: inOrder([...known.principal.scopes, ...principal.scopes]) }
  }
  return [...merged.values()].map(({ sha256, principal }) => ({ sha256, principal }))
}
