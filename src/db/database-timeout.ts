/** Work on the database that somebody waits for: what stops it, or takes too long, is one 503. */
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

/** An answer is due within 2.5 s. */
const timeoutMs = 2000

/** Rejects with `database_unavailable`; a change may then still have been made. */
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

/** A failed query repeats its parameters, which callers wrote; its cause is the store's own word. */
function reasonOf(error: unknown): string {
  const cause = error instanceof DrizzleQueryError ? error.cause : error
  return cause instanceof Error ? cause.message : 'query failed'
}

/** What a list says where the database is away: that it is, and nothing else (contract shared/status-codes). */
export async function orDegraded<T, E>(reading: Promise<T>, empty: E) {
  try {
    return await reading
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'database_unavailable') throw error
    return { ...empty, degraded: true as const, error: 'database_unavailable' as const }
  }
}
