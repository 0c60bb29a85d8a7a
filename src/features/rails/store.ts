/** Rails and lanes as manifestator keeps them, and the audits of a lane. */
import { desc, eq, sql } from 'drizzle-orm'
import type { Db } from '../../db/database.ts'
import { planColumns } from '../../db/patch-plan.ts'
import { manifestatorAudit, manifestatorLanes, manifestatorRails } from '../../db/schema/manifestator.ts'

const maxRows = 500
const maxFindings = 20
const maxPlanLength = 65_536

/** Those in force, without their definitions. */
export function selectRails(db: Db) {
  const { railId, name, description, ruleType, severityOnViolation, createdAt } = manifestatorRails
  return db
    .select({ railId, name, description, ruleType, severityOnViolation, createdAt })
    .from(manifestatorRails)
    .where(eq(manifestatorRails.active, true))
    .orderBy(railId)
    .limit(maxRows)
}

/** In v7's order: by the name of the stage, backwards. */
export const selectLanes = (db: Db) =>
  db.select().from(manifestatorLanes).orderBy(desc(manifestatorLanes.stage), manifestatorLanes.laneId).limit(maxRows)

/** The lane, and the newest audits whose correlation id names it. */
export async function selectLane(db: Db, laneId: string) {
  const { auditId, correlationId, status, runTs } = manifestatorAudit
  const [[lane], audits] = await db.batch([
    db.select().from(manifestatorLanes).where(eq(manifestatorLanes.laneId, laneId)),
    db
      .select({ auditId, correlationId, status, runTs, ...planColumns(maxPlanLength) })
      .from(manifestatorAudit)
      .where(sql`instr(${correlationId}, ${laneId}) > 0`)
      .orderBy(desc(runTs), auditId)
      .limit(maxFindings),
  ])
  return { lane, audits }
}
