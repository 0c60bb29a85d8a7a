/** One change of a key, with its audit and event in one transaction, decided on what is stored at that moment. */
import { keyTurned } from '../../announcements.ts'
import type { Principal } from '../../config/principal.ts'
import type { Db } from '../../db/database.ts'
import { onDatabase } from '../../db/database-timeout.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { type ActName, type Actor, auditOf } from '../../modules/audit/act.ts'
import { ownEvent } from '../../modules/events/store/announcer.ts'
import { type ChangeStateDeps, changeState, type PlannedChange } from '../../modules/events/store/change-state.ts'
import type { KeySet } from '../../modules/keys/key-set.ts'
import { noticeOf } from '../../modules/keys/notice.ts'
import { type KeyRecord, keyRecord, versionRecord } from '../../modules/keys/record.ts'
import { type KeyRow, readKeys, readUses, type StoredKeys } from '../../modules/keys/store.ts'
import type { AppendOnce, Random, ReplacedText } from '../../ports/index.ts'
import { auditedKey, stateOf } from './view.ts'

export type KeysDeps = ChangeStateDeps & { random: Random; keys: Pick<KeySet, 'doubt'> }

/** Who changes keys. It can give away only what it has. */
export interface KeyActor extends Actor {
  holder: Principal
}

/** With those that are over, which are listed, too. */
const maxStored = 2000

export interface KeyChange {
  turn: 'created' | 'updated' | 'rerolled' | 'revoked'
  act: ActName
  before: KeyRow | null
  after: KeyRecord
}

export interface Made {
  key: KeyRecord
  usedAt: string | null
  /** An earlier request under the same Idempotency-Key made it. */
  repeated: boolean
  now: number
}

export async function changeKey(
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
    change: {
      records: [record, nextVersion, ...(before ? [] : forgotten(rows, clock.now()))],
      lines: [audit.line],
      ...(before && { keys: [noticeOf(after)] }),
    },
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

export function rowOf({ rows }: StoredKeys, id: string): KeyRow {
  const row = rows.find(({ key }) => key.id === id)
  if (!row) throw new GatewayError('key_not_found')
  return row
}
