/** What the key routes take and give. */
import * as v from 'valibot'
import { parseEnd } from '../../config/named-tokens.ts'
import { scopes } from '../../config/principal.ts'
import { KeyCursor, Next } from '../../lib/list-cursor.ts'
import { QueryInteger } from '../../lib/query-integer.ts'
import { limitNames } from '../../modules/keys/record.ts'

/** One line without characters that hide others. */
const line = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1),
    v.maxLength(maxLength),
    v.check(
      (text) => text.isWellFormed() && !hidden.test(text),
      'No control characters, and none that turn or hide text',
    ),
  )
const hidden = /[\p{Cc}\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u

const KeyName = line(64)
const Note = line(500)
const Scopes = v.pipe(
  v.array(v.picklist(scopes)),
  v.minLength(1),
  v.maxLength(scopes.length),
  v.transform((wanted) => scopes.filter((scope) => wanted.includes(scope))),
)
const PerMinute = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)))
const Limits = v.strictObject({ user: PerMinute, protected: PerMinute, chat: PerMinute, chat_principal: PerMinute })
const endWords = 'Expected an ISO date, an ISO time with its zone, or whole epoch seconds'
const Expiry = v.pipe(
  v.union([v.string(), v.number()], endWords),
  v.transform((end) => parseEnd(end)),
  v.number(endWords),
)

/** Misspelt members are refused: a forgotten `expires_at` would make a key without an end. */
export const NewKey = v.strictObject({
  name: KeyName,
  scopes: Scopes,
  /** Requests per minute by class, in the place of the configured ones. */
  limits: v.nullish(Limits),
  expires_at: v.nullish(Expiry),
  note: v.nullish(Note),
})
export type NewKey = v.InferOutput<typeof NewKey>

/** Absent members stay as they are; null takes limits, expiry or note away. */
export const KeyChanges = v.strictObject({
  name: v.optional(KeyName),
  scopes: v.optional(Scopes),
  limits: v.nullish(Limits),
  expires_at: v.nullish(Expiry),
  note: v.nullish(Note),
})
export type KeyChanges = v.InferOutput<typeof KeyChanges>

const maxOverlapS = 604_800

export const Reroll = v.strictObject({
  /** How long the key before is accepted as well. */
  overlap_seconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxOverlapS)), 0),
})
export type Reroll = v.InferOutput<typeof Reroll>

export const KeyHeaders = v.object({
  'Idempotency-Key': v.optional(
    v.pipe(v.string(), v.description('The same request again changes nothing more; the key itself is shown once')),
  ),
})

const states = ['active', 'expired', 'revoked'] as const

export const KeysQuery = v.object({
  state: v.optional(v.picklist(states)),
  limit: v.optional(QueryInteger(1, 200), '50'),
  cursor: v.optional(KeyCursor),
})
export type KeysQuery = v.InferOutput<typeof KeysQuery>

const Moment = v.nullable(v.string())

export const Key = v.object({
  id: v.string(),
  name: v.string(),
  /** With it every text of this key begins. */
  prefix: v.string(),
  state: v.picklist(states),
  /** Its name in logs, limits, audit and chat sessions. */
  principal: v.string(),
  scopes: v.array(v.picklist(scopes)),
  limits: v.nullable(v.record(v.picklist(limitNames), v.number())),
  expires_at: Moment,
  note: v.nullable(v.string()),
  created_at: v.string(),
  created_by: v.string(),
  /** To the minute; null where it was never used. */
  last_used_at: Moment,
  rerolled_at: Moment,
  /** Until then the key before the last reroll is accepted, too. */
  overlap_until: Moment,
  revoked_at: Moment,
  revoked_by: v.nullable(v.string()),
})
export type Key = v.InferOutput<typeof Key>

export const MadeKey = v.object({
  ...Key.entries,
  /** The key itself, this once; null where the same request was answered before. */
  key: v.nullable(v.string()),
  correlation_id: v.string(),
})
export type MadeKey = v.InferOutput<typeof MadeKey>

export const KeyList = v.object({
  /** The newest first. */
  keys: v.array(Key),
  total: v.number(),
  next: Next,
  correlation_id: v.string(),
})
export type KeyList = v.InferOutput<typeof KeyList>
