/** Decides whether the gateway should get traffic: what it cannot do without works, and no shutdown has begun. */

import { type Outage, outage } from '../../lib/outage.ts'
import { singleFlight } from '../../lib/single-flight.ts'
import { checkStore } from '../../modules/database-health/store-check.ts'
import type { Deps } from '../../ports/index.ts'
import type { Readiness } from './schema.ts'

type HealthDeps = Pick<Deps, 'clock' | 'config' | 'lifecycle' | 'readiness' | 'log'>

const timeoutMs = 2500

/** Without Redis limits are local and the cache misses; the database is needed where events must be stored. */
const isDispensable = ({ config }: HealthDeps, store: string): boolean =>
  store === 'redis' || (store === 'database' && !config.features.events)

/** Concurrent callers share one check, so that many probes do not become many queries. */
export function readinessReader(deps: HealthDeps): () => Promise<Readiness> {
  const share = singleFlight<Readiness>(deps.clock, timeoutMs)
  const outages = new Map(Object.keys(deps.readiness).map((name) => [name, outageLog(deps, name)] as const))
  return () => share('readiness', () => readReadiness(deps, outages))
}

/** One line when an outage begins and one when it ends, however many checks there are. */
const outageLog = ({ log }: HealthDeps, name: string): Outage =>
  outage({
    began: (reason) => log.warn('readiness_check_failed', { error: name, reason }),
    ended: () => log.info('readiness_check_passed_again', { error: name }),
  })

async function readReadiness(deps: HealthDeps, outages: ReadonlyMap<string, Outage>): Promise<Readiness> {
  const checks = Object.fromEntries(
    await Promise.all(
      Object.entries(deps.readiness).map(
        async ([name, check]) => [name, await runCheck(deps, check, outages.get(name))] as const,
      ),
    ),
  )
  if (deps.lifecycle.phase !== 'serving') return { status: 'draining', checks }
  const failing = Object.keys(checks).filter((name) => !checks[name]?.ok)
  if (failing.length === 0) return { status: 'ready', checks }
  return { status: failing.every((name) => isDispensable(deps, name)) ? 'degraded' : 'not_ready', checks }
}

async function runCheck({ clock }: HealthDeps, check: () => Promise<void>, log: Outage | undefined) {
  const { failure, ...reading } = await checkStore(clock, check)
  if (reading.ok) log?.worked()
  else log?.failed(new Error(failure ?? 'unknown'))
  return reading
}
