/** How instances learn, beside the database, that a key gives less from now on. */
import type { HeldKey, Scope } from '../config/principal.ts'

/** What a changed key gives. Plain data: it travels between instances and is stored in the events object. */
export interface KeyNotice {
  id: string
  scopes: readonly Scope[]
  limits: HeldKey['limits']
  /** The secrets that are accepted, by the beginning of their digests; none for a revoked key. */
  credentials: readonly { mark: string; notAfterMs: number | null }[]
}

/** At least one of them, unless the instance is alone. */
export interface KeyNotices {
  /** Calls the listener at each change, wherever it was made. */
  follow?(listener: (notice: KeyNotice) => void): void
  /** The newest notice of a key; null if there is none. For instances that cannot listen between requests. */
  ask?(id: string): Promise<KeyNotice | null>
}
