/** Makes, updates, rerolls and revokes keys, and refuses what their maker may not give away. */
import { digestOf } from '../../config/named-tokens.ts'
import type { Scope } from '../../config/principal.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { KeyRecord } from '../../modules/keys/record.ts'
import type { KeyRow, StoredKeys } from '../../modules/keys/store.ts'
import { newKeyId, newKeyToken } from '../../modules/keys/token.ts'
import type { AppendOnce } from '../../ports/index.ts'
import { changeKey, type KeyActor, type KeyChange, type KeysDeps, type Made, rowOf } from './change.ts'
import type { Key, KeyChanges, MadeKey, NewKey, Reroll } from './schema.ts'
import { stateOf, viewOf } from './view.ts'

/** More would be read with each change of one of them. */
const maxInForce = 1000

export async function createKey(deps: KeysDeps, request: NewKey, actor: KeyActor, once?: AppendOnce) {
  const id = newKeyId(deps.random)
  const token = newKeyToken(deps.random, id)
  requireHeld(actor, request.scopes)
  requireFuture(deps, request.expires_at)
  const key: KeyRecord = {
    id,
    name: request.name,
    sha256: digestOf(token),
    scopes: request.scopes,
    limits: limitsOf(request.limits),
    expiresAtMs: request.expires_at ?? null,
    note: request.note ?? null,
    createdAtMs: deps.clock.now(),
    createdBy: actor.holder.name,
    ...{ rerolledAtMs: null, previous: null, revokedAtMs: null, revokedBy: null },
  }
  const made = await changeKey(
    deps,
    actor,
    async (stored): Promise<KeyChange> => {
      const active = stored.rows.filter((row) => stateOf(row.key, deps.clock.now()) === 'active')
      if (active.length >= maxInForce) throw new GatewayError('too_many_keys')
      return { turn: 'created', act: 'key.create', before: null, after: key }
    },
    once,
  )
  return madeKey(made, token, actor)
}

export async function updateKey(deps: KeysDeps, id: string, changes: KeyChanges, actor: KeyActor): Promise<Key> {
  requireFuture(deps, changes.expires_at)
  const { key, usedAt } = await changeKey(deps, actor, async (stored) => {
    const before = notRevoked(stored, id)
    const after = { ...before.key, ...changed(changes) }
    requireHeld(actor, before.key.scopes)
    requireHeld(actor, after.scopes)
    return { turn: 'updated', act: 'key.update', before, after }
  })
  return viewOf(key, usedAt, deps.clock.now())
}

export async function rerollKey(
  deps: KeysDeps,
  id: string,
  { overlap_seconds }: Reroll,
  actor: KeyActor,
  once?: AppendOnce,
): Promise<MadeKey> {
  const token = newKeyToken(deps.random, id)
  const made = await changeKey(
    deps,
    actor,
    async (stored) => {
      const before = notRevoked(stored, id)
      requireHeld(actor, before.key.scopes)
      const now = deps.clock.now()
      const previous = overlap_seconds > 0 ? { sha256: before.key.sha256, untilMs: now + overlap_seconds * 1000 } : null
      const after = { ...before.key, sha256: digestOf(token), rerolledAtMs: now, previous }
      return { turn: 'rerolled', act: 'key.reroll', before, after }
    },
    once,
  )
  return madeKey(made, token, actor)
}

/** A second time it changes nothing. */
export async function revokeKey(deps: KeysDeps, id: string, actor: KeyActor): Promise<Key> {
  const { key, usedAt } = await changeKey(deps, actor, async (stored) => {
    const before = rowOf(stored, id)
    if (before.key.revokedAtMs !== null) return { turn: 'revoked', act: 'key.revoke', before, after: before.key }
    const end = { revokedAtMs: deps.clock.now(), revokedBy: actor.holder.name, previous: null }
    return { turn: 'revoked', act: 'key.revoke', before, after: { ...before.key, ...end } }
  })
  return viewOf(key, usedAt, deps.clock.now())
}

function notRevoked(stored: StoredKeys, id: string): KeyRow {
  const row = rowOf(stored, id)
  if (row.key.revokedAtMs !== null) throw new GatewayError('key_revoked')
  return row
}

/** A key cannot allow what its maker may not do. */
function requireHeld({ holder }: KeyActor, scopes: readonly Scope[]): void {
  const missing = scopes.filter((scope) => !holder.scopes.includes(scope))
  if (missing.length > 0)
    throw new GatewayError('forbidden', { detail: `Your token lacks ${missing.join(', ')} itself.` })
}

function requireFuture({ clock }: KeysDeps, end: number | null | undefined): void {
  if (end == null || end > clock.now()) return
  const issue = { loc: ['body', 'expires_at'], msg: 'Expected a moment in the future', type: 'value_error' }
  throw new GatewayError('validation_error', { issues: [issue] })
}

const limitsOf = (limits: NewKey['limits']): KeyRecord['limits'] =>
  Object.fromEntries(Object.entries(limits ?? {}).filter(([, limit]) => limit !== undefined)) as KeyRecord['limits']

const changed = ({ name, scopes, limits, expires_at, note }: KeyChanges): Partial<KeyRecord> => ({
  ...(name !== undefined && { name }),
  ...(scopes !== undefined && { scopes }),
  ...(limits !== undefined && { limits: limitsOf(limits) }),
  ...(expires_at !== undefined && { expiresAtMs: expires_at }),
  ...(note !== undefined && { note }),
})

const madeKey = ({ key, usedAt, repeated, now }: Made, token: string, { correlationId }: KeyActor): MadeKey => ({
  ...viewOf(key, usedAt, now),
  key: repeated ? null : token,
  correlation_id: correlationId,
})
