/** Reads the tables of the database summary, at most a few thousand rows of each. */
import { desc } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { spawns } from '../../db/schema/spawner.ts'
import { routingEvents } from '../../db/schema/switch.ts'
import { shortCounts } from '../../db/short-counts.ts'

export const summarizedTables = [
  'spawns',
  'tasks',
  'routing_events',
  'cli_providers',
  'cli_usage_stats',
  'daughters',
  'daughter_tasks',
  'daughter_attempts',
] as const
export type SummarizedTable = (typeof summarizedTables)[number]

/** Counting further would keep others waiting. */
export const maxCount = 5000
const newest = 5

/** Counts above `maxCount` are null. Rejects with the store's error. */
export async function readSummary(database: Database) {
  const db = database.open()
  const [counts, lastSpawns, lastRoutingEvents] = await Promise.all([
    shortCounts(db, summarizedTables, maxCount),
    db
      .select({ uuid: spawns.uuid, status: spawns.status, created_at: spawns.createdAt })
      .from(spawns)
      .orderBy(desc(spawns.id))
      .limit(newest),
    db
      .select({
        trace_id: routingEvents.traceId,
        route_type: routingEvents.routeType,
        provider_id: routingEvents.providerId,
        score: routingEvents.score,
        created_at: routingEvents.timestamp,
      })
      .from(routingEvents)
      .orderBy(desc(routingEvents.id))
      .limit(newest),
  ])
  const exact = summarizedTables.map((table) => [table, counts[table] > maxCount ? null : counts[table]] as const)
  return { counts: Object.fromEntries(exact) as Record<SummarizedTable, number | null>, lastSpawns, lastRoutingEvents }
}
