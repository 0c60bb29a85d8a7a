/** Spawns and daughters as the spawner keeps them; the gateway only reads. */
import { and, count, desc, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '../../db/database.ts'
import { daughters, spawns } from '../../db/schema/spawner.ts'
import type { AgentsQuery, SpawnRunsQuery } from './schema.ts'

/** Enough of an output for a line. */
const preview = (column: typeof spawns.stdout | typeof spawns.stderr) => sql<string | null>`substr(${column}, 1, 640)`

export async function selectRuns(db: Db, { limit, offset, cursor }: SpawnRunsQuery) {
  const { id, uuid, name, cmd, status, startedAt, endedAt, exitCode, parentTaskId, createdAt } = spawns
  const [runs, [counted]] = await db.batch([
    db
      .select({
        ...{ id, uuid, name, cmd, status, startedAt, endedAt, exitCode, parentTaskId, createdAt },
        ...{ stdout: preview(spawns.stdout), stderr: preview(spawns.stderr) },
      })
      .from(spawns)
      .where(cursor === undefined ? undefined : lt(id, cursor))
      .orderBy(desc(id))
      .limit(limit)
      .offset(offset),
    db.select({ total: count() }).from(spawns),
  ])
  return { runs, total: counted?.total ?? 0 }
}

export const countRuns = (db: Db) =>
  db.select({ status: spawns.status, runs: count() }).from(spawns).groupBy(spawns.status)

const alive = ['spawned', 'running', 'restarting', 'mutated']
/** The daughters that have not ended, newest first, and how many there are. */
export async function selectAgents(db: Db, { limit, cursor }: AgentsQuery) {
  const living = inArray(daughters.status, alive)
  const page = cursor === undefined ? undefined : lt(daughters.id, cursor)
  const [agents, [counted]] = await db.batch([
    db.select().from(daughters).where(and(living, page)).orderBy(desc(daughters.id)).limit(limit),
    db.select({ total: count() }).from(daughters).where(living),
  ])
  return { agents, total: counted?.total ?? 0 }
}
