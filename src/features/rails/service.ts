/** The rules that patches must respect, and the lanes that they pass (contract P12 to P14). */

import { onDatabase, orDegraded } from '../../db/database-timeout.ts'
import { readPlan } from '../../db/patch-plan.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { parseJson } from '../../lib/json-text.ts'
import { keyCursor } from '../../lib/list-cursor.ts'
import { zonedMoment } from '../../lib/moment.ts'
import type { Deps } from '../../ports/index.ts'
import type { LaneStatus, Lanes, Rails, RailsQuery } from './schema.ts'
import * as store from './store.ts'

export type RailsDeps = Pick<Deps, 'clock' | 'config' | 'database' | 'log'>

export async function readRails(deps: RailsDeps, query: RailsQuery, correlationId: string): Promise<Rails> {
  const { limit } = query
  const reading = onDatabase(deps, async (db) => {
    const found = await store.selectRails(db, { ...query, limit: limit + 1 })
    const rows = found.slice(0, limit)
    const last = found.length > limit ? rows.at(-1) : undefined
    return { rails: rows.map(describeRail), count: rows.length, next: last ? keyCursor('', last.railId) : null }
  })
  const state = { degraded: false, correlation_id: correlationId }
  return { ...state, ...(await orDegraded(reading, { rails: [], count: 0, next: null })) }
}

function describeRail(row: Awaited<ReturnType<typeof store.selectRails>>[number]): Rails['rails'][number] {
  return {
    rail_id: row.railId,
    name: row.name,
    description: row.description,
    rule_type: row.ruleType,
    severity_on_violation: row.severityOnViolation,
    active: 1,
    created_at: zonedMoment(row.createdAt),
  }
}

export async function readLanes(deps: RailsDeps, query: RailsQuery, correlationId: string): Promise<Lanes> {
  const { limit } = query
  const reading = onDatabase(deps, async (db) => {
    const found = await store.selectLanes(db, { ...query, limit: limit + 1 })
    const rows = found.slice(0, limit)
    const last = found.length > limit ? rows.at(-1) : undefined
    const next = last ? keyCursor(last.stage ?? '', last.laneId) : null
    return { lanes: rows.map(describeLane), count: rows.length, next }
  })
  const state = { degraded: false, correlation_id: correlationId }
  return { ...state, ...(await orDegraded(reading, { lanes: [], count: 0, next: null })) }
}

function describeLane(row: Awaited<ReturnType<typeof store.selectLanes>>[number]): Lanes['lanes'][number] {
  const checks = parseJson(row.checksJson ?? '[]')
  return {
    lane_id: row.laneId,
    name: row.name,
    description: row.description,
    stage: row.stage,
    created_at: zonedMoment(row.createdAt),
    checks: Array.isArray(checks) ? checks : null,
  }
}

export async function readLane(deps: RailsDeps, laneId: string): Promise<LaneStatus> {
  const { lane, audits } = await onDatabase(deps, (db) => store.selectLane(db, laneId))
  if (!lane) throw new GatewayError('lane_not_found')
  const audit_findings = audits.map((audit) => {
    const { plan: patch_plan, reason } = readPlan(audit)
    const { auditId: audit_id, correlationId: correlation_id, status } = audit
    return { audit_id, correlation_id, status, run_ts: zonedMoment(audit.runTs), patch_plan, reason }
  })
  return { ...describeLane(lane), status: 'ok', audit_findings }
}
