/** The checks behind the scorecard's percentages: each has a name, can fail, and says what it found. */
import type { DatabaseHealth } from '../../../modules/database-health/database-health.ts'
import { countRules } from '../../../modules/database-health/row-counts.ts'
import type { GateName } from '../gates/schema.ts'
import type { GateRun } from '../gates/service.ts'
import type { TruthReading } from '../service.ts'
import type { Check, ScoreName } from './schema.ts'

export interface Evidence {
  database: DatabaseHealth
  truth: TruthReading
  gates: GateRun
  /** False on a platform without files. */
  writesReports: boolean
  now: number
}

/** Order in what is stored, coherence of what is reached, what happens by itself, what works alone. */
export const metricChecks = (evidence: Evidence): Check[] => [
  ...checksOf('Orden_fs_pct', storage(evidence)),
  ...checksOf('Coherencia_routing_pct', routing(evidence)),
  ...checksOf('Automatizacion_pct', automation(evidence)),
  ...checksOf('Autonomia_pct', autonomy(evidence)),
]

type Found = readonly [check: string, passed: boolean | null, found: string]

const checksOf = (metric: ScoreName, found: readonly Found[]): Check[] =>
  found.map(([check, passed, words]) => ({ metric, check, passed, found: words }))

function storage({ database, gates, truth, writesReports }: Evidence): Found[] {
  const { maintenance } = database
  const violations = maintenance?.foreignKeyViolations ?? null
  const { reportPath } = truth.round
  return [
    ['database_available', database.available, database.available ? 'it answers' : 'it does not answer'],
    gateCheck(gates, 'database_integrity'),
    ['no_foreign_key_violations', violations === null ? null : violations === 0, `${violations ?? 'not checked'}`],
    ['backup_made', maintenance ? maintenance.backup !== null : null, maintenance?.backup?.file ?? 'none known'],
    ['report_written', writesReports ? reportPath !== null : null, reportPath ?? 'none'],
  ]
}

/** One check for each configured service: it answers, or sleeps because the policy says so. */
function routing({ truth, gates }: Evidence): Found[] {
  const services = truth.round.services.map(({ service, status, reason }): Found => {
    const right = status === 'OK' || status === 'OFF_BY_POLICY'
    return [`service_${service}`, status === 'UNKNOWN' ? null : right, reason ? `${status}: ${reason}` : status]
  })
  return [...services, gateCheck(gates, 'single_entrypoint'), gateCheck(gates, 'no_drift')]
}

const freshForMs = 150_000

function automation({ truth, database, gates, now }: Evidence): Found[] {
  const age = Math.round((now - truth.round.at) / 1000)
  const counted = database.rows && now - database.rows.at
  return [
    ['services_probed', Math.abs(now - truth.round.at) < freshForMs, `${age} s ago`],
    ['history_recorded', truth.unrecorded === null, truth.unrecorded ?? 'recorded'],
    [
      'rows_counted',
      counted === null
        ? database.available
          ? false
          : null
        : Math.abs(counted) < countRules.largeEveryMs + countRules.everyMs,
      counted === null ? 'never' : `${Math.round(counted / 60_000)} min ago`,
    ],
    gateCheck(gates, 'maintenance_ran'),
  ]
}

const autonomy = ({ truth, gates }: Evidence): Found[] => {
  const madre = truth.round.services.find(({ service }) => service === 'madre')
  return [
    [
      'madre_answers',
      !madre || madre.status === 'UNKNOWN' ? null : madre.status === 'OK',
      madre?.reason ?? 'it answers',
    ],
    gateCheck(gates, 'chat_answers'),
    gateCheck(gates, 'degraded_fallback'),
  ]
}

function gateCheck({ gates }: GateRun, name: GateName): Found {
  const gate = gates.find(({ gate }) => gate === name)
  return [name, !gate || gate.verdict === 'skip' ? null : gate.verdict === 'pass', gate?.measured ?? 'not run']
}
