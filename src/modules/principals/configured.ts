/** The principals of the configuration: tokens are compared by SHA-256 digest in constant time. */
import { hexToBytes } from '@noble/hashes/utils.js'
import type { KnownToken, Principal } from '../../config/principal.ts'
import { equalBytes, equalTexts, tokenDigest } from '../../lib/token-digest.ts'

/** Never a promise. */
export interface ConfiguredPrincipals {
  ofToken(token: string): Principal | undefined
  named(name: string): Principal | undefined
}

export function configuredPrincipals(tokens: readonly KnownToken[]): ConfiguredPrincipals {
  const known = tokens.map(({ sha256, principal }) => ({ principal, digest: hexToBytes(sha256) }))
  /** Tokens that proved right, at most one per principal: hashing one again costs about 1 us. */
  const proven: { token: string; principal: Principal }[] = []
  return {
    ofToken(token) {
      let found: Principal | undefined
      for (const entry of proven) if (equalTexts(entry.token, token)) found = entry.principal
      if (found) return found
      const digest = tokenDigest(token)
      for (const entry of known) if (equalBytes(entry.digest, digest)) found = entry.principal
      if (found) proven.push({ token, principal: found })
      return found
    },
    named: (name) => tokens.find(({ principal }) => principal.name === name)?.principal,
  }
}
