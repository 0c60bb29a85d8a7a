/**
 * Whether a run without an explicit request may delete: by the database's size, and only after an operator allowed it
 * before, or it had none to lose. What an adopted database brought along is shown first.
 */
import type { RetentionConfig } from '../../config/retention.ts'
import type { MaintenanceReport } from '../../db/maintenance/report.ts'
import { isFull, type MaintenanceRequest } from '../../db/maintenance/request.ts'

type RetentionDecision = 'apply' | 'plan' | 'hold'

interface Database {
  /** Null where the store reports no size; then nothing is deleted unasked. */
  bytes: number | null
  /** Its own record says that retention may be applied unasked. */
  allowed: boolean
}

export function decideRetention(
  { apply }: Pick<MaintenanceRequest, 'apply'>,
  { autoApplyMib, allowed }: RetentionConfig,
  database: Database,
): RetentionDecision {
  if (apply !== null) return apply ? 'apply' : 'plan'
  if (database.bytes === null || database.bytes < autoApplyMib * 2 ** 20) return 'plan'
  return allowed || database.allowed ? 'apply' : 'hold'
}

/** An operator had it applied, or a full run found nothing old: what gets old from here on, got old under the rule. */
export function letsRetention(
  { steps, trigger }: Pick<MaintenanceReport, 'steps' | 'trigger'>,
  request: MaintenanceRequest,
): boolean {
  const { result, status } = steps.retention ?? {}
  if (!result || status !== 'ok') return false
  const isOperators = trigger === 'operator' || trigger === 'command'
  if (request.apply === true && result.applied) return isOperators
  return isFull(request) && result.eligible === 0
}

export const retentionHeldReason = (eligible: number) =>
  `${eligible} rows would go, and nobody has let it: POST /operator/api/maintenance {"apply":true}, ` +
  'npm run db -- maintain --apply, or VX11_RETENTION_ALLOWED=true.'
