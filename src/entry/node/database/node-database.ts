/**
 * Opens the database while the server starts, and retries until it succeeds: /health answers without a database, and
 * the gateway recovers when the cause is fixed. A database lost while open is reopened.
 */
import { databaseFailure } from '../../../adapters/libsql/failure.ts'
import type { Config } from '../../../config/config.ts'
import { hinders, summarise } from '../../../db/adoption/report.ts'
import type { Database } from '../../../db/database.ts'
import { DatabaseFailure, type DatabaseFault } from '../../../db/failure.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import { withTimeout } from '../../../lib/with-timeout.ts'
import type { Clock, Log, WatchQueries } from '../../../ports/index.ts'
import { openFile, traceOf } from './open-file.ts'

const firstPauseMs = 250
const maxPauseMs = 2500
/** Then the server listens without the database. Sooner, a balancer would send it writes that it has to refuse. */
const maxStartMs = 5000
/** For a migration under way at the end, which had better finish (migrate-in-thread.ts). */
const maxCloseMs = 20_000
/** Pause after faults that need a repair, unless the file changes earlier: checking may scan the whole file. */
const repairPauseMs = 60_000
const needRepair: readonly DatabaseFault[] = ['corrupt', 'foreign', 'not_a_database', 'misconfigured']

export type DatabaseConfig = Pick<Config, 'database' | 'environment' | 'backup'>

export interface Surroundings {
  log: Log
  clock: Clock
  /** Absent where tracing is off. */
  watch?: WatchQueries | undefined
  /** Aborts when the gateway closes. */
  signal: AbortSignal
}

/** Events during and after opening. */
export interface OpeningEvents {
  onAdopting(): void
  onLost(failure: DatabaseFailure): void
  onAdopted(report: Parameters<typeof summarise>[0]): void
}

/** `database` once it is open; until then `failure`, from the end of the first attempt. */
interface Opening {
  database?: OpenedDatabase | undefined
  failure?: DatabaseFailure
  firstTry: Promise<void>
  lastTry: Promise<void>
  /** It was open before: a missing file is not created again. */
  wasOpen: boolean
}

export interface OpenedDatabase extends Database {
  suspect?(words: string): void
}

export interface NodeDatabase extends Database {
  /** Reports damage that was seen elsewhere. */
  suspect(words: string): void
  /** Resolves after the first attempt to open it, at the latest after five seconds. */
  begun(): Promise<void>
}

/** Until it is open, queries reject with `database_unavailable` and pings with the reason. */
export function nodeDatabase(config: DatabaseConfig, log: Log, clock: Clock, watch?: WatchQueries): NodeDatabase {
  const closing = new AbortController()
  const opening = startOpening(config, { log, clock, watch, signal: closing.signal })
  return {
    open() {
      if (!opening.database) throw new GatewayError('database_unavailable', { retryAfterMs: 1000 })
      return opening.database.open()
    },
    async ping() {
      if (!opening.failure) await opening.firstTry
      if (!opening.database) throw opening.failure
      await opening.database.ping()
    },
    suspect: (words) => opening.database?.suspect?.(words),
    begun: () => Promise.race([opening.firstTry, clock.sleep(maxStartMs, closing.signal)]),
    async close() {
      closing.abort()
      if (config.database.url.startsWith('file:')) await within(clock, maxCloseMs, opening.lastTry)
      await opening.database?.close()
    },
  }
}

const within = (clock: Clock, ms: number, work: Promise<void>) =>
  withTimeout(clock, ms, work, () => new Error('late')).catch(() => {})

function startOpening(config: DatabaseConfig, surroundings: Surroundings): Opening {
  const opening: Opening = { firstTry: Promise.resolve(), lastTry: Promise.resolve(), wasOpen: false }
  opening.firstTry = tryOnce(opening, config, surroundings)
  opening.lastTry = opening.firstTry
  keepTrying(opening, config, surroundings)
  return opening
}

function keepTrying(opening: Opening, config: DatabaseConfig, surroundings: Surroundings): void {
  async function tryOn(): Promise<void> {
    await opening.firstTry
    for (let attempt = 0; !opening.database; attempt++) {
      await pause(opening.failure, attempt, config, surroundings)
      opening.lastTry = tryOnce(opening, config, surroundings)
      await opening.lastTry
    }
  }
  tryOn().catch(() => {
    // The gateway is shutting down.
  })
}

/** Never rejects. An unchanged reason is logged once. */
async function tryOnce(opening: Opening, config: DatabaseConfig, surroundings: Surroundings): Promise<void> {
  const { log, signal } = surroundings
  const { url } = config.database
  let isLost = false
  const events: OpeningEvents = {
    onAdopting() {
      opening.failure = new DatabaseFailure('adopting', `${url} is being adopted; rows stay as they are.`)
      log.info('database_adopting')
    },
    onAdopted(report) {
      const level = report.differences.some(hinders) ? 'warn' : 'info'
      log[level]('database_adopted', { reason: summarise(report), count: report.steps.length })
    },
    onLost(failure) {
      isLost = true
      if (!opening.database || signal.aborted) return
      opening.database = undefined
      fail(opening, failure, surroundings)
      keepTrying(opening, config, surroundings)
    },
  }
  try {
    const database = await openAny(config, opening.wasOpen, surroundings, events)
    if (isLost) return
    opening.database = database
    opening.wasOpen = true
    log.info('database_ready')
  } catch (error) {
    fail(opening, error instanceof DatabaseFailure ? error : databaseFailure(error, { url }), surroundings)
  }
}

function fail(opening: Opening, failure: DatabaseFailure, { log, signal }: Surroundings): void {
  const isNews = failure.fault !== opening.failure?.fault || opening.wasOpen
  opening.failure = failure
  if (isNews && !signal.aborted) log.error('database_unavailable', { reason: failure.message })
}

async function openAny(
  config: DatabaseConfig,
  wasOpen: boolean,
  surroundings: Surroundings,
  events: OpeningEvents,
): Promise<OpenedDatabase> {
  const { url, authToken } = config.database
  if (url.startsWith('file:')) return openFile(config, wasOpen, surroundings, events)
  // Loaded only for servers.
  const [{ migrateDatabase }, { sharedRemoteDatabase }] = await Promise.all([
    import('../../../adapters/libsql/migration/migrate.ts'),
    import('../../../adapters/libsql/remote.ts'),
  ])
  const address = { url, authToken: authToken ?? undefined }
  const report = await migrateDatabase(address, { onAdopting: events.onAdopting })
  if (report) events.onAdopted(report)
  return sharedRemoteDatabase({ ...address, watch: surroundings.watch })
}

/** After faults that need a repair it also ends when the file is replaced or changed. */
async function pause(
  failure: DatabaseFailure | undefined,
  attempt: number,
  config: DatabaseConfig,
  { clock, signal }: Surroundings,
) {
  if (!failure || !needRepair.includes(failure.fault)) {
    await clock.sleep(Math.min(maxPauseMs, firstPauseMs * 2 ** attempt), signal)
    return
  }
  const before = await traceOf(config.database.url)
  for (let passedMs = 0; passedMs < repairPauseMs; passedMs += maxPauseMs) {
    await clock.sleep(maxPauseMs, signal)
    if ((await traceOf(config.database.url)) !== before) return
  }
}
