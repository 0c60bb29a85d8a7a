/** Rails and lanes as manifestator keeps them, and the audits of a lane. */
import { and, desc, eq, gt, sql } from 'drizzle-orm'
import { afterKey } from '../../db/after-key.ts'
import type { Db } from '../../db/database.ts'
import { planColumns } from '../../db/patch-plan.ts'
import { manifestatorAudit, manifestatorLanes, manifestatorRails } from '../../db/schema/manifestator.ts'
import type { RailsQuery } from './schema.ts'

const maxFindings = 20
const maxPlanLength = 65_536

/** Those in force, without their definitions. */
export function selectRails(db: Db, { limit, cursor }: RailsQuery) {
  const { railId, name, description, ruleType, severityOnViolation, createdAt } = manifestatorRails
  return db
    .select({ railId, name, description, ruleType, severityOnViolation, createdAt })
    .from(manifestatorRails)
    .where(and(eq(manifestatorRails.active, true), cursor && gt(railId, cursor[1])))
    .orderBy(railId)
    .limit(limit)
}

/** In v7's order: by the name of the stage, backwards. */
export function selectLanes(db: Db, { limit, cursor }: RailsQuery) {
  const { stage: column, laneId: id } = manifestatorLanes
  const query = db.select().from(manifestatorLanes)
  return query
    .where(cursor && afterKey({ column, id }, cursor))
    .orderBy(desc(column), id)
    .limit(limit)
}

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
