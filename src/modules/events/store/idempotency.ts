/**
 * Keeps the result of each Idempotency-Key for 24 hours in `operator_jobs`, the table of VX11's schema that stores a
 * request and its result under a unique key.
 */
import { and, eq, gt, inArray, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { insertSelect } from '../../../db/insert-select.ts'
import { operatorJobs } from '../../../db/schema/operator.ts'
import { storedMoment } from '../../../lib/moment-forms.ts'
import type { Deps } from '../../../ports/index.ts'
import type { KeyResult } from './commit.ts'

/** The result of a key: `count` events from `first` on. */
export interface StoredKey {
  key: string
  request: string | null
  first: number
  count: number
}

const intent = 'gateway:append'
const keyLifeMs = 24 * 3_600_000

/** The keys among these that are already used. */
export const selectTaken = (db: Db, keys: readonly KeyResult[], at: number) =>
  db
    .select({
      key: sql<string>`job_id`.as('key'),
      request: sql<string | null>`payload`.as('request'),
      first: sql<number>`result->>'first'`.as('first'),
      count: sql<number>`result->>'count'`.as('count'),
    })
    .from(operatorJobs)
    .where(
      and(
        inArray(operatorJobs.jobId, sql`(select value from json_each(${JSON.stringify(keys.map(({ key }) => key))}))`),
        eq(operatorJobs.intent, intent),
        gt(operatorJobs.createdAt, storedMoment(at - keyLifeMs)),
        lte(operatorJobs.createdAt, storedMoment(at + keyLifeMs)),
      ),
    )

/** Overwrites an expired key that was not deleted yet. */
export function insertKeys(db: Db, keys: readonly KeyResult[], at: number, condition: SQL) {
  const now = storedMoment(at)
  const rows = keys.map(({ key, request, first, count }) => [key, request, JSON.stringify({ first, count })])
  const [key, request, result] = [0, 1, 2].map((at) => sql.raw(`value->>${at}`))
  return insertSelect(
    db,
    operatorJobs,
    { id: null, jobId: key, intent, status: 'done', payload: request, result, createdAt: now, updatedAt: now },
    sql`from json_each(${JSON.stringify(rows)}) where ${condition}`,
  ).onConflictDoUpdate({
    target: operatorJobs.jobId,
    set: { payload: sql`excluded.payload`, result: sql`excluded.result`, createdAt: now, updatedAt: now },
  })
}

/** Rows per statement, oldest first. The table has no index on time, but ids grow with it. */
const sweepSize = 1000
const maxSweeps = 20

/** Expired, or dated by a clock that was far ahead: such a key would stay for years. */
const isOver = (now: number) =>
  or(
    lte(operatorJobs.createdAt, storedMoment(now - keyLifeMs)),
    gt(operatorJobs.createdAt, storedMoment(now + keyLifeMs)),
  )

/** Deletes expired keys. Never rejects. */
export async function forgetKeys({ database, clock, log }: Pick<Deps, 'database' | 'clock' | 'log'>): Promise<void> {
  try {
    const db = database.open()
    for (let sweep = 0; sweep < maxSweeps; sweep++) if ((await sweepKeys(db, clock.now())) < sweepSize) return
  } catch {
    log.warn('idempotency_keys_not_forgotten')
  }
}

async function sweepKeys(db: Db, now: number): Promise<number> {
  const oldest = db
    .select({ id: operatorJobs.id })
    .from(operatorJobs)
    .where(eq(operatorJobs.intent, intent))
    .orderBy(operatorJobs.id)
    .limit(sweepSize)
  const forgotten = await db
    .delete(operatorJobs)
    .where(and(inArray(operatorJobs.id, oldest), isOver(now)))
    .returning({ id: operatorJobs.id })
  return forgotten.length
}
