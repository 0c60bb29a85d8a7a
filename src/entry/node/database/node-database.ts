/**
 * Opens the database beside the start of the server, and tries again until it can: a bad one keeps neither /health from
 * answering nor the gateway from recovering once the cause is gone.
 */
import { databaseFailure } from '../../../adapters/libsql/failure.ts'
import { fileDatabase } from '../../../adapters/libsql/file.ts'
import { isUnrecorded, migrateDatabase } from '../../../adapters/libsql/migrate.ts'
import { sharedRemoteDatabase } from '../../../adapters/libsql/remote.ts'
import type { Config } from '../../../config/config.ts'
import { hinders, summarise } from '../../../db/adoption/report.ts'
import type { Database } from '../../../db/database.ts'
import { DatabaseFailure, type DatabaseFault } from '../../../db/failure.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import type { Clock, Log } from '../../../ports/index.ts'
import { migrateInThread } from './migrate-in-thread.ts'

/** It stops the event loop; the next try comes soon. */
const lockPatienceMs = 250
const firstPauseMs = 250
const maxPauseMs = 5000
/** For what somebody has to repair: looking may cost a walk over the file. */
const patientPauseMs = 60_000
const needRepair: readonly DatabaseFault[] = ['corrupt', 'foreign', 'not_a_database', 'misconfigured']

interface Address {
  url: string
  authToken: string | undefined
}

interface Surroundings {
  log: Log
  clock: Clock
  /** Aborts when the gateway closes. */
  signal: AbortSignal
}

/** `database` once there is one; until then `failure` from the end of the first try on. */
interface Opening {
  database?: Database
  failure?: DatabaseFailure
  firstTry: Promise<void>
}

/** Until it is open, whoever asks gets `database_unavailable`, and a ping the reason. */
export function nodeDatabase({ database }: Pick<Config, 'database'>, log: Log, clock: Clock): Database {
  const closing = new AbortController()
  const address = { url: database.url, authToken: database.authToken ?? undefined }
  const opening = startOpening(address, { log, clock, signal: closing.signal })
  return {
    open() {
      if (!opening.database) throw new GatewayError('database_unavailable')
      return opening.database.open()
    },
    async ping() {
      if (!opening.failure) await opening.firstTry
      if (!opening.database) throw opening.failure
      await opening.database.ping()
    },
    async close() {
      closing.abort()
      await opening.database?.close()
    },
  }
}

function startOpening(address: Address, surroundings: Surroundings): Opening {
  const opening: Opening = { firstTry: Promise.resolve() }
  opening.firstTry = tryOnce(opening, address, surroundings)
  keepTrying(opening, address, surroundings).catch(() => {
    // The pause ended because the gateway closes.
  })
  return opening
}

async function keepTrying(opening: Opening, address: Address, surroundings: Surroundings): Promise<void> {
  await opening.firstTry
  for (let attempt = 0; !opening.database; attempt++) {
    await surroundings.clock.sleep(pauseAfter(opening.failure, attempt), surroundings.signal)
    await tryOnce(opening, address, surroundings)
  }
}

/** Never rejects. A reason that stays the same is logged once. */
async function tryOnce(opening: Opening, address: Address, surroundings: Surroundings): Promise<void> {
  const { log, signal } = surroundings
  const adopting = () => {
    opening.failure = new DatabaseFailure('adopting', `${address.url} is being adopted; rows stay as they are.`)
    log.info('database_adopting')
  }
  try {
    opening.database = await openMigrated(address, surroundings, adopting)
    log.info('database_ready')
  } catch (error) {
    const failure = error instanceof DatabaseFailure ? error : databaseFailure(error, address)
    const isNews = failure.fault !== opening.failure?.fault
    opening.failure = failure
    if (isNews && !signal.aborted) log.error('database_unavailable', { reason: failure.message })
  }
}

async function openMigrated(address: Address, surroundings: Surroundings, adopting: () => void): Promise<Database> {
  const { log, signal } = surroundings
  const isFile = address.url.startsWith('file:')
  // A thread costs 15 MiB that do not come back, so only what takes seconds gets one.
  const inThread = isFile && (await isUnrecorded(address.url, lockPatienceMs))
  const report = inThread
    ? await migrateInThread(address.url, { adopting, signal })
    : await migrateDatabase(address, { adopting, lockPatienceMs })
  if (report) {
    const level = report.differences.some(hinders) ? 'warn' : 'info'
    log[level]('database_adopted', { reason: summarise(report), count: report.steps.length })
  }
  return isFile ? fileDatabase(address.url) : sharedRemoteDatabase(address)
}

function pauseAfter(failure: DatabaseFailure | undefined, attempt: number): number {
  if (failure && needRepair.includes(failure.fault)) return patientPauseMs
  return Math.min(maxPauseMs, firstPauseMs * 2 ** attempt)
}
