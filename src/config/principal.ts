/** A caller's identity: name and scopes. Separate from tokens, because other login methods may provide principals. */

export const scopes = ['operator', 'shub', 'ingest', 'admin'] as const
export type Scope = (typeof scopes)[number]

export interface Principal {
  name: string
  scopes: readonly Scope[]
  /** Epoch milliseconds after which its credentials are refused; null for never. */
  notAfterMs: number | null
}

export interface KnownToken {
  /** Lower-case hex SHA-256; the token itself is not stored. */
  sha256: string
  principal: Principal
}
