/** Brings a libSQL database, file or server, to the state that migrations/ describes. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import { migrate } from 'drizzle-orm/libsql/migrator'
import { explainFailure } from './failure.ts'
import { openFileClient } from './file-client.ts'
import { type RemoteAddress, remoteClient } from './remote.ts'

/** As seen from the bundle in dist/, or from this source file. */
const migrationsFolder = ['../migrations', '../../../migrations']
  .map((path) => join(import.meta.dirname, path))
  .find((folder) => existsSync(folder))

/** Longer than a query may take: all pending migrations go to a server as one transaction. */
const SERVER_TIMEOUT_MS = 60_000

/** Does nothing when there is nothing to do; rejects with one sentence that says what went wrong and what helps. */
export async function migrateDatabase(address: RemoteAddress): Promise<void> {
  try {
    await migrateOnce(address)
  } catch {
    // Another process may have migrated in between: then a second look finds nothing to do, else it fails the same way.
    await migrateOnce(address).catch((error) => {
      throw new Error(explainFailure(error, address), { cause: error })
    })
  }
}

async function migrateOnce(address: RemoteAddress): Promise<void> {
  if (!migrationsFolder) throw new Error('the folder migrations/ is missing beside the program')
  const client = await openClient(address)
  try {
    await migrate(drizzle({ client }), { migrationsFolder })
  } finally {
    client.close()
  }
}

function openClient(address: RemoteAddress): Client | Promise<Client> {
  if (address.url.startsWith('file:')) return openFileClient(address.url)
  return remoteClient({ timeoutMs: SERVER_TIMEOUT_MS, ...address })
}
