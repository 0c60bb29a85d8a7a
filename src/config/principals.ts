/** Who may call: gathers the principals of all token variables, and holds them to what production asks. */

import type { Environment } from './environment.ts'
import { digestOf, inOrder, namedTokensText } from './named-tokens.ts'
import { type Principal, scopes } from './principal.ts'
import { CredentialText, tokenText } from './values.ts'
import type { VariableName } from './variables.ts'

const publishedDefaults: ReadonlySet<string> = new Set(['vx11-local-token', 'vx11-token-production'].map(digestOf))

/** By the digest that principals are kept by. */
export const isPublishedToken = (sha256: string): boolean => publishedDefaults.has(sha256)

/** One of these must open the door in production; the operator token alone reaches too little. */
const doorVariables: readonly VariableName[] = ['VX11_TENTACULO_LINK_TOKEN', 'VX11_GATEWAY_TOKEN', 'VX11_TOKENS']

interface Candidate {
  source: VariableName
  principal: Principal
}

export interface PrincipalsConfig {
  principals: readonly Principal[]
  /** Kept raw, because upstreams are shown it. */
  upstreamToken: string | null
}

/** So long that nobody finds it by trying; a token that somebody made up by hand is shorter. */
const productionTokenLength = 24

export function readAccess(env: Environment, production: boolean): PrincipalsConfig {
  const leastLength = production ? productionTokenLength : 0
  const TokenText = tokenText(leastLength)
  const link = env.optional('VX11_TENTACULO_LINK_TOKEN', TokenText)
  const gateway = env.optional('VX11_GATEWAY_TOKEN', TokenText)
  const operator = env.optional('VX11_OPERATOR_TOKEN', TokenText)
  const upstream = env.optional('VX11_UPSTREAM_TOKEN', CredentialText)
  const named = env.optional('VX11_TOKENS', namedTokensText(leastLength)) ?? []
  const candidates = [
    ...candidate('VX11_TENTACULO_LINK_TOKEN', 'link', link, scopes),
    ...candidate('VX11_GATEWAY_TOKEN', 'gateway', gateway, link === null ? scopes : ['shub']),
    ...candidate('VX11_OPERATOR_TOKEN', 'operator', operator, ['operator']),
    ...named.map((principal): Candidate => ({ source: 'VX11_TOKENS', principal })),
  ]
  if (production) checkProduction(env, candidates, upstream)
  return {
    principals: mergeByToken(env, candidates),
    upstreamToken: upstream ?? link ?? gateway,
  }
}

const candidate = (
  source: VariableName,
  name: string,
  token: string | null,
  granted: Principal['scopes'],
): Candidate[] =>
  token === null
    ? []
    : [{ source, principal: { name, tokenSha256: digestOf(token), scopes: granted, notAfterMs: null } }]

function checkProduction(env: Environment, candidates: readonly Candidate[], upstream: string | null): void {
  const published = 'must not be a token that VX11 publishes'
  for (const { source, principal } of candidates)
    if (isPublishedToken(principal.tokenSha256)) env.complain(source, published)
  if (upstream !== null && isPublishedToken(digestOf(upstream))) env.complain('VX11_UPSTREAM_TOKEN', published)
  const anyBad = env.problems.some(({ variable }) => doorVariables.includes(variable))
  if (!anyBad && candidates.every(({ source }) => !doorVariables.includes(source)))
    env.complain('VX11_TENTACULO_LINK_TOKEN', 'must be set in production, or else VX11_GATEWAY_TOKEN or VX11_TOKENS')
}

/** v7's compose file sets one token in all variables: that is one principal, with the scopes of all of them. */
function mergeByToken(env: Environment, candidates: readonly Candidate[]): Principal[] {
  const merged = new Map<string, Candidate>()
  for (const { source, principal } of candidates) {
    const known = merged.get(principal.tokenSha256)
    const taken = [...merged.values()].some((other) => other.principal.name === principal.name)
    if (known === undefined && taken) env.complain(source, 'must not give one name to two tokens')
    else if (known === undefined) merged.set(principal.tokenSha256, { source, principal })
    else if (known.source === source) env.complain(source, 'must not hold one token twice')
    else if (known.principal.notAfterMs !== principal.notAfterMs)
      env.complain(source, 'must not set an end for the token of another variable')
    else known.principal = { ...known.principal, scopes: inOrder([...known.principal.scopes, ...principal.scopes]) }
  }
  return [...merged.values()].map(({ principal }) => principal)
}
