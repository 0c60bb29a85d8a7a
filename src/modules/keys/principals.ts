/** Principals of the configuration and of the database. A token of the configuration is found without a promise. */
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Principal } from '../../config/principal.ts'
import { tokenDigest } from '../../lib/token-digest.ts'
import type { CancelSignal, Deps, Principals } from '../../ports/index.ts'
import type { ConfiguredPrincipals } from '../principals/configured.ts'
import type { KeySet } from './key-set.ts'
import { keyUse } from './key-use.ts'
import { idOfPrincipal } from './record.ts'
import { idInToken, keyMark } from './token.ts'

type KeyPrincipalsDeps = Pick<Deps, 'background' | 'clock' | 'configSource' | 'database' | 'instance' | 'log'> & {
  keys: KeySet
}

/** Of a credential that a connection was opened with. */
const lookEveryMs = 300
/** So often at least, because the clock may be set meanwhile. */
const lookSeldomMs = 60_000

export function keyPrincipals(configured: ConfiguredPrincipals, deps: KeyPrincipalsDeps): Principals {
  const { clock, keys } = deps
  const used = keyUse(deps)

  const mayChange = deps.configSource.read !== undefined
  const mayBeRevoked = ({ key }: Principal) => key !== undefined || mayChange

  async function sleepOrReplacement(ms: number, signal: CancelSignal): Promise<void> {
    const over = new AbortController()
    const end = () => over.abort()
    signal.addEventListener('abort', end)
    try {
      await Promise.race([clock.sleep(ms, over.signal), configured.replaced(over.signal)])
    } finally {
      signal.removeEventListener('abort', end)
      over.abort()
    }
    if (signal.aborted) throw new Error('aborted')
  }

  function find(id: string, token: string): Principal | undefined {
    const found = keys.find(id, bytesToHex(tokenDigest(token)))
    if (found) used(id)
    return found
  }

  return {
    ofToken(token) {
      const known = configured.ofToken(token)
      if (known || !token.startsWith(keyMark)) return known
      const id = idInToken(token)
      if (id === null) return undefined
      const reading = keys.refresh(id)
      return reading ? reading.then(() => find(id, token)) : find(id, token)
    },

    named(name) {
      const id = idOfPrincipal(name)
      if (id === null) return configured.named(name)
      const reading = keys.refresh(id)
      return reading ? reading.then(() => keys.named(id)) : keys.named(id)
    },

    mayEnd: (principal) => principal.notAfterMs !== null || mayBeRevoked(principal),
    mayBeRevoked,

    async untilEnded(principal, signal) {
      for (;;) {
        const held = principal.key ? principal : configured.asOfNow(principal)
        if (!held || !isAsMuch(held, principal)) return 'revoked'
        const leftMs = (held.notAfterMs ?? Number.POSITIVE_INFINITY) - clock.now()
        if (leftMs < 0) return 'expired'
        if (principal.key) await keys.refresh(principal.key.id)
        if (!keys.isStillGood(principal)) return 'revoked'
        const pauseMs = Math.min(leftMs + 1, principal.key ? lookEveryMs : lookSeldomMs)
        if (principal.key || !mayChange) await clock.sleep(pauseMs, signal)
        else await sleepOrReplacement(pauseMs, signal)
      }
    },
  }
}

/** Who lost a name or a scope has lost what the connection was opened with. */
const isAsMuch = (held: Principal, opened: Principal): boolean =>
  held.name === opened.name && opened.scopes.every((scope) => held.scopes.includes(scope))
