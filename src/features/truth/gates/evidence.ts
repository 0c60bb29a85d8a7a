/** The gates that judge what was measured before: the database, its maintenance, the services and the drift. */
import { isoMoment } from '../../../lib/moment-forms.ts'
import { type DatabaseHealth, integrityOf } from '../../../modules/database-health/database-health.ts'
import type { DriftReading } from '../drift/service.ts'
import { isGrave } from '../drift/view.ts'
import type { TruthReading } from '../service.ts'
import { truthSummary } from '../view.ts'
import type { Finding } from './schema.ts'
import { byFindings, failedBecause, passed, skippedGate } from './verdict.ts'

const runMaintenance = 'POST /madre/power/maintenance/post_task, and wait for its end.'

export function checkDatabase({ available, maintenance }: DatabaseHealth): Finding {
  if (!available) return failedBecause('the database does not answer', 'GET /readyz and the log say why.')
  const integrity = integrityOf(maintenance)
  if (!maintenance || integrity === null) return failedBecause('its integrity was never checked', runMaintenance)
  const violations = maintenance.foreignKeyViolations
  const findings = [
    ...(integrity === 'ok' ? [] : [`integrity check: ${integrity}`]),
    ...(violations ? [`${violations} foreign key violations`] : []),
  ]
  return byFindings(
    findings,
    `integrity ok, ${violations ?? 'unknown'} foreign key violations, checked ${isoMoment(maintenance.finishedAt)}`,
    () => `not in order at ${isoMoment(maintenance.finishedAt)}`,
    'Restore the last backup that passed its check; docs/storage.md says how.',
  )
}

/** Weekly, and a day of grace. */
const weeklyMs = 8 * 86_400_000

export function checkMaintenance({ available, maintenance }: DatabaseHealth, now: number): Finding {
  if (!available) return failedBecause('the database does not answer', 'GET /readyz and the log say why.')
  if (!maintenance) return failedBecause('maintenance never ran', runMaintenance)
  const days = Math.floor((now - maintenance.finishedAt) / 86_400_000)
  const measured = `last run ${isoMoment(maintenance.finishedAt)}, ${days} days ago`
  if (now - maintenance.finishedAt > weeklyMs) return failedBecause(measured, runMaintenance)
  return maintenance.ok ? passed(measured) : failedBecause(`${measured}, not in order`, 'Its report names the step.')
}

export function checkServices({ round, histories }: TruthReading): Finding {
  const { ok, broken, off_by_policy, unknown } = truthSummary(round.services)
  const measured = `${ok} OK, ${broken} BROKEN, ${off_by_policy} off by policy, ${unknown} unknown, at ${isoMoment(round.at)}`
  const predicted = [...histories].flatMap(([service, { trend }]) =>
    trend.departed ? [`${service} departs from its history: ${trend.departed.kind}`] : [],
  )
  if (broken === 0) return passed(measured, predicted)
  const findings = round.services.flatMap(({ service, status, reason }) =>
    status === 'BROKEN' ? [`${service}: ${reason}`] : [],
  )
  return failedBecause(measured, 'Start the services named, or take their addresses out of the configuration.', [
    ...findings,
    ...predicted,
  ])
}

const auditNow = 'POST /operator/api/drift, or npm run drift.'
const maxNamed = 20

/** Small drifts are shown and fail nothing; what could not be asked is counted and passes for nothing. */
export function checkDrift({ audit }: DriftReading, now: number): Finding {
  if (!audit) return skippedGate('nothing was audited yet', auditNow)
  const grave = audit.drifts.filter(isGrave)
  const small = audit.drifts.length - grave.length
  const counted = `${grave.length} drifts, ${small} small ones, ${audit.unknown.length} unknown`
  const measured = `${counted}, audited ${isoMoment(audit.at)}`
  if (now - audit.at > weeklyMs) return failedBecause(measured, auditNow)
  const findings = (grave.length > 0 ? grave : audit.drifts)
    .slice(0, maxNamed)
    .map(({ module, subject, expected, actual }) => `${module} ${subject}: ${actual}; canon: ${expected}`)
  if (grave.length === 0) return passed(measured, findings)
  return failedBecause(measured, 'GET /operator/api/drift has them all; docs/drift.md says what each means.', findings)
}
