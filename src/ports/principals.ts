/** Looks up principals by token, and reports when a credential ends. */
import type { Principal } from '../config/principal.ts'
import type { CancelSignal } from './cancel-signal.ts'

type Found = Principal | undefined

/** The caller checks the expiry. A source with a store returns a promise. */
export interface Principals {
  ofToken(token: string): Found | Promise<Found>
  named(name: string): Found | Promise<Found>
  /** False for a credential that lasts as long as the process. */
  mayEnd(principal: Principal): boolean
  /** It may end before its expiry: a key, and a token of a configuration that can be read anew. */
  mayBeRevoked(principal: Principal): boolean
  /**
   * For what lives longer than a request: resolves when the credential expires or is revoked, within a second on every
   * instance. Rejects when the signal aborts. The timer is each caller's own, as workerd demands.
   */
  untilEnded(principal: Principal, signal: CancelSignal): Promise<CredentialEnd>
}

export type CredentialEnd = 'expired' | 'revoked'
