/** What an administrator does to a service's database leaves nothing that the service cannot use. */
import { chownSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdtemp, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/libsql/sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { openFileClient } from '../../../src/adapters/libsql/file-client.ts'
import { backUp } from '../../../src/adapters/libsql/maintenance/backup.ts'
import { restore } from '../../../src/adapters/libsql/maintenance/restore.ts'
import { listBackups, rotate } from '../../../src/adapters/libsql/maintenance/rotation.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import type { StepContext } from '../../../src/modules/maintenance/outcome.ts'

const service = 61_184

describe.skipIf(process.getuid?.() !== 0)('root in the folder of a service', () => {
  let folder = ''
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('makes, backs up, rotates and restores a database that stays the service’s', async () => {
    folder = await mkdtemp(join(tmpdir(), 'owned-'))
    chownSync(folder, service, service)
    const [database, backups] = [join(folder, 'vx11.db'), join(folder, 'backups')]
    const client = await openFileClient(`file:${database}`)
    await client.execute('create table t (x)')
    const context = { db: drizzle({ client }), clock: systemClock() } as unknown as StepContext
    for (let time = 0; time < 2; time++) await backUp(backups)(context)
    await rotate(backups, 1)()
    client.close()
    // A closed client keeps its file until it is collected, so another one is restored.
    await rename(database, `${database}.before`)
    const [newest] = await listBackups(backups)
    const backup = join(backups, newest?.name ?? '')
    await restore({ database, backup, withoutChecksum: false, now: Date.now() })
    const made = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    expect(made).toEqual(expect.arrayContaining(['vx11.db', 'vx11.db.maintenance', 'backups', 'backups/archived']))
    const owners = made.map((name) => [name, statSync(join(folder, name)).uid] as const)
    expect(owners.filter(([, uid]) => uid !== service)).toEqual([])
  })
})
