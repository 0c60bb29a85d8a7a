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
  await client.execute(
    `INSERT INTO forensic_ledger (id, event, payload, hash, created_at)
     SELECT id, 'test.row', payload, id, '2026-01-01 00:00:00' FROM events`,
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

  it.each(['events', 'forensic_ledger'] as const)(
    'with a damaged page of %s is not ready until a check finds none',
    async (table) => {
      await withFile(async (path, database) => {
        // In the middle of the table, where no probe reads.
        const pages = await leavesOf(path, table)
        const mend = await damage(path, pages[Math.floor(pages.length / 2)] ?? 0)
        expect(await faultOf(database.ping())).toBeNull()
        const read = sql`select sum(length(payload)) from ${sql.identifier(table)}`
        await expect(database.open().all(read)).rejects.toThrow()
        expect(await faultOf(database.ping())).toBe('corrupt')
        // The rest of it is still of use.
        await addSetting(database, 'beside the damage')
        expect(await faultOf(database.ping())).toBe('corrupt')
        await mend()
        await expect.poll(() => faultOf(database.ping()), { interval: 200 }).toBeNull()
      })
    },
  )

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

const pageBytes = 4096

/** The pages that hold the rows of a table, oldest first. */
async function leavesOf(path: string, table: string): Promise<number[]> {
  const client = createClient({ url: `file:${path}` })
  const statement = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path"
  const { rows } = await client.execute({ sql: statement, args: [table] })
  client.close()
  return rows.map(({ pageno }) => Number(pageno))
}

/** Gives what puts the page back. */
async function damage(path: string, page: number): Promise<() => Promise<void>> {
  const file = await open(path, 'r+')
  const whole = Buffer.alloc(pageBytes)
  const at = (page - 1) * pageBytes
  await file.read(whole, 0, pageBytes, at)
  await file.write(Buffer.alloc(pageBytes, 0xdb), 0, pageBytes, at)
  return async () => {
    await file.write(whole, 0, pageBytes, at)
    await file.close()
  }
}
