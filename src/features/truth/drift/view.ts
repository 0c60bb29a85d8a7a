/** What callers get of the last audit, and what of it counts as drift. */
import { isoMoment } from '../../../lib/moment-forms.ts'
import type { DriftRecord, DriftReport, OpenDrift } from './schema.ts'
import { auditEveryMs, type DriftReading } from './service.ts'

/** Small ones may be meant so. */
export const isGrave = ({ severity }: Pick<OpenDrift, 'severity'>): boolean => severity !== 'low'

const nothing: Omit<DriftReport, 'unrecorded' | 'correlation_id'> = {
  ...{ status: 'never_audited', audited_at: null, age_s: null, next_audit_at: null, trigger: null, version: null },
  ...{ areas: [], drifts: [], left_out: 0, unknown: [], report_path: null },
}

export function viewDrift({ audit, unrecorded }: DriftReading, now: number, correlationId: string): DriftReport {
  const common = { unrecorded, correlation_id: correlationId }
  if (audit === null) return { ...nothing, ...common }
  const { at, ...rest } = audit
  return {
    status: statusOf(audit),
    audited_at: isoMoment(at),
    age_s: Math.max(0, Math.round((now - at) / 1000)),
    next_audit_at: isoMoment(at + auditEveryMs),
    ...rest,
    ...common,
  }
}

function statusOf({ drifts, unknown }: DriftRecord): DriftReport['status'] {
  if (drifts.some(isGrave)) return 'drift'
  return unknown.length > 0 ? 'incomplete' : 'ok'
}
