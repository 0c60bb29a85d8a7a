/** Adds up what is measured elsewhere: percentages of named checks, and the figures of the database. */

import { isoMoment } from '../../../lib/moment-forms.ts'
import {
  type DatabaseHealth,
  integrityOf,
  type ReadDatabaseHealth,
} from '../../../modules/database-health/database-health.ts'
import { totalRows } from '../../../modules/database-health/row-counts.ts'
import { overHours } from '../../../modules/health-history/health-history.ts'
import type { Deps } from '../../../ports/index.ts'
import type { GateRun, Gates } from '../gates/service.ts'
import type { RuntimeTruth } from '../service.ts'
import { truthSummary } from '../view.ts'
import { metricChecks } from './checks.ts'
import { type Check, type Scorecard, type ScoreName, scoreNames } from './schema.ts'

export interface ScorecardDeps extends Pick<Deps, 'clock' | 'reports'> {
  truth: Pick<RuntimeTruth, 'read'>
  gates: Pick<Gates, 'read'>
  readDatabaseHealth: ReadDatabaseHealth
}

const weights: Readonly<Record<ScoreName, number>> = {
  Orden_fs_pct: 0.25,
  Coherencia_routing_pct: 0.3,
  Automatizacion_pct: 0.2,
  Autonomia_pct: 0.25,
}

export async function readScorecard(deps: ScorecardDeps, correlationId: string): Promise<Scorecard> {
  const [database, truth, gates] = await Promise.all([deps.readDatabaseHealth(), deps.truth.read(), deps.gates.read()])
  const now = deps.clock.now()
  const checks = metricChecks({ database, truth, gates, writesReports: deps.reports !== undefined, now })
  const metrics = percentages(checks)
  const services = truthSummary(truth.round.services)
  const availability = [...truth.histories].map(
    ([service, history]) => [service, overHours(history, now, 24).availabilityPct] as const,
  )
  return {
    percentages: { generated_ts: isoMoment(now), metrics, weights, checks },
    scorecard: { generated_ts: isoMoment(now), ...figures(database, gates), services },
    files_found: { percentages: true, scorecard: true },
    availability: Object.fromEntries(availability),
    order_fs_pct: metrics.Orden_fs_pct,
    coherencia_routing_pct: metrics.Coherencia_routing_pct,
    automatizacion_pct: metrics.Automatizacion_pct,
    autonomia_pct: metrics.Autonomia_pct,
    global_ponderado_pct: metrics.Global_ponderado_pct,
    correlation_id: correlationId,
  }
}

function figures({ sizeBytes, tables, rows, maintenance, unmeasured }: DatabaseHealth, gates: GateRun) {
  const integrity = integrityOf(maintenance)
  return {
    integrity,
    integrity_checked_at: integrity === null || !maintenance ? null : isoMoment(maintenance.finishedAt),
    total_tables: tables,
    total_rows: rows && totalRows(rows),
    rows_counted_at: rows && isoMoment(rows.at),
    db_size_bytes: sizeBytes,
    backup_db_count: null,
    backups_archived_count: null,
    gates: { passed: gates.passed, failed: gates.failed, skipped: gates.skipped },
    unmeasured: { ...(unmeasured as Record<string, string>), backups: 'the gateway does not list its backup folder' },
  }
}

export function percentages(checks: readonly Check[]): Scorecard['percentages']['metrics'] {
  const entries = scoreNames.map(
    (metric) => [metric, share(checks.filter((check) => check.metric === metric))] as const,
  )
  const metrics = Object.fromEntries(entries) as Record<ScoreName, number | null>
  const known = entries.flatMap(([metric, value]) => (value === null ? [] : [{ value, weight: weights[metric] }]))
  const weight = known.reduce((sum, each) => sum + each.weight, 0)
  const total = known.reduce((sum, each) => sum + each.value * each.weight, 0)
  return { ...metrics, Global_ponderado_pct: weight === 0 ? null : rounded(total / weight) }
}

function share(checks: readonly Check[]): number | null {
  const made = checks.filter(({ passed }) => passed !== null)
  return made.length === 0 ? null : rounded((made.filter(({ passed }) => passed).length / made.length) * 100)
}

const rounded = (percent: number) => Math.round(percent * 10) / 10
