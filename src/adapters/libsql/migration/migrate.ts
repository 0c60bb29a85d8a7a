/** Brings a libSQL database, file or server, to the state that migrations/ describes, and adopts VX11's own on the way. */
import type { Client } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import { migrate } from 'drizzle-orm/libsql/migrator'
import type { AdoptionReport } from '../../../db/adoption/report.ts'
import { databaseFailure } from '../failure.ts'
import { openUntouched, setWal } from '../file-client.ts'
import { type RemoteAddress, remoteClient } from '../remote.ts'
import { assertSound } from '../soundness.ts'
import { type AdoptionLook, adopt } from './adopt.ts'
import { lastMigration } from './journal.ts'
import { migrationsFolder } from './migrations-folder.ts'

/** Longer than a query may take: all pending migrations go to a server as one transaction. */
const SERVER_TIMEOUT_MS = 60_000

export interface MigrateOptions {
  /** How long a statement waits for another process's lock on a file; 5 s unless said. */
  lockTimeoutMs?: number | undefined
  /** Told before a database of VX11 without a record is adopted, which takes seconds on a grown one. */
  adopting?: () => void
}

/**
 * Does nothing when there is nothing to do; resolves to what an adoption did, or null where there was none.
 * Rejects with DatabaseFailure only.
 */
export async function migrateDatabase(
  address: RemoteAddress,
  options: MigrateOptions = {},
): Promise<AdoptionReport | null> {
  try {
    return await migrateOnce(address, options)
  } catch {
    // Another process may have migrated in between: then a second look finds nothing to do, else it fails the same way.
    return migrateOnce(address, options).catch((error) => {
      throw databaseFailure(error, address)
    })
  }
}

async function migrateOnce(
  address: RemoteAddress,
  { adopting, lockTimeoutMs }: MigrateOptions,
): Promise<AdoptionReport | null> {
  const client = await openAny(address, lockTimeoutMs)
  try {
    const report = (await lastMigration(client)) === null ? await adoptAny(client, address, adopting) : null
    if (isFile(address)) await setWal(client)
    await migrate(drizzle({ client }), { migrationsFolder: migrationsFolder() })
    // Where it has a record by now, another process made it in between.
    return report?.recorded ? null : report
  } finally {
    client.close()
  }
}

/** Adopts a file once it is known to be VX11's and whole; a server looks after its own files. */
export function adoptAny(client: Client, address: RemoteAddress, adopting?: () => void): Promise<AdoptionLook | null> {
  return adopt(client, async () => {
    adopting?.()
    if (!isFile(address)) return
    await assertSound(client)
    await setWal(client)
  })
}

const isFile = ({ url }: RemoteAddress) => url.startsWith('file:')

/** Opens it without changing what is there. */
export function openAny(address: RemoteAddress, lockTimeoutMs?: number): Client | Promise<Client> {
  if (isFile(address)) return openUntouched(address.url, lockTimeoutMs)
  return remoteClient({ timeoutMs: SERVER_TIMEOUT_MS, ...address })
}
