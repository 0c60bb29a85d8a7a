/** A libSQL file as the migrations leave it, to be copied; it goes with the process. */
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileClient } from '../../src/adapters/libsql/file-client.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'

export async function migratedFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vx11-migrated-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'vx11.db')
  await migrateDatabase({ url: `file:${path}` })
  const client = await openFileClient(`file:${path}`)
  await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  client.close()
  return path
}
