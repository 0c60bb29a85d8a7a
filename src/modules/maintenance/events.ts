/** Events and log lines of a run: its start, each finished step, its end; never a batch. */

import { backupTurned } from '../../announcements.ts'
import type { MaintenanceReport, Progress, StepResult, Trigger } from '../../db/maintenance/report.ts'
import { rootReason } from '../../lib/root-reason.ts'
import type { ChangeOrigin, Deps, GatewayEvent } from '../../ports/index.ts'
import { retentionHeldReason } from './retention-leave.ts'

export function maintenanceEvents(
  { announce: announceBare, log }: Pick<Deps, 'announce' | 'log'>,
  run: { id: string; trigger: Trigger },
  { principal, correlationId }: ChangeOrigin,
) {
  const announce = ({ payload, ...event }: GatewayEvent) =>
    announceBare({ ...event, payload: { ...payload, principal }, ...(correlationId !== null && { correlationId }) })
  let announced = 0
  function held({ eligible, tables }: StepResult<'retention'>) {
    log.warn('retention_held', { count: eligible, reason: retentionHeldReason(eligible) })
    const rows = tables.flatMap((table) => (table.eligible ? [[table.table, table.eligible]] : []))
    announce({
      type: 'gateway.maintenance.retention_held',
      severity: 'warn',
      summary: `Retention waits to be let: ${eligible} old rows would go`,
      payload: { ...run, eligible, tables: Object.fromEntries(rows) },
    })
  }
  return {
    started() {
      log.info('maintenance_started', { reason: run.trigger })
      announce({
        type: 'gateway.maintenance.started',
        severity: 'info',
        summary: `Maintenance started (${run.trigger})`,
        payload: run,
      })
    },
    progress({ finished, percent }: Progress) {
      for (const step of finished.slice(announced)) {
        announce({
          type: 'gateway.maintenance.step',
          severity: step.status === 'ok' || step.status === 'skipped' ? 'info' : 'warn',
          summary: `Maintenance: ${step.step} ${step.status}`,
          payload: { ...run, ...step, percent },
        })
      }
      announced = finished.length
    },
    finished({ ok, duration_ms, steps }: MaintenanceReport) {
      if (steps.retention?.result?.held) held(steps.retention.result)
      const { status, reason } = steps.backup ?? {}
      if (status === 'ok') announceBare(backupTurned(null))
      if (status === 'failed') announceBare(backupTurned(reason ?? 'unknown'))
      const bad = Object.entries(steps).filter(([, { status }]) => status === 'found' || status === 'failed')
      const verdict = ok ? 'nothing to complain of' : bad.map(([name, { status }]) => `${name} ${status}`).join(', ')
      log[ok ? 'info' : 'warn']('maintenance_finished', { duration_ms, reason: verdict })
      announce({
        type: 'gateway.maintenance.finished',
        severity: ok ? 'info' : 'warn',
        summary: `Maintenance finished: ${verdict}`,
        payload: { ...run, ok, duration_ms },
      })
    },
    failed(error: unknown) {
      log.error('maintenance_failed', { reason: rootReason(error) })
      announce({
        type: 'gateway.maintenance.failed',
        severity: 'crit',
        summary: 'Maintenance failed; the log says why',
        payload: run,
      })
    },
  }
}
