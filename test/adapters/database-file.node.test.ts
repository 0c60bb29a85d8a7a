import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileDatabase } from '../../src/adapters/libsql/file.ts'
import { openFileClient } from '../../src/adapters/libsql/file-client.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { describeDatabase } from '../support/contracts/database.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vx11-'))
})
afterAll(() => rm(folder, { recursive: true }))

const fileUrl = (name: string) => `file:${join(folder, name)}`

describeDatabase('a libSQL file', async () => {
  const url = fileUrl('contract.db')
  await migrateDatabase({ url })
  return fileDatabase(url)
})

describe('a libSQL file', () => {
  it('gives every connection the same settings, also one that opens during a transaction', async () => {
    const client = await openFileClient(fileUrl('settings.db'))
    const transaction = await client.transaction('write')
    const settings = async (name: string) => [
      (await client.execute(`PRAGMA ${name}`)).rows[0]?.[0],
      (await transaction.execute(`PRAGMA ${name}`)).rows[0]?.[0],
    ]
    expect(await settings('journal_mode')).toEqual(['wal', 'wal'])
    expect(await settings('busy_timeout')).toEqual([5000, 5000])
    expect(await settings('foreign_keys')).toEqual([1, 1])
    expect(await settings('synchronous')).toEqual([2, 2])
    await transaction.rollback()
    client.close()
  })

  it('creates file and folder for their owner alone, also when the path has blanks and percent signs', async () => {
    const url = `file:${join(folder, 'new%20folder', 'a b', 'vx11.db')}`
    await migrateDatabase({ url })
    const database = await fileDatabase(url)
    await expect(database.ping()).resolves.toBeUndefined()
    const modeOf = async (name: string) => (await stat(join(folder, 'new folder', name))).mode & 0o777
    expect(await modeOf('a b')).toBe(0o700)
    for (const name of await readdir(join(folder, 'new folder', 'a b')))
      expect([name, await modeOf(join('a b', name))]).toEqual([name, 0o600])
    await database.close()
  })

  it('keeps its rows when it is closed and opened again', async () => {
    const url = fileUrl('kept.db')
    await migrateDatabase({ url })
    const first = await openFileClient(url)
    await first.execute("INSERT INTO operator_settings (key, value_json) VALUES ('theme', '1')")
    first.close()
    const second = await openFileClient(url)
    expect((await second.execute('SELECT key FROM operator_settings')).rows).toHaveLength(1)
    second.close()
  })

  it('refuses a file that is no database and leaves it alone', async () => {
    const path = join(folder, 'notes.txt')
    await writeFile(path, 'Not a database, although long enough to be mistaken for the header of one.')
    await expect(fileDatabase(`file:${path}`)).rejects.toThrow(/is not a SQLite database/)
  })

  it('does not answer a ping once closed', async () => {
    const url = fileUrl('closed.db')
    await migrateDatabase({ url })
    const database = await fileDatabase(url)
    await database.close()
    await expect(database.ping()).rejects.toThrow()
  })
})
