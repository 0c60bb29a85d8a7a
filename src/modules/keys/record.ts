/** A key as it is stored: one JSON text in `system_state` under `gateway:key:<id>`. The key itself is not in it. */
import * as v from 'valibot'
import { scopes } from '../../config/principal.ts'
import { parseRecord } from '../../db/records.ts'

/** The limits that a key may have of its own. */
export const limitNames = ['user', 'protected', 'chat', 'chat_principal'] as const

const Hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const Moment = v.number()

/** Requests per minute by class. */
export const KeyLimits = v.record(v.picklist(limitNames), v.number())

export const KeyRecord = v.object({
  id: v.string(),
  name: v.string(),
  sha256: Hash,
  scopes: v.array(v.picklist(scopes)),
  limits: KeyLimits,
  expiresAtMs: v.nullable(Moment),
  note: v.nullable(v.string()),
  createdAtMs: Moment,
  createdBy: v.string(),
  /** The last reroll's: the key before is accepted until then. */
  rerolledAtMs: v.nullable(Moment),
  previous: v.nullable(v.object({ sha256: Hash, untilMs: Moment })),
  revokedAtMs: v.nullable(Moment),
  revokedBy: v.nullable(v.string()),
})
export type KeyRecord = v.InferOutput<typeof KeyRecord>

export const parseKey = (text: string | undefined): KeyRecord | null => parseRecord(KeyRecord, text)

export const keyRecord = (id: string): string => `gateway:key:${id}`
/** Changes with every change of a key. */
export const versionRecord = 'gateway:keys'
/** Its `updated_at` is the key's last use; apart, so that use is no change. */
export const useRecord = (id: string): string => `gateway:key_use:${id}`

/** Names of configured principals have no colon, so no key can take one's place. */
const principalMark = 'key:'
export const principalOf = (id: string): string => `${principalMark}${id}`
export const idOfPrincipal = (name: string): string | null =>
  name.startsWith(principalMark) ? name.slice(principalMark.length) : null
