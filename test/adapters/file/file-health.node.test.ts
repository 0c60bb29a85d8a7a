/** A database file that is taken away, replaced or damaged under an open database. */
import { copyFile, mkdtemp, open, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FileDatabase, type FileOptions, fileDatabase } from '../../../src/adapters/libsql/file.ts'
import { migrateDatabase } from '../../../src/adapters/libsql/migration/migrate.ts'
import { DatabaseFailure } from '../../../src/db/failure.ts'

let folder: string
let template: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-health-'))
  template = join(folder, 'template.db')
  await migrateDatabase({ url: `file:${template}` })
  const client = createClient({ url: `file:${template}` })
  const filler = 'x'.repeat(2000)
  await client.execute(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
     INSERT INTO events (id, source, event_type, payload) SELECT i, 'test', 'test.row', '${filler}' FROM n`,
  )
  await client.execute('VACUUM INTO ?', [join(folder, 'whole.db')])
  client.close()
  template = join(folder, 'whole.db')
})
afterAll(() => rm(folder, { recursive: true }))

let names = 0
async function newFile(): Promise<string> {
  const path = join(folder, `test-${++names}.db`)
  await copyFile(template, path)
  return path
}

async function withFile(use: (path: string, database: FileDatabase, lost: string[]) => Promise<void>) {
  const path = await newFile()
  const lost: string[] = []
  const options: FileOptions = { onLost: ({ code }) => lost.push(code) }
  const database = await fileDatabase(`file:${path}`, options)
  try {
    await use(path, database, lost)
  } finally {
    await database.close()
  }
}

const addSetting = (database: FileDatabase, key: string) =>
  database.open().run(sql`insert into operator_settings (key, value_json) values (${key}, '1')`)

const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => (error instanceof DatabaseFailure ? error.fault : String(error)),
  )

describe('a database file under an open database', () => {
  it.each<[string, string, (path: string) => Promise<void>]>([
    ['removed', 'missing', (path) => rm(path)],
    ['moved away', 'missing', (path) => rename(path, `${path}.moved`)],
    ['emptied', 'empty', async (path) => (await open(path, 'w')).close()],
    [
      'replaced',
      'replaced',
      async (path) => {
        await copyFile(template, `${path}.new`)
        await rename(`${path}.new`, path)
      },
    ],
    ['robbed of its log', 'replaced', (path) => rm(`${path}-wal`)],
    ['robbed of its log’s index', 'replaced', (path) => rm(`${path}-shm`)],
  ])('that is %s takes no row any more, and says so', async (_words, fault, spoil) => {
    await withFile(async (path, database, lost) => {
      await addSetting(database, 'before')
      await spoil(path)
      await expect(addSetting(database, 'after')).rejects.toThrow()
      expect(lost).toHaveLength(1)
      expect(await faultOf(database.ping())).toBe(fault)
    })
  })

  it('that is damaged is not ready from the first read that meets the damage until a check finds none', async () => {
    await withFile(async (path, database) => {
      const whole = await pages(path, 100)
      await overwrite(path, Buffer.alloc(whole.length, 0xdb))
      await expect(database.open().all(sql`select sum(length(payload)) from events`)).rejects.toThrow()
      expect(await faultOf(database.ping())).toBe('corrupt')
      // The rest of it is still of use.
      await addSetting(database, 'beside the damage')
      expect(await faultOf(database.ping())).toBe('corrupt')
      await overwrite(path, whole)
      await expect.poll(() => faultOf(database.ping()), { interval: 200 }).toBeNull()
    })
  })

  it('that somebody saw damage in is not ready until a check finds none', async () => {
    await withFile(async (_path, database) => {
      database.suspect('maintenance found a damaged page')
      expect(await faultOf(database.ping())).toBe('corrupt')
      await expect.poll(() => faultOf(database.ping()), { interval: 200 }).toBeNull()
    })
  })

  it('that is closed has its rows in itself, and no log beside it', async () => {
    const path = await newFile()
    const database = await fileDatabase(`file:${path}`)
    await Promise.all(Array.from({ length: 50 }, (_, index) => addSetting(database, `key-${index}`)))
    await database.open().all(sql`select * from operator_settings`)
    await database.close()
    for (const tail of ['-wal', '-shm']) await expect(stat(path + tail)).rejects.toThrow('ENOENT')
    const copy = `${path}.copy`
    await copyFile(path, copy)
    const client = createClient({ url: `file:${copy}` })
    const { rows } = await client.execute("SELECT count(*) AS rows FROM operator_settings WHERE key LIKE 'key-%'")
    expect(rows[0]?.rows).toBe(50)
    client.close()
  })

  it('that a second one opens is known to be shared', async () => {
    await withFile(async (path) => {
      const found: string[] = []
      const second = await fileDatabase(`file:${path}`, { onFinding: ({ kind }) => found.push(kind) })
      expect(found).toEqual(['shared'])
      await second.close()
    })
  })
})

/** Where the rows of `events` lie: behind the roots of all tables and indexes. */
const damageAt = async (path: string) => Math.floor(((await stat(path)).size - 600_000) / 4096) * 4096

async function pages(path: string, count: number): Promise<Buffer> {
  const file = await open(path, 'r')
  const bytes = Buffer.alloc(count * 4096)
  await file.read(bytes, 0, bytes.length, await damageAt(path))
  await file.close()
  return bytes
}

async function overwrite(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'r+')
  await file.write(bytes, 0, bytes.length, await damageAt(path))
  await file.close()
}
