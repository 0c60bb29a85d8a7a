/** The secrets by which a key is known, and the principal that each of them is. */
import type { HeldKey, Principal } from '../../config/principal.ts'
import { type KeyRecord, principalOf } from './record.ts'

export interface KeyCredential {
  sha256: string
  principal: Principal & { key: HeldKey }
}

/** None for a revoked key; two while a reroll's overlap lasts. */
export function credentialsOf(key: KeyRecord): KeyCredential[] {
  if (key.revokedAtMs !== null) return []
  const { previous, expiresAtMs } = key
  const now = { sha256: key.sha256, principal: principal(key, key.sha256, expiresAtMs) }
  if (!previous) return [now]
  const untilMs = Math.min(previous.untilMs, expiresAtMs ?? Number.POSITIVE_INFINITY)
  return [now, { sha256: previous.sha256, principal: principal(key, previous.sha256, untilMs) }]
}

const principal = ({ id, name, scopes, limits }: KeyRecord, sha256: string, notAfterMs: number | null) => ({
  name: principalOf(id),
  scopes,
  notAfterMs,
  key: { id, name, limits, credential: sha256.slice(0, 16) },
})
