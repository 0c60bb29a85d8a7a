/** Who calls: a name and its rights. Tokens stand apart, because a principal may come from elsewhere than a token. */

export const scopes = ['operator', 'shub', 'ingest', 'admin'] as const
export type Scope = (typeof scopes)[number]

export interface Principal {
  name: string
  scopes: readonly Scope[]
  /** Epoch milliseconds after which its credentials are refused; null for never. */
  notAfterMs: number | null
}

export interface KnownToken {
  /** Lower-case hex SHA-256; the token itself is never kept. */
  sha256: string
  principal: Principal
}
