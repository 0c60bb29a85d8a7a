/** Maps the result of a probe to the columns of VX11's service tables. */
import type { Config } from '../../config/config.ts'
import type { ServiceRow } from '../../db/service-tables.ts'
import { compactMoment, naiveMoment, storedMoment } from '../../lib/moment-forms.ts'
import { type HealthHistory, noHistory } from '../../modules/health-history/health-history.ts'
import type { ProbeResult, TruthRound } from '../../modules/health-history/truth-record.ts'
import { addressOf, findService } from './services.ts'
import type { Histories } from './store.ts'

export const serviceRows = (config: Config, round: TruthRound, histories: Histories): ServiceRow[] =>
  round.services.map((result) => serviceRow(config, round, result, histories.get(result.service) ?? noHistory))

function serviceRow(config: Config, round: TruthRound, result: ProbeResult, history: HealthHistory): ServiceRow {
  const { host, port, url } = addressOf(config, findService(result.service)?.upstream ?? null)
  const { status, service, http_code, latency_ms, endpoint_ok, snippet, reason } = result
  const at = Date.parse(result.checked_at)
  return {
    service_name: service,
    host,
    port,
    health_url: url === null ? null : `${url.replace(/\/$/, '')}${endpoint_ok ?? '/health'}`,
    status,
    http_code,
    latency_ms: latency_ms === null ? null : Math.round(latency_ms),
    endpoint_ok,
    snippet,
    checked_at: naiveMoment(at),
    last_check: storedMoment(at).slice(0, 19),
    health: status.toLowerCase(),
    error_count: failuresInARow(history),
    uptime_seconds: status === 'OK' ? Math.max(0, Math.round((at - (history.since ?? at)) / 1000)) : 0,
    last_ping: status === 'OK' ? storedMoment(at) : null,
    updated_at: storedMoment(at),
    module_status: statusWord(result),
    checked_at_utc: compactMoment(at),
    notes: reason,
    report_path: round.reportPath,
  }
}

/** The table knows three words. A silent service whose policy is unknown did not answer, and that is DOWN. */
function statusWord({ status, reason }: ProbeResult): 'UP' | 'DOWN' | 'DISABLED' {
  if (status === 'OK') return 'UP'
  return status === 'OFF_BY_POLICY' || reason === 'not_configured' ? 'DISABLED' : 'DOWN'
}

const failuresInARow = ({ recent }: HealthHistory): number => {
  const lastOther = recent.findLastIndex(([, verdict]) => verdict !== 'BROKEN')
  return recent.length - 1 - lastOther
}
