/** How a stored key is shown. */
import { zonedMoment } from '../../lib/moment.ts'
import { isoMoment } from '../../lib/moment-forms.ts'
import { type KeyRecord, principalOf } from '../../modules/keys/record.ts'
import { prefixOf } from '../../modules/keys/token.ts'
import type { Key } from './schema.ts'

/** `usedAt` as it is stored. */
export function viewOf(key: KeyRecord, usedAt: string | null | undefined, now: number): Key {
  const { id, name, previous, limits } = key
  const isOverlapping = previous !== null && key.revokedAtMs === null && previous.untilMs > now
  return {
    id,
    name,
    prefix: prefixOf(id),
    state: stateOf(key, now),
    principal: principalOf(id),
    scopes: key.scopes,
    limits: Object.keys(limits).length > 0 ? limits : null,
    expires_at: momentOrNull(key.expiresAtMs),
    note: key.note,
    created_at: isoMoment(key.createdAtMs),
    created_by: key.createdBy,
    last_used_at: zonedMoment(usedAt ?? null),
    rerolled_at: momentOrNull(key.rerolledAtMs),
    overlap_until: isOverlapping ? isoMoment(previous.untilMs) : null,
    revoked_at: momentOrNull(key.revokedAtMs),
    revoked_by: key.revokedBy,
  }
}

export function stateOf({ revokedAtMs, expiresAtMs }: KeyRecord, now: number): Key['state'] {
  if (revokedAtMs !== null) return 'revoked'
  return expiresAtMs !== null && expiresAtMs < now ? 'expired' : 'active'
}

const momentOrNull = (ms: number | null) => (ms === null ? null : isoMoment(ms))

/** What an audit records of a key: no digest, and no note, which may hold anything. */
export const auditedKey = ({ name, scopes, limits, expiresAtMs, revokedAtMs }: KeyRecord) => ({
  name,
  scopes,
  limits,
  expires_at: momentOrNull(expiresAtMs),
  ...(revokedAtMs !== null && { revoked_at: isoMoment(revokedAtMs) }),
})
