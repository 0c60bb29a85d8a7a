/** Audit runs as the consoles list them, one in full, and one as an archive with its evidence (contract P8 to P11). */

import { onDatabase, orDegraded } from '../../db/database-timeout.ts'
import { readPlan } from '../../db/patch-plan.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { keyCursor } from '../../lib/list-cursor.ts'
import { zonedMoment } from '../../lib/moment.ts'
import type { Deps } from '../../ports/index.ts'
import { type PackDeps, packAudit, readPaths } from './pack.ts'
import type { AuditDetail, AuditRun, AuditRuns, AuditRunsQuery } from './schema.ts'
import { findAudit, type StoredAudit, type StoredRun, selectAuditRuns } from './store.ts'
import { zipStream } from './zip.ts'

export type AuditDeps = PackDeps & Pick<Deps, 'config' | 'database' | 'log'>

export async function listRuns(deps: AuditDeps, query: AuditRunsQuery, correlationId: string): Promise<AuditRuns> {
  const reading = onDatabase(deps, async (db) => {
    const { runs: found, total } = await selectAuditRuns(db, { ...query, limit: query.limit + 1 })
    const runs = found.slice(0, query.limit)
    const last = found.length > query.limit ? runs.at(-1) : undefined
    const next = last ? keyCursor(last.runTs ?? '', last.id) : null
    return { runs: runs.map(describeRun), total, has_more: last !== undefined, next }
  })
  const nothing = { runs: [], total: 0, has_more: false, next: null }
  return { degraded: false, ...(await orDegraded(reading, nothing)), correlation_id: correlationId }
}

function describeRun(row: StoredRun): AuditRun {
  const { findings, ...run } = describe(row)
  const p0_count = findings === null ? null : findings.filter(isP0).length
  return { ...run, id: row.id, run_id: row.id, p0_count }
}

const isP0 = (finding: unknown): boolean => {
  if (typeof finding !== 'object' || finding === null) return false
  const { severity, priority } = finding as Record<string, unknown>
  return [severity, priority].some((word) => typeof word === 'string' && word.toUpperCase() === 'P0')
}

/** The fields shared by list and detail, and the findings; null where the plan is unknown. */
function describe(row: StoredRun) {
  const { plan, reason } = readPlan(row)
  const at = zonedMoment(row.runTs)
  return {
    audit_id: row.id,
    run_ts: at,
    timestamp: at,
    status: row.status,
    correlation_id: row.correlationId,
    summary: typeof plan?.summary === 'string' ? plan.summary : null,
    reason,
    findings: reason === null ? listOf(plan?.findings) : null,
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export async function readAudit(deps: AuditDeps, id: string): Promise<AuditDetail> {
  const row = await find(deps, id)
  return {
    ...describe(row),
    artifacts: readPaths(row.evidence),
    applied_at: zonedMoment(row.appliedAt),
    applied_by: row.appliedBy,
  }
}

/** The archive is built while it is read. */
export async function downloadAudit(deps: AuditDeps, id: string): Promise<ReadableStream<Uint8Array>> {
  const row = await find(deps, id)
  const { plan, reason } = readPlan(row)
  const audit = {
    audit_id: row.id,
    run_ts: zonedMoment(row.runTs),
    status: row.status,
    applied_at: zonedMoment(row.appliedAt),
    applied_by: row.appliedBy,
    correlation_id: row.correlationId,
    // An unreadable plan is passed on as text.
    patch_plan: reason === 'plan_unreadable' ? row.plan : plan,
    reason,
    evidence_paths: readPaths(row.evidence) ?? row.evidence,
  }
  return zipStream(packAudit(deps, audit, row.evidence), deps.clock.now())
}

async function find(deps: AuditDeps, id: string): Promise<StoredAudit> {
  const row = await onDatabase(deps, (db) => findAudit(db, id))
  if (!row) throw new GatewayError('audit_not_found')
  return row
}

/** The archive's file name, safe for file systems and headers. */
export const archiveName = (id: string): string => `audit_${id.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100)}.zip`
