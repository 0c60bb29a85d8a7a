/** Where principals come from. */
import type { Principal } from '../config/principal.ts'

type Found = Principal | undefined

/** Expiry is the caller's to check. A source that must ask a store answers with a promise. */
export interface Principals {
  ofToken(token: string): Found | Promise<Found>
  named(name: string): Found | Promise<Found>
}
