/** Spawns and daughters as the spawner keeps them; the gateway only reads. */
import { count, desc, inArray, sql } from 'drizzle-orm'
import type { Db } from '../../db/database.ts'
import { daughters, spawns } from '../../db/schema/spawner.ts'

/** Enough of an output for a line. */
const preview = (column: typeof spawns.stdout | typeof spawns.stderr) => sql<string | null>`substr(${column}, 1, 640)`

export async function selectRuns(db: Db, limit: number, offset: number) {
  const { id, uuid, name, cmd, status, startedAt, endedAt, exitCode, parentTaskId, createdAt } = spawns
  const [runs, [counted]] = await db.batch([
    db
      .select({
        ...{ id, uuid, name, cmd, status, startedAt, endedAt, exitCode, parentTaskId, createdAt },
        ...{ stdout: preview(spawns.stdout), stderr: preview(spawns.stderr) },
      })
      .from(spawns)
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
const maxAgents = 200

/** The daughters that have not ended. */
export const selectAgents = (db: Db) =>
  db.select().from(daughters).where(inArray(daughters.status, alive)).orderBy(desc(daughters.id)).limit(maxAgents)
