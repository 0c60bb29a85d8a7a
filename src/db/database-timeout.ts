/** Limits database work of a request in time; a failure or timeout becomes a 503. */
import { DrizzleQueryError } from 'drizzle-orm'
import { GatewayError } from '../errors/gateway-error.ts'
import { withTimeout } from '../lib/with-timeout.ts'
import type { Clock, Log } from '../ports/index.ts'
import type { Database, Db } from './database.ts'

export interface DatabaseTimeoutDeps {
  clock: Clock
  database: Database
  log: Log
}

/** Leaves time for an answer within 2.5 s. */
const timeoutMs = 2000

/** Rejects with `database_unavailable`; a write may still have been committed. */
export async function onDatabase<T>(
  { clock, database, log }: DatabaseTimeoutDeps,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  try {
    const result = Promise.resolve().then(() => work(database.open()))
    return await withTimeout(clock, timeoutMs, result, () => new Error('no answer within 2 s'))
  } catch (error) {
    if (error instanceof GatewayError) throw error
    log.warn('database_failed', { reason: reasonOf(error) })
    throw new GatewayError('database_unavailable', {}, { cause: error })
  }
}

/** The cause's message: that of a failed query repeats its parameters, which callers wrote. */
function reasonOf(error: unknown): string {
  const cause = error instanceof DrizzleQueryError ? error.cause : error
  return cause instanceof Error ? cause.message : 'query failed'
}

/** A list's answer while the database is unavailable: empty and marked as degraded (contract shared/status-codes). */
export async function orDegraded<T, E>(reading: Promise<T>, empty: E) {
  try {
    return await reading
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'database_unavailable') throw error
    return { ...empty, degraded: true as const, error: 'database_unavailable' as const }
  }
}
