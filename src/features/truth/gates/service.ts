/** Runs the nine production gates, and keeps what they found for five minutes: asking the chat may cost tokens. */
import type { Config } from '../../../config/config.ts'
import { isoMoment } from '../../../lib/moment-forms.ts'
import { singleFlight } from '../../../lib/single-flight.ts'
import type { ReadDatabaseHealth } from '../../../modules/database-health/database-health.ts'
import type { AskSelf, Clock } from '../../../ports/index.ts'
import type { DriftAudit } from '../drift/service.ts'
import type { RuntimeTruth } from '../service.ts'
import { checkEntrypoint, checkFlags, scanSecrets } from './configuration.ts'
import { checkChat, checkFallback } from './drills.ts'
import { checkDatabase, checkDrift, checkMaintenance, checkServices } from './evidence.ts'
import { type Finding, type GateName, type GateReport, gateNames } from './schema.ts'

export interface GateDeps {
  /** As it was configured, without principals of the gateway's own. */
  config: Config
  clock: Clock
  truth: Pick<RuntimeTruth, 'read'>
  drift: Pick<DriftAudit, 'read'>
  readDatabaseHealth: ReadDatabaseHealth
  ask: AskSelf
  /** The same routes over upstreams and a database that are gone, made anew. */
  degradedTwin: () => AskSelf
}

export type GateRun = Omit<GateReport, 'correlation_id'>

export interface Gates {
  /** At most five minutes old. */
  read(): Promise<GateRun>
  /** Now; who asks meanwhile shares the run. */
  run(): Promise<GateRun>
}

const freshForMs = 300_000
/** Longer than a round of probes and two chats. */
const timeoutMs = 30_000

export function productionGates(deps: GateDeps): Gates {
  const share = singleFlight<GateRun>(deps.clock, timeoutMs)
  let last: { run: GateRun; at: number } | undefined
  const run = () =>
    share('gates', async () => {
      const done = await runGates(deps)
      last = { run: done, at: deps.clock.now() }
      return done
    })
  return {
    run,
    read: async () => (last && Math.abs(deps.clock.now() - last.at) < freshForMs ? last.run : run()),
  }
}

async function runGates(deps: GateDeps): Promise<GateRun> {
  const { config, clock } = deps
  const [database, truth, drift, chat, fallback] = await Promise.all([
    deps.readDatabaseHealth(),
    deps.truth.read(),
    deps.drift.read(),
    checkChat(deps, deps.ask),
    checkFallback(deps, deps.degradedTwin),
  ])
  const found: Record<GateName, Finding> = {
    database_integrity: checkDatabase(database),
    service_health: checkServices(truth),
    configuration_secrets: scanSecrets(config, clock.now()),
    chat_answers: chat,
    maintenance_ran: checkMaintenance(database, clock.now()),
    single_entrypoint: checkEntrypoint(config),
    flags: checkFlags(config),
    degraded_fallback: fallback,
    no_drift: checkDrift(drift, clock.now()),
  }
  const gates = gateNames.map((gate) => ({ gate, ...found[gate] }))
  const count = (verdict: Finding['verdict']) => gates.filter((gate) => gate.verdict === verdict).length
  const failed = count('fail')
  return {
    status: failed === 0 ? 'pass' : 'fail',
    passed: count('pass'),
    failed,
    skipped: count('skip'),
    gates,
    checked_at: isoMoment(clock.now()),
  }
}
