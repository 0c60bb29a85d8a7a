/** Decides whether the gateway should get traffic: every store answers in time, and no shutdown has begun. */

import { singleFlight } from '../../lib/single-flight.ts'
import { checkStore } from '../../modules/database-health/store-check.ts'
import type { Deps } from '../../ports/index.ts'
import type { Readiness } from './schema.ts'

type HealthDeps = Pick<Deps, 'clock' | 'lifecycle' | 'readiness' | 'log'>

const timeoutMs = 2500

/** Callers at the same moment share one look at the stores, so that a storm of probes does not become one of queries. */
export function readinessReader(deps: HealthDeps): () => Promise<Readiness> {
  const share = singleFlight<Readiness>(deps.clock, timeoutMs)
  return () => share('readiness', () => readReadiness(deps))
}

async function readReadiness(deps: HealthDeps): Promise<Readiness> {
  const checks = Object.fromEntries(
    await Promise.all(
      Object.entries(deps.readiness).map(async ([name, check]) => [name, await runCheck(deps, name, check)] as const),
    ),
  )
  if (deps.lifecycle.draining) return { status: 'draining', checks }
  return { status: Object.values(checks).every((check) => check.ok) ? 'ready' : 'not_ready', checks }
}

async function runCheck({ clock, log }: HealthDeps, name: string, check: () => Promise<void>) {
  const { failure, ...reading } = await checkStore(clock, check)
  if (!reading.ok) log.warn('readiness_check_failed', { error: name, reason: failure ?? 'unknown' })
  return reading
}
