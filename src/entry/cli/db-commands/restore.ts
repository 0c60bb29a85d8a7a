/** Replaces the database with a backup, or lists the backups. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { filePath } from '../../../adapters/libsql/file-path.ts'
import { archiveOf } from '../../../adapters/libsql/maintenance/leftovers.ts'
import { restore } from '../../../adapters/libsql/maintenance/restore.ts'
import { listBackups } from '../../../adapters/libsql/maintenance/rotation.ts'
import { printResult } from '../command/print.ts'
import type { JsonOption } from '../commands/options.ts'
import { commandConfig } from '../gateway/running-gateway.ts'

export interface RestoreOptions extends JsonOption {
  withoutChecksum?: true
}

export async function restoreBackup(wanted: string | undefined, options: RestoreOptions): Promise<number> {
  const { withoutChecksum = false, json } = options
  const { database, backup } = commandConfig()
  if (!database.url.startsWith('file:'))
    throw new Error('Only a database file can be restored; see to a server where it runs.')
  if (wanted === undefined) return list(backup.directory, json)
  const restored = await restore({
    database: resolve(filePath(database.url)),
    backup: locate(wanted, backup.directory),
    ...{ withoutChecksum, now: Date.now() },
  })
  const former = restored.replaced ? `\nThe former database is ${restored.replaced}` : ''
  printResult(restored, json, () => `Restored, SHA-256 ${restored.sha256}.${former}`)
  return 0
}

/** A path, or the file name of a backup. */
const locate = (wanted: string, directory: string): string =>
  [wanted, join(directory, wanted), join(archiveOf(directory), wanted)].find((path) => existsSync(path)) ?? wanted

async function list(directory: string, json: true | undefined): Promise<number> {
  const lists = [directory, archiveOf(directory)].map(async (folder) =>
    (await listBackups(folder)).map(({ name, verifiable, at }) => ({
      ...{ file: join(folder, name), verifiable, at: new Date(at).toISOString() },
    })),
  )
  const backups = (await Promise.all(lists)).flat()
  printResult(backups, json, () =>
    backups.map(({ file, verifiable, at }) => `${at}  ${file}${verifiable ? '' : '  without checksum'}`).join('\n'),
  )
  return 0
}
