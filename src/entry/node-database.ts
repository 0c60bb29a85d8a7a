/** Opens and migrates the database beside the start of the server, so that a bad one never keeps /health from answering. */
import { fileDatabase } from '../adapters/libsql/file.ts'
import { migrateDatabase } from '../adapters/libsql/migrate.ts'
import { sharedRemoteDatabase } from '../adapters/libsql/remote.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { GatewayError } from '../errors.ts'
import type { Log } from '../ports.ts'

/** Until it is open, and for good when it cannot be opened, whoever asks gets `database_unavailable`. */
export function nodeDatabase({ database: address }: Pick<Config, 'database'>, log: Log): Database {
  let opened: Database | undefined
  const opening = openMigrated(address.url, address.authToken ?? undefined)
  opening.then(
    (database) => {
      opened = database
      log.info('database_ready')
    },
    (error: Error) => log.error('database_unavailable', { reason: error.message }),
  )
  return {
    open() {
      if (!opened) throw new GatewayError('database_unavailable')
      return opened.open()
    },
    ping: async () => (await opening).ping(),
    close: async () => opened?.close(),
  }
}

async function openMigrated(url: string, authToken: string | undefined): Promise<Database> {
  await migrateDatabase({ url, authToken })
  return url.startsWith('file:') ? fileDatabase(url) : sharedRemoteDatabase({ url, authToken })
}
