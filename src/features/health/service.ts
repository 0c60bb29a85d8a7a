/** Decides whether the gateway should get traffic: every store answers in time, and no shutdown has begun. */
import { DatabaseFailure } from '../../db/failure.ts'
import { within } from '../../lib/within.ts'
import type { Deps } from '../../ports.ts'
import { singleFlight } from '../../upstream/collapse.ts'
import type { Readiness } from './schema.ts'

type HealthDeps = Pick<Deps, 'clock' | 'lifecycle' | 'readiness' | 'log'>

const checkTimeoutMs = 2000
const patienceMs = 2500

/** Callers at the same moment share one look at the stores, so that a storm of probes does not become one of queries. */
export function readinessReader(deps: HealthDeps): () => Promise<Readiness> {
  const share = singleFlight<Readiness>(deps.clock, patienceMs)
  return () => share('readiness', () => readReadiness(deps))
}

export async function readReadiness(deps: HealthDeps): Promise<Readiness> {
  const checks = Object.fromEntries(
    await Promise.all(
      Object.entries(deps.readiness).map(async ([name, check]) => [name, await runCheck(deps, name, check)] as const),
    ),
  )
  if (deps.lifecycle.draining) return { status: 'draining', checks }
  return { status: Object.values(checks).every((check) => check.ok) ? 'ready' : 'not_ready', checks }
}

async function runCheck({ clock, log }: HealthDeps, name: string, check: () => Promise<void>) {
  const startedAt = clock.now()
  const failed = new Error('no answer within 2 s')
  try {
    await within(clock, checkTimeoutMs, check(), () => failed)
    return { ok: true, latency_ms: clock.now() - startedAt, reason: null }
  } catch (error) {
    log.warn('readiness_check_failed', { error: name, reason: error instanceof Error ? error.message : 'unknown' })
    return { ok: false, latency_ms: clock.now() - startedAt, reason: error === failed ? 'timeout' : faultOf(error) }
  }
}

/** A database says why in one word, which tells a stranger nothing about where it is. */
const faultOf = (error: unknown) => (error instanceof DatabaseFailure ? error.fault : 'unavailable')
