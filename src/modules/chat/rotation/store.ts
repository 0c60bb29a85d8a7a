/** Keeps what was learned in `chat_providers_stats`, one row for a figure, and the order in `system_state`. */
import { and, desc, gte, lt, type SQL, sql } from 'drizzle-orm'
import * as v from 'valibot'
import type { Db } from '../../../db/database.ts'
import { parseRecord, readRecords, writeRecords } from '../../../db/records.ts'
import { systemState } from '../../../db/schema/madre.ts'
import { chatProvidersStats } from '../../../db/schema/switch.ts'
import { learnedEnd, learnedPrefix, oldestPrefix, type Tallies, type Tally } from './tally.ts'

const { provider, successCount, failCount, avgLatencyMs } = chatProvidersStats

/** The rows of this module; all others are counts of providers. */
export const isLearned = and(gte(provider, learnedPrefix), lt(provider, learnedEnd)) as SQL

const By = v.object({ by: v.nullable(v.string()), at: v.number() })

/** The order of the models, and what an operator decided about it. */
export const OrderRecord = v.object({
  order: v.array(v.string()),
  belowFloor: v.array(v.string()),
  pinned: v.nullable(v.object({ model: v.string(), ...By.entries })),
  frozen: v.nullable(By),
  /** When and why the order changed last; null while it is the contract's. */
  changed: v.nullable(v.object({ at: v.number(), reason: v.string() })),
})
export type OrderRecord = v.InferOutput<typeof OrderRecord>

const orderKey = 'gateway:chat:order'

export interface StoredOrder {
  /** As it is in the database; null before the first. */
  text: string | null
  record: OrderRecord | null
}

/** Adds up with what other instances write. */
export async function addTallies(db: Db, tallies: Tallies): Promise<void> {
  const [first, ...others] = [...tallies].map(([key, tally]) => addTally(db, key, tally))
  if (first) await db.batch([first, ...others])
}

function addTally(db: Db, key: string, { good, bad, mean }: Tally) {
  const [successes, average] = [sql`coalesce(${successCount}, 0)`, sql`coalesce(${avgLatencyMs}, 0)`]
  const sum = sql`(${successes} + ${good})`
  return db
    .insert(chatProvidersStats)
    .values({ provider: key, successCount: good, failCount: bad, avgLatencyMs: mean })
    .onConflictDoUpdate({
      target: provider,
      set: {
        successCount: sum,
        failCount: sql`coalesce(${failCount}, 0) + ${bad}`,
        avgLatencyMs: sql`case when ${sum} > 0 then (${average} * ${successes} + ${mean} * ${good}) / ${sum} else ${average} end`,
      },
    })
}

/** Far more than eighteen models have in a window. */
const maxRows = 10_000

export const forgetTallies = (db: Db, now: number) =>
  db.delete(chatProvidersStats).where(and(gte(provider, learnedPrefix), lt(provider, oldestPrefix(now))))

export async function readTallies(db: Db): Promise<Map<string, Tally>> {
  const rows = await db.select().from(chatProvidersStats).where(isLearned).orderBy(desc(provider)).limit(maxRows)
  return new Map(
    rows.map((row) => [
      row.provider ?? '',
      { good: row.successCount ?? 0, bad: row.failCount ?? 0, mean: row.avgLatencyMs ?? 0 },
    ]),
  )
}

export async function readOrder(db: Db): Promise<StoredOrder> {
  const text = (await readRecords(db, [orderKey])).get(orderKey)
  return { text: text ?? null, record: parseRecord(OrderRecord, text) }
}

/** False, and nothing is written, when the stored order is no longer `before`. */
export async function replaceOrder(db: Db, before: string | null, after: OrderRecord, now: number): Promise<boolean> {
  const { key, value } = systemState
  const unchanged = sql`(select ${value} from ${systemState} where ${key} = ${orderKey}) is ${before}`
  const written = await writeRecords(db, { [orderKey]: JSON.stringify(after) }, now, unchanged)
  return written.length > 0
}
