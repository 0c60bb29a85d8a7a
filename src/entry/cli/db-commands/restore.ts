/** `npm run db -- restore [file]`: replaces the database with a backup, or lists the backups. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { filePath } from '../../../adapters/libsql/file-path.ts'
import { archiveOf } from '../../../adapters/libsql/maintenance/leftovers.ts'
import { restore } from '../../../adapters/libsql/maintenance/restore.ts'
import { listBackups } from '../../../adapters/libsql/maintenance/rotation.ts'
import type { DbCommand } from '../db.ts'

export const restoreBackup: DbCommand = async (args, { database: { url }, backup: { directory } }) => {
  const { values, positionals } = parseArgs({
    args,
    options: { 'without-checksum': { type: 'boolean' } },
    allowPositionals: true,
  })
  if (!url.startsWith('file:')) throw new Error('Only a database file can be restored; see to a server where it runs.')
  const [wanted] = positionals
  if (!wanted || positionals.length > 1) return list(directory)
  const restored = await restore({
    database: resolve(filePath(url)),
    backup: locate(wanted, directory),
    withoutChecksum: values['without-checksum'] ?? false,
    now: Date.now(),
  })
  process.stdout.write(`Restored, SHA-256 ${restored.sha256}.\n`)
  if (restored.replaced) process.stdout.write(`The former database is ${restored.replaced}\n`)
  return 0
}

/** A path, or the file name of a backup. */
const locate = (wanted: string, directory: string): string =>
  [wanted, join(directory, wanted), join(archiveOf(directory), wanted)].find((path) => existsSync(path)) ?? wanted

async function list(directory: string): Promise<number> {
  const folders = [directory, archiveOf(directory)]
  for (const folder of folders) {
    for (const { name, verifiable, at } of await listBackups(folder)) {
      const remark = verifiable ? '' : '  without checksum'
      process.stdout.write(`${new Date(at).toISOString()}  ${join(folder, name)}${remark}\n`)
    }
  }
  process.stderr.write('\nnpm run db -- restore <file> [--without-checksum]\n')
  return 2
}
