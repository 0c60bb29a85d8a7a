/** Puts the last round and each service's history into words for callers. */
import type { ProbeResult } from '../../db/truth-record.ts'
import { type HealthHistory, noHistory, overHour, overHours, type Verdict } from '../../lib/health-history.ts'
import { isoMoment } from '../../lib/moment-forms.ts'
import type { Availability, RuntimeTruthReport, ServiceTruth, ServiceTruthReport } from './schema.ts'
import type { TruthReading } from './service.ts'

export function viewTruth(reading: TruthReading, now: number, correlationId: string): RuntimeTruthReport {
  const { services, reportPath } = reading.round
  return {
    ...viewReport(reading, now, correlationId),
    services: services.map((result) => viewService(result, historyOf(reading, result.service), now)),
    summary: summaryOf(services),
    report_path: reportPath,
  }
}

/** Undefined for a service that the round did not look at. */
export function viewOne(
  reading: TruthReading,
  service: string,
  now: number,
  correlationId: string,
): ServiceTruthReport | undefined {
  const result = reading.round.services.find((each) => each.service === service)
  if (!result) return undefined
  const history = historyOf(reading, service)
  return {
    ...viewReport(reading, now, correlationId),
    service: viewService(result, history, now),
    changes: history.changes.map(([at, from, to]) => ({ at: isoMoment(at), from, to })),
    recent: history.recent.map(([at, status, latency_ms]) => ({ at: isoMoment(at), status, latency_ms })),
  }
}

export function summaryOf(services: readonly ProbeResult[]): RuntimeTruthReport['summary'] {
  const count = (verdict: Verdict) => services.filter(({ status }) => status === verdict).length
  return {
    total: services.length,
    ok: count('OK'),
    broken: count('BROKEN'),
    off_by_policy: count('OFF_BY_POLICY'),
    unknown: count('UNKNOWN'),
  }
}

const historyOf = ({ histories }: TruthReading, service: string): HealthHistory => histories.get(service) ?? noHistory

function viewReport({ round, histories, unrecorded }: TruthReading, now: number, correlationId: string) {
  const recorded = [...histories.values()].some(({ recent }) => recent.length > 0)
  return {
    generated_at: isoMoment(round.at),
    age_s: Math.max(0, Math.round((now - round.at) / 1000)),
    history_missing: unrecorded ?? (recorded ? null : ('not_recorded_yet' as const)),
    correlation_id: correlationId,
  }
}

function viewService(result: ProbeResult, history: HealthHistory, now: number): ServiceTruth {
  const { departed } = history.trend
  const looked = history.recent.length > 0
  return {
    ...result,
    since: history.since === null ? null : isoMoment(history.since),
    last_hour: looked ? viewAvailability(overHour(history, now)) : null,
    last_24_hours: looked ? viewAvailability(overHours(history, now, 24)) : null,
    last_7_days: looked ? viewAvailability(overHours(history, now, 7 * 24)) : null,
    prediction: departed && {
      kind: departed.kind,
      since: isoMoment(departed.at),
      usual: departed.usual,
      seen: departed.seen,
    },
  }
}

const viewAvailability = ({ looks, availabilityPct, p50Ms, p95Ms }: ReturnType<typeof overHour>): Availability => ({
  looks,
  availability_pct: availabilityPct,
  p50_ms: p50Ms,
  p95_ms: p95Ms,
})
