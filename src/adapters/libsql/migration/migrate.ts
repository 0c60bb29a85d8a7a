/** Migrates a libSQL database, file or server, to the state of migrations/, and adopts VX11's own databases. */
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

/** Longer than the query timeout: a server gets all pending migrations as one transaction. */
const SERVER_TIMEOUT_MS = 60_000

export interface MigrateOptions {
  /** Lock timeout of a statement; 5 s by default. */
  lockTimeoutMs?: number | undefined
  /** Called before a VX11 database is adopted, which takes seconds for a large one. */
  onAdopting?: () => void
}

/**
 * Does nothing for an up-to-date database; resolves to the report of an adoption, or null.
 * Rejects with DatabaseFailure only.
 */
export async function migrateDatabase(
  address: RemoteAddress,
  options: MigrateOptions = {},
): Promise<AdoptionReport | null> {
  try {
    return await migrateOnce(address, options)
  } catch {
    // Another process may have migrated meanwhile: then the second attempt succeeds, else it fails in the same way.
    return migrateOnce(address, options).catch((error) => {
      throw databaseFailure(error, address)
    })
  }
}

async function migrateOnce(
  address: RemoteAddress,
  { onAdopting, lockTimeoutMs }: MigrateOptions,
): Promise<AdoptionReport | null> {
  const client = await openAny(address, lockTimeoutMs)
  try {
    const report = (await lastMigration(client)) === null ? await adoptAny(client, address, onAdopting) : null
    if (isFile(address)) await setWal(client)
    await migrate(drizzle({ client }), { migrationsFolder: migrationsFolder() })
    // A record means that another process adopted it meanwhile.
    return report?.recorded ? null : report
  } finally {
    client.close()
  }
}

/** Checks a file for damage before adopting it; servers check their own files. */
export function adoptAny(
  client: Client,
  address: RemoteAddress,
  onAdopting?: () => void,
): Promise<AdoptionLook | null> {
  return adopt(client, async () => {
    onAdopting?.()
    if (!isFile(address)) return
    await assertSound(client)
    await setWal(client)
  })
}

const isFile = ({ url }: RemoteAddress) => url.startsWith('file:')

/** Opens it without changing it. */
export function openAny(address: RemoteAddress, lockTimeoutMs?: number): Client | Promise<Client> {
  if (isFile(address)) return openUntouched(address.url, lockTimeoutMs)
  return remoteClient({ timeoutMs: SERVER_TIMEOUT_MS, ...address })
}
