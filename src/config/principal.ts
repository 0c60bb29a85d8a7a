/** A caller's identity: name and scopes. Separate from tokens, because other login methods may provide principals. */

export const scopes = ['operator', 'shub', 'ingest', 'admin', 'wake'] as const
export type Scope = (typeof scopes)[number]

export interface Principal {
  name: string
  scopes: readonly Scope[]
  /** Epoch milliseconds after which its credentials are refused; null for never. */
  notAfterMs: number | null
  /** Set for a key of the database. */
  key?: HeldKey
}

/** Plain data. */
export interface HeldKey {
  id: string
  name: string
  /** Requests per minute by class, in the place of the configured ones. */
  limits: Readonly<Partial<Record<'user' | 'protected' | 'chat' | 'chat_principal', number>>>
  /** The beginning of the secret's digest: a reroll's two secrets are two credentials. */
  credential: string
}

export interface KnownToken {
  /** Lower-case hex SHA-256; the token itself is not stored. */
  sha256: string
  principal: Principal
}
