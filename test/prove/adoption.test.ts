/**
 * A database of VX11's real size is adopted within seconds, keeps every row, and survives kill -9 at any moment.
 * ADOPTION_ROWS (1 150 000) and ADOPTION_KILLS (50) shorten it.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '@libsql/client/sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readMigrations } from '../../src/adapters/libsql/migration/migrations.ts'
import { adoptAndKill, dbProcess } from '../support/adoption-process.ts'
import { type Gateway, startNodeGateway } from '../support/gateways.ts'
import { type Columns, hashRows, readColumns } from '../support/row-hashes.ts'

const rows = Number(process.env.ADOPTION_ROWS ?? 1_150_000)
const kills = Number(process.env.ADOPTION_KILLS ?? 50)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adoption-'))
})
afterAll(() => rm(folder, { recursive: true }))

const tell = (words: string) => void process.stdout.write(`${words}\n`)
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`

/** Milliseconds that a command took, its process included. */
async function timed(args: string[], path?: string): Promise<number> {
  const startedAt = performance.now()
  const [code] = await once(dbProcess(args, path), 'close')
  expect(code).toBe(0)
  return performance.now() - startedAt
}

async function read<T>(path: string, use: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
  const client = createClient({ url: `file:${path}` })
  try {
    return await use(client)
  } finally {
    client.close()
  }
}

const one = (path: string, sql: string) => read(path, async (client) => (await client.execute(sql)).rows[0]?.[0])

async function fileHash(path: string): Promise<string> {
  await one(path, 'PRAGMA wal_checkpoint(TRUNCATE)')
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece)
  return hash.digest('hex')
}

interface Seeded {
  path: string
  columns: Columns
  hashes: Record<string, string>
}

async function seed(tables: number): Promise<Seeded> {
  const path = join(folder, `legacy-${tables}.db`)
  const ms = await timed(['seed', '--rows', String(rows), '--tables', String(tables), '--file', path])
  tell(`${tables} tables, ${rows} rows, ${(await stat(path)).size} bytes: made in ${seconds(ms)}`)
  expect(ms).toBeLessThan(120_000)
  const columns = await read(path, readColumns)
  return { path, columns, hashes: await read(path, (client) => hashRows(client, columns)) }
}

describe.each([86, 50])('a database of %i tables', (tables) => {
  let legacy: Seeded
  beforeAll(async () => {
    legacy = await seed(tables)
  })

  it('is adopted in under 5 s, keeps every row, and changes no more', async () => {
    const path = join(folder, 'adopted.db')
    await copyFile(legacy.path, path)
    const ms = await timed(['adopt'], path)
    tell(`adopted in ${seconds(ms)}, the start of the process included`)
    expect(ms).toBeLessThan(5000)
    expect(await read(path, (client) => hashRows(client, legacy.columns))).toEqual(legacy.hashes)
    expect(await one(path, 'PRAGMA integrity_check')).toBe('ok')
    const before = await fileHash(path)
    tell(`looked at again in ${seconds(await timed(['adopt'], path))}`)
    expect(await fileHash(path)).toBe(before)

    const startedAt = performance.now()
    const gateway = await startNodeGateway({ VX11_DATABASE_URL: `file:${path}` })
    await untilReady(gateway)
    const readyMs = performance.now() - startedAt
    await gateway.stop()
    tell(`gateway ready in ${seconds(readyMs)}`)
    expect(readyMs).toBeLessThan(1000)
  })

  it('is adopted by a starting gateway that answers /health meanwhile', async () => {
    const path = join(folder, 'started.db')
    await copyFile(legacy.path, path)
    const startedAt = performance.now()
    const gateway = await startNodeGateway({ VX11_DATABASE_URL: `file:${path}` })
    const latencies: number[] = []
    const ready = untilReady(gateway)
    let isReady = false
    void ready.then(() => {
      isReady = true
    })
    while (!isReady) {
      const askedAt = performance.now()
      expect((await fetch(`${gateway.url}/health`)).status).toBe(200)
      latencies.push(performance.now() - askedAt)
      await wait(5)
    }
    await ready
    const words = `${latencies.length} answers of /health, the slowest after ${Math.max(...latencies).toFixed(0)} ms`
    tell(`ready in ${seconds(performance.now() - startedAt)} with adoption; ${words}`)
    expect(gateway.output()).toContain('"database_adopted"')
    await gateway.stop()
    expect(Math.max(...latencies)).toBeLessThan(500)
    expect(await read(path, (client) => hashRows(client, legacy.columns))).toEqual(legacy.hashes)
  })

  // The newest form lacks so little that there is hardly a moment to kill it in.
  it.runIf(tables === 50)('loses nothing to kill -9, and the next start goes on', async () => {
    const path = join(folder, 'killed.db')
    await freshCopy(legacy.path, path)
    const changingMs = await adoptAndKill(path, null)
    const objects = await one(path, 'SELECT count(*) FROM sqlite_schema')
    let inTheMiddle = 0
    for (let kill = 0; kill < kills; kill++) {
      const afterMs = changingMs * Math.random()
      await freshCopy(legacy.path, path)
      await adoptAndKill(path, afterMs)
      const words = `killed ${afterMs} ms after the first change`
      if ((await one(path, "SELECT count(*) FROM sqlite_schema WHERE name = '__drizzle_migrations'")) === 0)
        inTheMiddle++
      expect(await one(path, 'PRAGMA integrity_check'), words).toBe('ok')
      await timed(['adopt'], path)
      expect(await one(path, 'PRAGMA integrity_check'), words).toBe('ok')
      expect(await read(path, (client) => hashRows(client, legacy.columns)), words).toEqual(legacy.hashes)
      expect(await one(path, 'SELECT count(*) FROM __drizzle_migrations'), words).toBe(readMigrations().length)
      expect(await one(path, 'SELECT count(*) FROM sqlite_schema'), words).toBe(objects)
    }
    tell(`${kills} kills within ${changingMs.toFixed(0)} ms of change, ${inTheMiddle} of them before the record`)
    expect(inTheMiddle).toBeGreaterThan(kills / 4)
  })
})

async function freshCopy(from: string, path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(path + suffix, { force: true })
  await copyFile(from, path)
}

async function untilReady(gateway: Gateway): Promise<void> {
  while ((await fetch(`${gateway.url}/readyz`)).status !== 200) await wait(10)
}
