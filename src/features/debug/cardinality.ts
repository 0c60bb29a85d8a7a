/** Counts the events of the last minute by type, from the database: over all instances and across restarts. */
import { sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { parseMoment } from '../../lib/moment.ts'
import { storedMoment } from '../../lib/moment-forms.ts'
import type { Cardinality } from './schema.ts'

const windowMs = 60_000
/** Rows that are counted at most, in a few milliseconds; beyond, `window_seconds` shrinks. */
export const maxCountedEvents = 20_000
/** Types that are listed; callers can invent any number. */
export const maxTypes = 100

interface CountedType {
  type: string
  count: number
  first: string
}

export async function countTypes(database: Database, now: number): Promise<Cardinality> {
  const since = storedMoment(now - windowMs)
  const rows = await database.open().all<CountedType>(sql`
    select event_type as type, count(*) as count, min(created_at) as first
    from (select event_type, created_at from events order by id desc limit ${maxCountedEvents})
    where created_at >= ${since} group by event_type order by count desc, event_type`)
  const total = sum(rows)
  const windowSeconds = total < maxCountedEvents ? windowMs / 1000 : secondsSince(rows, now)
  const named = rows.slice(0, maxTypes)
  const others = rows.slice(maxTypes)
  return {
    status: 'ok',
    timestamp: now,
    window_seconds: windowSeconds,
    events: Object.fromEntries(
      named.map(({ type, count }) => [type, { count, rate_per_min: perMinute(count, windowSeconds) }]),
    ),
    total_events: total,
    other_types: { types: others.length, count: sum(others) },
  }
}

const sum = (rows: readonly CountedType[]) => rows.reduce((total, { count }) => total + count, 0)

const secondsSince = (rows: readonly CountedType[], now: number) => {
  const first = Math.min(...rows.map((row) => parseMoment(row.first) ?? now))
  return round2((now - first) / 1000)
}

/** Over a second at least, as v7 has it. */
const perMinute = (count: number, seconds: number) => round2((count / Math.max(seconds, 1)) * 60)

const round2 = (value: number) => Math.round(value * 100) / 100
