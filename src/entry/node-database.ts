/**
 * Opens the database beside the start of the server, and tries again until it can: a bad one keeps neither /health from
 * answering nor the gateway from recovering once the cause is gone.
 */
import { databaseFailure } from '../adapters/libsql/failure.ts'
import { fileDatabase } from '../adapters/libsql/file.ts'
import { isUnrecorded, migrateDatabase } from '../adapters/libsql/migrate.ts'
import { sharedRemoteDatabase } from '../adapters/libsql/remote.ts'
import type { Config } from '../config.ts'
import { hinders, summarise } from '../db/adoption/report.ts'
import type { Database } from '../db/database.ts'
import { DatabaseFailure, type DatabaseFault } from '../db/failure.ts'
import { GatewayError } from '../errors.ts'
import type { Clock, Log } from '../ports.ts'
import { migrateInThread } from './migrate-in-thread.ts'

/** It stops the event loop; the next try comes soon. */
const lockPatienceMs = 250
const firstPauseMs = 250
const longestPauseMs = 5000
/** For what somebody has to repair: looking may cost a walk over the file. */
const patientPauseMs = 60_000
const needRepair: readonly DatabaseFault[] = ['corrupt', 'foreign', 'not_a_database', 'misconfigured']

/** How a try to open it stands; `database` once there is one, `failure` while there is none. */
interface Opening {
  database?: Database
  failure?: DatabaseFailure
}

/** Until it is open, whoever asks gets `database_unavailable`, and a ping the reason. */
export function nodeDatabase({ database }: Pick<Config, 'database'>, log: Log, clock: Clock): Database {
  const address: Address = { url: database.url, authToken: database.authToken ?? undefined }
  const closing = new AbortController()
  const opening: Opening = {}
  let firstTry: Promise<void> | undefined

  const tryOnce = async () => {
    const adopting = () => {
      opening.failure = new DatabaseFailure('adopting', `${address.url} is being adopted; rows stay as they are.`)
      log.info('database_adopting')
    }
    try {
      opening.database = await openMigrated(address, log, { adopting, signal: closing.signal })
      log.info('database_ready')
    } catch (error) {
      const failure = databaseFailureOf(error, address)
      const isNews = failure.fault !== opening.failure?.fault
      opening.failure = failure
      if (isNews && !closing.signal.aborted) log.error('database_unavailable', { reason: failure.message })
    }
  }
  const keepTrying = async () => {
    for (let attempt = 0; !opening.database; attempt++) {
      const trying = tryOnce()
      firstTry ??= trying
      await trying
      if (!opening.database) await clock.sleep(pauseAfter(opening.failure, attempt), closing.signal)
    }
  }
  keepTrying().catch(() => {
    // The gateway is closing.
  })

  return {
    open() {
      if (!opening.database) throw new GatewayError('database_unavailable')
      return opening.database.open()
    },
    async ping() {
      if (!opening.database && !opening.failure) await firstTry
      if (!opening.database) throw opening.failure
      await opening.database.ping()
    },
    async close() {
      closing.abort()
      await opening.database?.close()
    },
  }
}

interface Address {
  url: string
  authToken: string | undefined
}

async function openMigrated(
  address: Address,
  log: Log,
  options: { adopting: () => void; signal: AbortSignal },
): Promise<Database> {
  const isFile = address.url.startsWith('file:')
  // A thread costs 15 MiB that do not come back, so only what takes seconds gets one.
  const report =
    isFile && (await isUnrecorded(address.url, lockPatienceMs))
      ? await migrateInThread(address.url, options)
      : await migrateDatabase(address, { ...options, lockPatienceMs })
  if (report) {
    const level = report.differences.some(hinders) ? 'warn' : 'info'
    log[level]('database_adopted', { reason: summarise(report), count: report.steps.length })
  }
  return isFile ? fileDatabase(address.url) : sharedRemoteDatabase(address)
}

const databaseFailureOf = (error: unknown, address: Address) =>
  error instanceof DatabaseFailure ? error : databaseFailure(error, address)

function pauseAfter(failure: DatabaseFailure | undefined, attempt: number): number {
  if (failure && needRepair.includes(failure.fault)) return patientPauseMs
  return Math.min(longestPauseMs, firstPauseMs * 2 ** attempt)
}
