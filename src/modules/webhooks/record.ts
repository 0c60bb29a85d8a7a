/** How far a destination is: one JSON text in `system_state` under `gateway:webhook:<name>`, written by who holds its lease. */
import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import type { Db } from '../../db/database.ts'
import { parseRecord, readRecords, writeRecords } from '../../db/records.ts'

const Severity = v.picklist(['info', 'warn', 'crit'])

const Told = v.object({
  eventId: v.string(),
  type: v.string(),
  at: v.number(),
  severity: Severity,
  summary: v.string(),
  correlationId: v.nullable(v.string()),
})

/** Events that make one message. From its first try on it stays as it is, so that a repeat is the same message. */
const Group = v.object({
  kind: v.string(),
  subject: v.string(),
  /** What the last event is. */
  role: v.picklist(['problem', 'recovery', 'notice']),
  /** Stream and event id of the first event; the latter is the message's own id. */
  firstId: v.number(),
  id: v.string(),
  firstAt: v.number(),
  /** When the problem began that this ends; null where it began with this group, or is none. */
  since: v.nullable(v.number()),
  severity: Severity,
  count: v.number(),
  /** The newest ones. */
  events: v.array(Told),
  dueAt: v.number(),
  /** Tries so far. */
  attempts: v.number(),
})
export type Group = v.InferOutput<typeof Group>

export const WebhookRecord = v.object({
  /** Events up to this stream id are in a group, delivered or not wanted. */
  position: v.number(),
  /** In order. */
  groups: v.array(Group),
  /** When the last message about a subject was delivered, by `kind subject`. */
  told: v.record(v.string(), v.number()),
  /** When problems began whose end was not seen yet, by the same key. */
  open: v.record(v.string(), v.number()),
  lease: v.nullable(v.object({ holder: v.string(), until: v.number() })),
  /** Digest of address and keys: others are tried at once. */
  target: v.string(),
  /** Tries in a row without a delivery, and how many of the last ones were refusals. */
  failures: v.number(),
  refusals: v.number(),
  nextTryAt: v.number(),
  lastDelivery: v.nullable(v.object({ at: v.number(), id: v.string(), type: v.string(), status: v.number() })),
  lastError: v.nullable(v.object({ at: v.number(), id: v.string(), reason: v.string() })),
  delivered: v.number(),
  givenUp: v.number(),
  savedAt: v.number(),
})
export type WebhookRecord = v.InferOutput<typeof WebhookRecord>

export const newRecord = (position: number, target: string, now: number): WebhookRecord => ({
  ...{ position, target, groups: [], told: {}, open: {}, lease: null },
  ...{ failures: 0, refusals: 0, nextTryAt: 0, lastDelivery: null, lastError: null, delivered: 0, givenUp: 0 },
  savedAt: now,
})

const keyOf = (name: string) => `gateway:webhook:${name}`

export interface StoredWebhook {
  record: WebhookRecord | null
  /** As it is stored. */
  text: string | null
}

export async function readWebhookRecords(db: Db, names: readonly string[]): Promise<Map<string, StoredWebhook>> {
  const texts = await readRecords(db, names.map(keyOf))
  return new Map(
    names.map((name) => {
      const text = texts.get(keyOf(name))
      return [name, { record: parseRecord(WebhookRecord, text), text: text ?? null }]
    }),
  )
}

/** Null when another instance has written since `from` was read. */
export async function replaceRecord(
  db: Db,
  name: string,
  from: StoredWebhook,
  record: WebhookRecord,
): Promise<StoredWebhook | null> {
  const text = JSON.stringify(record)
  const isAsRead = sql`(select value from system_state where key = ${keyOf(name)}) is ${from.text}`
  const written = await writeRecords(db, { [keyOf(name)]: text }, record.savedAt, isAsRead)
  return written.length === 1 ? { record, text } : null
}
