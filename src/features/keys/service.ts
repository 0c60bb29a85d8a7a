/** Makes, changes, rerolls and revokes keys: each change with its audit and event in one transaction. */

import { keyTurned } from '../../announcements.ts'
import { digestOf } from '../../config/named-tokens.ts'
import type { Principal, Scope } from '../../config/principal.ts'
import type { Db } from '../../db/database.ts'
import { onDatabase } from '../../db/database-timeout.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { type ActName, type Actor, auditOf } from '../../modules/audit/act.ts'
import { ownEvent } from '../../modules/events/store/announcer.ts'
import { type ChangeStateDeps, changeState, type PlannedChange } from '../../modules/events/store/change-state.ts'
import type { KeySet } from '../../modules/keys/key-set.ts'
import { type KeyRecord, keyRecord, versionRecord } from '../../modules/keys/record.ts'
import { type KeyRow, readKeys, readUses, type StoredKeys } from '../../modules/keys/store.ts'
import { newKeyId, newKeyToken } from '../../modules/keys/token.ts'
import type { AppendOnce, Random, ReplacedText } from '../../ports/index.ts'
import type { Key, KeyChanges, MadeKey, NewKey, Reroll } from './schema.ts'
import { auditedKey, stateOf, viewOf } from './view.ts'

export type KeysDeps = ChangeStateDeps & { random: Random; keys: Pick<KeySet, 'doubt'> }

/** Who changes keys. It can give away only what it has. */
export interface KeyActor extends Actor {
  holder: Principal
}

/** More would be read with each change of one of them. */
const maxInForce = 1000
const maxStored = 2000

interface KeyChange {
  turn: 'created' | 'updated' | 'rerolled' | 'revoked'
  act: ActName
  before: KeyRow | null
  after: KeyRecord
}

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
  const made = await change(
    deps,
    actor,
    async (stored): Promise<KeyChange> => {
      const inForce = stored.rows.filter((row) => stateOf(row.key, deps.clock.now()) === 'active')
      if (inForce.length >= maxInForce) throw new GatewayError('too_many_keys')
      return { turn: 'created', act: 'key.create', before: null, after: key }
    },
    once,
  )
  return madeKey(made, token, actor)
}

export async function updateKey(deps: KeysDeps, id: string, changes: KeyChanges, actor: KeyActor): Promise<Key> {
  requireFuture(deps, changes.expires_at)
  const { key, usedAt } = await change(deps, actor, async (stored) => {
    const before = inForce(stored, id)
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
  const made = await change(
    deps,
    actor,
    async (stored) => {
      const before = inForce(stored, id)
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
  const { key, usedAt } = await change(deps, actor, async (stored) => {
    const before = rowOf(stored, id)
    if (before.key.revokedAtMs !== null) return { turn: 'revoked', act: 'key.revoke', before, after: before.key }
    const end = { revokedAtMs: deps.clock.now(), revokedBy: actor.holder.name, previous: null }
    return { turn: 'revoked', act: 'key.revoke', before, after: { ...before.key, ...end } }
  })
  return viewOf(key, usedAt, deps.clock.now())
}

interface Made {
  key: KeyRecord
  usedAt: string | null
  /** An earlier request under the same Idempotency-Key made it. */
  repeated: boolean
  now: number
}

async function change(
  deps: KeysDeps,
  actor: KeyActor,
  decide: (stored: StoredKeys) => Promise<KeyChange>,
  once?: AppendOnce,
): Promise<Made> {
  let after: KeyRecord | undefined
  const decision = async (db: Db): Promise<PlannedChange<null> | null> => {
    const stored = await readKeys(db)
    const made = await decide(stored)
    after = made.after
    return made.before?.text === JSON.stringify(after) ? null : decisionOf(deps, stored, made, actor)
  }
  const changed = await changeState(deps, decision, once)
  deps.keys.doubt()
  const repeatedId = changed?.repeated ? String(changed.events[0]?.payload.key_id) : null
  return onDatabase(deps, async (db) => {
    const key = repeatedId === null && after ? after : rowOf(await readKeys(db), repeatedId ?? '').key
    const usedAt = (await readUses(db, [key.id])).get(key.id) ?? null
    return { key, usedAt, repeated: repeatedId !== null, now: deps.clock.now() }
  })
}

function decisionOf(
  { clock, random }: KeysDeps,
  { version, rows }: StoredKeys,
  { turn, act, before, after }: KeyChange,
  actor: KeyActor,
): PlannedChange<null> {
  const audit = auditOf(
    {
      ...{ act, target: `${after.name} (${after.id})`, outcome: 'done', error: null },
      before: before && auditedKey(before.key),
      after: auditedKey(after),
    },
    actor,
  )
  const record = { key: keyRecord(after.id), from: before?.text ?? null, to: JSON.stringify(after) }
  const nextVersion = { key: versionRecord, from: version, to: random.uuid() }
  const origin = { principal: actor.holder.name, correlationId: actor.correlationId }
  return {
    change: { records: [record, nextVersion, ...(before ? [] : forgotten(rows, clock.now()))], lines: [audit.line] },
    events: [ownEvent(keyTurned(turn, after, origin)), audit.event],
    result: null,
  }
}

/** Keys that are over make room for a new one, the oldest first. */
function forgotten(rows: readonly KeyRow[], now: number): ReplacedText[] {
  const surplus = rows.length + 1 - maxStored
  if (surplus <= 0) return []
  const over = rows.filter(({ key }) => stateOf(key, now) !== 'active')
  const oldest = over.toSorted((a, b) => endOf(a.key) - endOf(b.key)).slice(0, surplus)
  return oldest.map(({ key, text }) => ({ key: keyRecord(key.id), from: text, to: null }))
}

const endOf = ({ revokedAtMs, expiresAtMs }: KeyRecord) => revokedAtMs ?? expiresAtMs ?? Number.POSITIVE_INFINITY

function rowOf({ rows }: StoredKeys, id: string): KeyRow {
  const row = rows.find(({ key }) => key.id === id)
  if (!row) throw new GatewayError('key_not_found')
  return row
}

function inForce(stored: StoredKeys, id: string): KeyRow {
  const row = rowOf(stored, id)
  if (row.key.revokedAtMs !== null) throw new GatewayError('key_revoked')
  return row
}

/** Nobody gets through a key what its maker may not do. */
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
