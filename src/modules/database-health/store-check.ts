/** Asks a store whether it answers, within two seconds. */
import { DatabaseFailure } from '../../db/failure.ts'
import { StoreFailure } from '../../errors/store-failure.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Clock } from '../../ports/index.ts'

export interface StoreReading {
  ok: boolean
  latency_ms: number
  /** Coarse; null when it answered. */
  reason: string | null
  /** The store's own words, for the log alone. */
  failure?: string
}

const timeoutMs = 2000

/** Never rejects. */
export async function checkStore(clock: Clock, check: () => Promise<void>): Promise<StoreReading> {
  const startedAt = clock.monotonic()
  const late = new Error('no answer within 2 s')
  try {
    await withTimeout(clock, timeoutMs, check(), () => late)
    return { ok: true, latency_ms: Math.round(clock.monotonic() - startedAt), reason: null }
  } catch (error) {
    const failure = error instanceof Error ? error.message : 'unknown'
    const reason = error === late ? 'timeout' : faultOf(error)
    return { ok: false, latency_ms: Math.round(clock.monotonic() - startedAt), reason, failure }
  }
}

/** One word for the cause, without addresses: readiness is public. */
const faultOf = (error: unknown) =>
  error instanceof DatabaseFailure || error instanceof StoreFailure ? error.fault : 'unavailable'
