/** Records intents, and finds spawns by name, uuid or start of the uuid; `%` is no wildcard (contract Q-11). */
import { and, eq, gte, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../../db/database.ts'
import { spawns } from '../../db/schema/spawner.ts'
import { routingEvents } from '../../db/schema/switch.ts'
import { storedMoment } from '../../lib/moment-forms.ts'

const maxOutputLength = 262_144
const prefixed = /^spawn-([0-9a-f][0-9a-f-]{7,35})$/

/** At most two: the second says that the id is ambiguous. A name that fits wholly goes before a beginning. */
export async function findSpawns(db: Db, id: string) {
  const { uuid, name, status, exitCode, createdAt, startedAt, endedAt } = spawns
  const select = () =>
    db.select({
      ...{ uuid, name, status, exitCode, createdAt, startedAt, endedAt },
      stdout: sql<string | null>`substr(${spawns.stdout}, 1, ${maxOutputLength})`,
      stderr: sql<string | null>`substr(${spawns.stderr}, 1, ${maxOutputLength})`,
    })
  const exact = await select()
    .from(spawns)
    .where(or(eq(name, id), eq(uuid, id)))
    .limit(2)
  const start = prefixed.exec(id)?.[1]
  if (exact.length > 0 || start === undefined) return exact
  // What begins like it lies between it and the same with the last letter of all.
  return select()
    .from(spawns)
    .where(and(gte(uuid, start), lt(uuid, `${start}g`)))
    .limit(2)
}

/** In the table of the timelines, so that the intent is also part of the timeline of its correlation id. */
export async function recordIntent(db: Db, id: string, now: number): Promise<void> {
  await db.insert(routingEvents).values({
    ...{ timestamp: storedMoment(now), traceId: id, routeType: intentRoute, providerId: 'madre', score: null },
    reasoningShort: 'POST /vx11/intent',
  })
}

export async function knowsIntent(db: Db, id: string): Promise<boolean> {
  const { id: row, traceId, routeType } = routingEvents
  const known = and(eq(traceId, id), eq(routeType, intentRoute))
  return (await db.select({ row }).from(routingEvents).where(known).limit(1)).length > 0
}

const intentRoute = 'intent'
