/** Puts the last round and each service's history into words for callers. */

import { isoMoment } from '../../lib/moment-forms.ts'
import {
  daysByQuarter,
  type HealthHistory,
  hourByHour,
  type LooksOfSpan,
  minutesByFive,
  noHistory,
  overHour,
  overHours,
  type ServiceVerdict,
} from '../../modules/health-history/health-history.ts'
import type { ProbeResult } from '../../modules/health-history/truth-record.ts'
import type { Availability, RuntimeTruthReport, ServiceTruth, ServiceTruthReport } from './schema.ts'
import type { TruthReading } from './service.ts'

export function viewTruth(reading: TruthReading, now: number, correlationId: string): RuntimeTruthReport {
  const { services, reportPath } = reading.round
  return {
    ...viewReport(reading, now, correlationId),
    services: services.map((result) => viewService(result, historyOf(reading, result.service))),
    summary: truthSummary(services),
    report_path: reportPath,
  }
}

/** Undefined for a service that the round did not probe. */
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
    service: viewService(result, history),
    changes: history.changes.map(([at, from, to]) => ({ at: isoMoment(at), from, to })),
    recent: history.recent.map(([at, status, latency_ms]) => ({ at: isoMoment(at), status, latency_ms })),
  }
}

export function truthSummary(services: readonly ProbeResult[]): RuntimeTruthReport['summary'] {
  const count = (verdict: ServiceVerdict) => services.filter(({ status }) => status === verdict).length
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

function viewService(result: ProbeResult, history: HealthHistory): ServiceTruth {
  const { departed } = history.trend
  return {
    ...result,
    since: history.since === null ? null : isoMoment(history.since),
    ...spansOf(history),
    prediction: departed && {
      kind: departed.kind,
      since: isoMoment(departed.at),
      usual: departed.usual,
      seen: departed.seen,
    },
  }
}

type Spans = Pick<ServiceTruth, 'last_hour' | 'last_24_hours' | 'last_7_days' | 'hours' | 'hour_parts' | 'week_parts'>

const unknownSpans: Spans = {
  ...{ last_hour: null, last_24_hours: null, last_7_days: null },
  ...{ hours: null, hour_parts: null, week_parts: null },
}

const viewPart = (part: LooksOfSpan) => ({ ...part, at: isoMoment(part.at) })

/** Adding up a week takes a millisecond, and a history stays the same for a minute. */
const spans = new WeakMap<HealthHistory, Spans>()

/** As of the last probe. */
function spansOf(history: HealthHistory): Spans {
  const known = spans.get(history)
  if (known) return known
  const at = history.recent.at(-1)?.[0]
  const added: Spans =
    at === undefined
      ? unknownSpans
      : {
          last_hour: viewAvailability(overHour(history, at)),
          last_24_hours: viewAvailability(overHours(history, at, 24)),
          last_7_days: viewAvailability(overHours(history, at, 7 * 24)),
          hours: hourByHour(history, at, 24).map(viewPart),
          hour_parts: minutesByFive(history, at).map(viewPart),
          week_parts: daysByQuarter(history, at).map(viewPart),
        }
  spans.set(history, added)
  return added
}

const viewAvailability = ({ looks, availabilityPct, p50Ms, p95Ms }: ReturnType<typeof overHour>): Availability => ({
  looks,
  availability_pct: availabilityPct,
  p50_ms: p50Ms,
  p95_ms: p95Ms,
})
