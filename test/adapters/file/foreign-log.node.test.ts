/** A write-ahead log beside a file that it was not written for, and every log that was. */
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@libsql/client/sqlite3'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileDatabase } from '../../../src/adapters/libsql/file.ts'
import { migrateDatabase } from '../../../src/adapters/libsql/migration/migrate.ts'
import { foreignLog } from '../../../src/adapters/libsql/threads/foreign-log.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foreign-log-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function withClient<T>(path: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = createClient({ url: `file:${path}` })
  try {
    return await use(client)
  } finally {
    client.close()
  }
}

const note = (client: Client, key: string, length = 20) =>
  client.execute({
    sql: 'INSERT INTO operator_settings (key, value_json) VALUES (?, ?)',
    args: [key, JSON.stringify('x'.repeat(length))],
  })

/** As a crash would leave it: the file and its log, as they are now. */
async function crashed(path: string, to: string): Promise<string> {
  await copyFile(path, to)
  await copyFile(`${path}-wal`, `${to}-wal`)
  return to
}

describe('the log beside a database file', () => {
  it('is taken for its own in every state that writing, growing and checkpoints lead to', async () => {
    const path = join(folder, 'states.db')
    await migrateDatabase({ url: `file:${path}` })
    await withClient(path, async (one) => {
      await withClient(path, async (other) => {
        for (let step = 0; step < 60; step++) {
          await note(step % 3 === 0 ? other : one, `key-${step}`, step % 5 === 0 ? 30_000 : 20)
          if (step % 4 === 3) await one.execute('DELETE FROM operator_settings WHERE length(value_json) > 1000')
          if (step % 7 === 6) await other.execute('PRAGMA wal_checkpoint(PASSIVE)')
          if (step % 11 === 10) await one.execute('PRAGMA wal_checkpoint(RESTART)')
          if (step % 17 === 16) await one.execute('VACUUM')
          expect(foreignLog(await crashed(path, join(folder, 'copy.db'))), `after step ${step}`).toBeNull()
        }
      })
    })
  })

  it.each<[string, (path: string, copy: string) => Promise<void>]>([
    [
      'a backup',
      (path, copy) => withClient(path, async (client) => void (await client.execute('VACUUM INTO ?', [copy]))),
    ],
    [
      'an older copy',
      async (path, copy) => {
        await withClient(path, async (client) => void (await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')))
        await copyFile(path, copy)
      },
    ],
  ])('is set aside when %s was copied over the file, and nothing of it is applied', async (_words, copyTo) => {
    const path = join(folder, `over-${names++}.db`)
    await migrateDatabase({ url: `file:${path}` })
    const copy = `${path}.backup`
    const crash = `${path}.crash`
    await withClient(path, async (client) => {
      await note(client, 'old')
      await copyTo(path, copy)
      for (let step = 0; step < 40; step++) {
        await note(client, `new-${step}`, 3000)
        if (step === 20) await client.execute('PRAGMA wal_checkpoint(RESTART)')
      }
      await crashed(path, crash)
    })
    await copyFile(copy, crash)

    const found: unknown[] = []
    const database = await fileDatabase(`file:${crash}`, { onFinding: (finding) => found.push(finding) })
    const db = database.open()
    expect(await db.all(sql`select key from operator_settings`)).toEqual([{ key: 'old' }])
    expect(await db.all(sql`select * from pragma_quick_check`)).toEqual([{ quick_check: 'ok' }])
    await database.close()
    expect(found).toEqual([expect.objectContaining({ kind: 'foreign_log' })])
    const aside = (await readdir(folder)).filter((name) => name.includes('.crash-wal.foreign-'))
    expect(aside.length).toBeGreaterThan(0)
  })

  it('is read to the end of what was committed, and no further', async () => {
    const path = join(folder, 'short.db')
    await writeFile(path, 'SQLite format 3')
    await writeFile(`${path}-wal`, Buffer.alloc(40))
    expect(foreignLog(path)).toBeNull()
    await writeFile(path, Buffer.alloc(0))
    expect(foreignLog(path)).toBeNull()
  })
})

let names = 0
