/** The principals of the configuration: tokens are compared by SHA-256 digest in constant time. */
import { hexToBytes } from '@noble/hashes/utils.js'
import type { KnownToken, Principal } from '../../config/principal.ts'
import { equalBytes, equalTexts, tokenDigest } from '../../lib/token-digest.ts'
import type { CancelSignal } from '../../ports/index.ts'

/** Never a promise, but for `replaced`. */
export interface ConfiguredPrincipals {
  ofToken(token: string): Principal | undefined
  named(name: string): Principal | undefined
  /** What the token that let this principal in gives now; undefined when it was taken out of the configuration. */
  asOfNow(principal: Principal): Principal | undefined
  /** From now on these tokens are the known ones. */
  replace(tokens: readonly KnownToken[]): void
  /** Resolves at the next replacement, unless the signal aborts. */
  replaced(signal: CancelSignal): Promise<void>
}

interface Known {
  principal: Principal
  digest: Uint8Array
  sha256: string
}

export function configuredPrincipals(tokens: readonly KnownToken[]): ConfiguredPrincipals {
  let known: Known[] = []
  /** Tokens that proved right, at most one per principal: hashing one again costs about 1 us. */
  let proven: { token: string; principal: Principal }[] = []
  const credentials = new WeakMap<Principal, string>()
  const waiting = new Set<() => void>()

  function replace(next: readonly KnownToken[]): void {
    known = next.map(({ sha256, principal }) => ({ sha256, principal, digest: hexToBytes(sha256) }))
    proven = []
    for (const { principal, sha256 } of known) credentials.set(principal, sha256)
    for (const wake of [...waiting]) wake()
  }
  replace(tokens)

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
    named: (name) => known.find(({ principal }) => principal.name === name)?.principal,
    asOfNow(principal) {
      const credential = credentials.get(principal)
      if (credential === undefined) return principal
      return known.find(({ sha256 }) => sha256 === credential)?.principal
    },
    replace,
    replaced: (signal) =>
      new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake)
          resolve()
        }
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      }),
  }
}
