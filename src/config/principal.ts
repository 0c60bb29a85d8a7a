/** Who calls: a name and what it may do, never the token itself. */

export const scopes = ['operator', 'shub', 'ingest', 'admin'] as const
export type Scope = (typeof scopes)[number]

export interface Principal {
  name: string
  /** Lower-case hex SHA-256 of the token. */
  tokenSha256: string
  scopes: readonly Scope[]
  /** Epoch milliseconds after which the token is refused; null for never. */
  notAfterMs: number | null
}
