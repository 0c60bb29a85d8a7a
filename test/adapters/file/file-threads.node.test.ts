/** What waits for the database file leaves the event loop alone, and is bounded. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { createClient, type Transaction } from '@libsql/client/sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FileThreads, fileThreads, type JobRequest } from '../../../src/adapters/libsql/threads/file-threads.ts'

let folder: string
let path: string
let threads: FileThreads
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-threads-'))
  path = join(folder, 'test.db')
  const client = createClient({ url: `file:${path}` })
  await client.execute('PRAGMA journal_mode = WAL')
  await client.execute('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)')
  client.close()
  // A busy machine is slow, not a failure.
  threads = fileThreads({ path, timeoutMs: 120_000 })
})
afterAll(async () => {
  await threads.close()
  await rm(folder, { recursive: true })
})

const insert = (text: string, more: Partial<JobRequest> = {}) =>
  threads.run({
    statements: [{ sql: 'INSERT INTO notes (text) VALUES (?)', args: [text] }],
    isBatch: false,
    writes: true,
    ...more,
  })

const select = async (sql: string) => {
  const [result] = await threads.run({ statements: [{ sql, args: [] }], isBatch: false, writes: false })
  return result?.rows
}

/** Another connection holds the write lock meanwhile. */
async function whileLocked<T>(work: (lock: Transaction) => Promise<T>): Promise<T> {
  const client = createClient({ url: `file:${path}` })
  const lock = await client.transaction('write')
  try {
    return await work(lock)
  } finally {
    lock.close()
    client.close()
  }
}

/** How the work ended, and how often the event loop turned before. */
async function turnsUntil(work: Promise<unknown>): Promise<number> {
  let isOver = false
  let turns = 0
  const over = work.finally(() => {
    isOver = true
  })
  while (!isOver) {
    await turn()
    turns++
  }
  await over
  return turns
}

describe('the threads of a database file', () => {
  it('let the event loop turn while another connection holds the lock, answer reads meanwhile, and write after it', async () => {
    await whileLocked(async (lock) => {
      const written = insert('late')
      expect(await select("SELECT count(*) FROM notes WHERE text = 'late'")).toEqual([[0]])
      await lock.rollback()
      await written
    })
    expect(await select("SELECT count(*) FROM notes WHERE text = 'late'")).toEqual([[1]])
  })

  it('let the event loop turn while a statement takes long', async () => {
    const numbers = 'WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 1000000)'
    expect(await turnsUntil(select(`SELECT * FROM (${numbers} SELECT count(*) FROM numbers)`))).toBeGreaterThan(10)
  })

  it('give a lock up when its time is over, and have written nothing', async () => {
    await whileLocked(async () => {
      await expect(insert('never', { lockTimeoutMs: 50 })).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
    })
    expect(await select("SELECT count(*) FROM notes WHERE text = 'never'")).toEqual([[0]])
  })

  it('never begin what waited too long for its turn', async () => {
    await whileLocked(async (lock) => {
      const first = insert('first')
      const late = insert('too late', { timeoutMs: 0 })
      await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' })
      await lock.rollback()
      await first
    })
    expect(await select("SELECT count(*) FROM notes WHERE text = 'too late'")).toEqual([[0]])
  })

  it('refuse at once what is more than may wait, in number and in bytes', async () => {
    await whileLocked(async (lock) => {
      const many = Array.from({ length: 2001 }, () => insert('one of many', { timeoutMs: 300_000 }))
      await expect(many.at(-1)).rejects.toMatchObject({ code: 'OVERLOADED' })
      await lock.rollback()
      expect((await Promise.allSettled(many)).filter(({ status }) => status === 'fulfilled')).toHaveLength(2000)
    })
    await whileLocked(async (lock) => {
      const large = Array.from({ length: 9 }, () => insert('x'.repeat(8 * 2 ** 20), { timeoutMs: 300_000 }))
      await expect(large.at(-1)).rejects.toMatchObject({ code: 'OVERLOADED' })
      await lock.rollback()
      expect((await Promise.allSettled(large)).filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
    })
  }, 300_000)

  it('start readers where reads would wait for a write', async () => {
    await whileLocked(async (lock) => {
      const written = insert('beside reads')
      const counts = await Promise.all(Array.from({ length: 40 }, () => select('SELECT 1')))
      expect(counts).toEqual(Array.from({ length: 40 }, () => [[1]]))
      await lock.rollback()
      await written
    })
  })

  it('give cells of every type, and refuse integers that JavaScript would change', async () => {
    expect(await select("SELECT 1, 1.5, 'ñ', NULL, x'00ff', 9007199254740991")).toEqual([
      [1, 1.5, 'ñ', null, new Uint8Array([0, 255]).buffer, Number.MAX_SAFE_INTEGER],
    ])
    await expect(select('SELECT 9007199254740992')).rejects.toThrow('JavaScript')
  })
})
