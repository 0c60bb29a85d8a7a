/** Runs maintenance after a task (contract madre/maintenance) and reports it in v7's fields and in its own. */
import { Hono } from 'hono'
import * as v from 'valibot'
import type { MaintenanceReport, StepName, StepStatus } from '../../db/maintenance/report.ts'
import { maintenanceRequest } from '../../db/maintenance/request.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Deps } from '../../ports/index.ts'
import { Prose } from './requests/fields.ts'
import { readMadreBody } from './requests/json-body.ts'
import { originOf } from './requests/origin.ts'
import { Refusal } from './requests/refusal.ts'

const PostTask = v.object({ apply: v.nullish(v.boolean()), reason: v.nullish(Prose(500)) })

/** Callers wait, as the contract has it, but the gateway gives an answer up after 30 s: a longer run goes on alone. */
const timeoutMs = 25_000

const statusPath = '/operator/api/maintenance'

export type MaintenanceDeps = Pick<Deps, 'clock' | 'maintenance'>

export const madreMaintenanceRoutes = ({ clock, maintenance }: MaintenanceDeps) =>
  new Hono().post('/madre/power/maintenance/post_task', async (c) => {
    const { apply, reason } = await readMadreBody(c, PostTask, {})
    // v7 makes no backup here: switch calls after every task. The weekly run does.
    const request = maintenanceRequest('post_task', { apply, reason, backup: false })
    const run = await maintenance.start(request, originOf(c)).catch(refuse)
    const report = await withTimeout(clock, timeoutMs, run.report, () => new StillRunning()).catch(nullIfRunning)
    if (!report) {
      return c.json({ status: 'running', run_id: run.id, status_url: statusPath }, 202, { location: statusPath })
    }
    return c.json(inWordsOfV7(report))
  })

class StillRunning extends Error {}

const nullIfRunning = (error: unknown) => (error instanceof StillRunning ? null : refuse(error))

function refuse(error: unknown): never {
  if (error instanceof GatewayError && error.code === 'maintenance_running') {
    throw new Refusal(409, `maintenance_running: see GET ${statusPath} of the gateway`)
  }
  throw new Refusal(503, 'The database does not answer.', error)
}

function inWordsOfV7(report: MaintenanceReport) {
  const { steps, size_bytes: size } = report
  const { retention, backup_rotation: rotation, counts, db_map: map } = steps
  return {
    // v7 says ok whenever the run came to its end; whether the database is well stands in `ok`.
    status: 'ok',
    ok: report.ok,
    run_id: report.id,
    duration_ms: report.duration_ms,
    out_dir: map?.result?.files[0]?.replace(/[/\\][^/\\]*$/, '') ?? null,
    db_path: report.path,
    db_size_mb: size === null ? null : Math.round((size / 2 ** 20) * 100) / 100,
    apply_retention: retention?.result?.applied ?? null,
    reason: report.reason,
    sqlite: {
      quick_check: returnCode(report, 'quick_check'),
      integrity_check: returnCode(report, 'integrity_check'),
      foreign_key_check: returnCode(report, 'foreign_key_check'),
    },
    retention: { status: retentionWord(retention), ...retention?.result, reason: retention?.reason ?? null },
    backup_rotation: { status: rotation?.status ?? 'skipped', ...rotation?.result, reason: rotation?.reason ?? null },
    regen_dbmap: { rc: returnCode(report, 'db_map'), ...map?.result, reason: map?.reason ?? null },
    counts: counts?.result ?? null,
    scorecard: scorecardOf(report),
    steps,
  }
}

/** 0: it ran and found nothing. v7's code also was 0 when something was found. */
const codes: Record<StepStatus, number | null> = { ok: 0, found: 1, failed: 2, skipped: null }

function returnCode({ steps }: MaintenanceReport, name: StepName): number | null {
  const status = steps[name]?.status
  return status ? codes[status] : null
}

function retentionWord(step: MaintenanceReport['steps']['retention']): string {
  if (step?.status === 'failed') return 'error'
  if (!step?.result) return 'skipped'
  return step.result.applied ? 'applied' : 'planned'
}

function scorecardOf({ finished_at, size_bytes, steps }: MaintenanceReport) {
  const { backup_rotation: rotation, counts, integrity_check: whole, quick_check: quick } = steps
  return {
    generated_ts: finished_at,
    integrity: whole?.result?.verdict ?? quick?.result?.verdict ?? null,
    total_tables: counts?.result?.total_tables ?? null,
    total_rows: counts?.result?.total_rows ?? null,
    db_size_bytes: size_bytes,
    backup_db_count: rotation?.result?.kept.length ?? null,
    backups_archived_count: rotation?.result?.archived_total ?? null,
  }
}
