/** Audit runs in `manifestator_audit`, which the gateway only reads. */
import { and, count, desc, eq } from 'drizzle-orm'
import { afterKey } from '../../db/after-key.ts'
import type { Db } from '../../db/database.ts'
import { planColumns, type StoredPlan } from '../../db/patch-plan.ts'
import { manifestatorAudit } from '../../db/schema/manifestator.ts'

export interface StoredRun extends StoredPlan {
  id: string
  runTs: string | null
  status: string | null
  correlationId: string | null
}

export interface StoredAudit extends StoredRun {
  appliedAt: string | null
  appliedBy: string | null
  /** A JSON list of paths. */
  evidence: string | null
}

/** Bounds the memory of a page of a hundred plans. */
const listedPlan = 65_536
const wholePlan = 4_194_304

const runColumns = {
  id: manifestatorAudit.auditId,
  runTs: manifestatorAudit.runTs,
  status: manifestatorAudit.status,
  correlationId: manifestatorAudit.correlationId,
}

export interface RunFilter {
  status?: string | undefined
  limit: number
  offset: number
  /** Run time and id of the run after which the page begins. */
  cursor?: readonly [string, string] | undefined
}

/** Newest first. */
export async function selectAuditRuns(
  db: Db,
  { status, limit, offset, cursor }: RunFilter,
): Promise<{ runs: StoredRun[]; total: number }> {
  const filter = status === undefined ? undefined : eq(manifestatorAudit.status, status)
  const { runTs: column, auditId: id } = manifestatorAudit
  const page = cursor && afterKey({ column, id }, cursor)
  const [runs, [counted]] = await db.batch([
    db
      .select({ ...runColumns, ...planColumns(listedPlan) })
      .from(manifestatorAudit)
      .where(and(filter, page))
      .orderBy(desc(manifestatorAudit.runTs), manifestatorAudit.auditId)
      .limit(limit)
      .offset(offset),
    db.select({ total: count() }).from(manifestatorAudit).where(filter),
  ])
  return { runs, total: counted?.total ?? 0 }
}

export async function findAudit(db: Db, id: string): Promise<StoredAudit | undefined> {
  const { appliedAt, appliedBy, evidencePathsJson: evidence } = manifestatorAudit
  const [row] = await db
    .select({ ...runColumns, appliedAt, appliedBy, evidence, ...planColumns(wholePlan) })
    .from(manifestatorAudit)
    .where(eq(manifestatorAudit.auditId, id))
  return row
}
