/** A key as the gateway lists it, and as it gives it out, once. */

export interface Key {
  id: string | number
  name: string
  prefix: string
  scopes: string[]
  limits?: Record<string, number> | null
  created_at?: string | null
  expires_at: string | null
  last_used_at?: string | null
  revoked_at?: string | null
  note?: string | null
}

export interface KeyList {
  keys: Key[]
}

export interface MadeKey extends Key {
  key: string
}

export const scopes = ['operator', 'shub', 'ingest', 'admin'] as const

export function stateOf({ revoked_at: revoked, expires_at: expires }: Key): 'active' | 'revoked' | 'expired' {
  if (revoked) return 'revoked'
  return expires && Date.parse(expires) < Date.now() ? 'expired' : 'active'
}
