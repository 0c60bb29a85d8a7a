/** Looks up principals by token. */
import type { Principal } from '../config/principal.ts'

type Found = Principal | undefined

/** The caller checks the expiry. A source with a store returns a promise. */
export interface Principals {
  ofToken(token: string): Found | Promise<Found>
  named(name: string): Found | Promise<Found>
}
