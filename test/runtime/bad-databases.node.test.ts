/** The Node server in front of databases that cannot be used: it stays up, says why, touches nothing, and recovers. */
import { createHash } from 'node:crypto'
import { copyFile, mkdtemp, open, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createClient } from '@libsql/client/sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { seedLegacyFile } from '../../src/adapters/libsql/seed.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, startNodeGateway } from '../support/gateways.ts'
import { hashRows, readColumns } from '../support/row-hashes.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { startSqld } from '../support/sqld.ts'
import { stuckMs } from '../support/stuck.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-database-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function withGateway(url: string, use: (gateway: Gateway) => Promise<void>, env: Record<string, string> = {}) {
  const gateway = await startNodeGateway({ VX11_DATABASE_URL: url, ...env })
  try {
    await use(gateway)
  } finally {
    await gateway.stop()
  }
}

async function readiness(gateway: Gateway) {
  const response = await fetch(`${gateway.url}/readyz`)
  const { checks } = (await response.json()) as { checks: { database: { reason: string | null } } }
  return { status: response.status, reason: checks.database.reason }
}

const ready = { status: 200, reason: null }

/** The process stands, says why it is not ready, has told so once in its log, and refuses what needs the database. */
async function expectUnusable(gateway: Gateway, reason: string, words: string) {
  await expect.poll(() => readiness(gateway)).toEqual({ status: 503, reason })
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200)
  const told = gateway
    .output()
    .split('\n')
    .filter((line) => line.includes('"database_unavailable"'))
  expect(told).toEqual([expect.stringContaining(words)])
  expect(gateway.process.exitCode).toBeNull()
}

const becomesReady = (gateway: Gateway) => expect.poll(() => readiness(gateway)).toEqual(ready)

const hashOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

async function overwrite(path: string, from: number, bytes: number) {
  const file = await open(path, 'r+')
  await file.write(Buffer.alloc(bytes, 'damage'), 0, bytes, from)
  await file.close()
}

const damageRows = async (path: string) => overwrite(path, (await stat(path)).size / 2, 32_768)

type Kind = 'migrated' | 'legacy'
const pristine = new Map<Kind, Promise<string>>()

/** A whole database in one file, with the rollback journal that VX11's first ones had. */
async function pristineFile(kind: Kind): Promise<string> {
  const source = join(folder, `source-${kind}.db`)
  const path = join(folder, `${kind}.db`)
  if (kind === 'legacy') await seedLegacyFile(source, { tables: 70, rows: 5000 })
  else await migrateDatabase({ url: `file:${source}` })
  const client = createClient({ url: `file:${source}` })
  await client.execute({ sql: 'VACUUM INTO ?', args: [path] })
  client.close()
  return path
}

async function vx11File(name: string, kind: Kind): Promise<string> {
  const made = pristine.get(kind) ?? pristineFile(kind)
  pristine.set(kind, made)
  const path = join(folder, name)
  await copyFile(await made, path)
  return path
}

describe('a database that only a person can mend', () => {
  it.each<[string, Kind, string, string, (path: string) => Promise<void>]>([
    [
      'no database',
      'migrated',
      'not_a_database',
      'is not a SQLite database',
      (path) => writeFile(path, 'not a database '.repeat(99)),
    ],
    ['a damaged schema', 'migrated', 'corrupt', 'is damaged', (path) => overwrite(path, 100, 4000)],
    ['a damaged schema', 'legacy', 'corrupt', 'is damaged', (path) => overwrite(path, 100, 4000)],
    ['damaged rows', 'migrated', 'corrupt', 'is damaged', damageRows],
    ['damaged rows', 'legacy', 'corrupt', 'is damaged', damageRows],
    ['half a file', 'migrated', 'corrupt', 'is damaged', async (path) => truncate(path, (await stat(path)).size / 2)],
    ['less than a page', 'legacy', 'corrupt', 'is damaged', (path) => truncate(path, 1000)],
  ])('%s (%s): tells so and leaves every byte', async (words, kind, reason, sentence, spoil) => {
    const path = await vx11File(`${words}-${kind}.db`.replaceAll(' ', '-'), kind)
    await spoil(path)
    const before = await hashOf(path)
    await withGateway(`file:${path}`, (gateway) => expectUnusable(gateway, reason, sentence))
    expect(await hashOf(path)).toBe(before)
  })

  it('somebody else’s: tells so and leaves every byte', async () => {
    const path = join(folder, 'foreign.db')
    const client = createClient({ url: `file:${path}` })
    await client.execute('CREATE TABLE tasks (id INTEGER)')
    client.close()
    const before = await hashOf(path)
    await withGateway(`file:${path}`, (gateway) => expectUnusable(gateway, 'foreign', 'only 1 of them is VX11’s'))
    expect(await hashOf(path)).toBe(before)
  })
})

describe('a database that is closed for a while', () => {
  it.each(['migrated', 'legacy'] as const)('a locked one (%s): is opened when the lock is gone', async (kind) => {
    const path = await vx11File(`locked-${kind}.db`, kind)
    const holder = new DatabaseSync(path)
    holder.exec('BEGIN EXCLUSIVE')
    try {
      await withGateway(`file:${path}`, async (gateway) => {
        await expectUnusable(gateway, 'locked', 'is locked by another process')
        holder.exec('ROLLBACK')
        await becomesReady(gateway)
      })
    } finally {
      holder.close()
    }
  })

  it('a server that is not there: is used when it comes', async ({ skip }) => {
    const port = await freePort()
    await withGateway(`http://127.0.0.1:${port}`, async (gateway) => {
      await expectUnusable(gateway, 'unreachable', 'cannot be reached')
      const sqld = await startSqld({}, port)
      if (!sqld) return skip()
      try {
        await becomesReady(gateway)
      } finally {
        await sqld.stop()
      }
    })
  })

  it.for([
    ['to be adopted', 'legacy'],
    ['of the gateway’s own', 'migrated'],
  ] as const)('one %s in a read-only folder: is opened when it may be written', async ([, kind], { skip }) => {
    if (process.env.VX11_TEST_GATEWAY === 'image')
      return skip('a volume that began read-only stays so for its container')
    const disk = mountSmallDisk(8)
    if (!disk) return skip()
    try {
      const path = join(disk.path, 'vx11.db')
      await copyFile(await vx11File(`read-only-${kind}.db`, kind), path)
      disk.remount('ro')
      const before = await hashOf(path)
      await withGateway(`file:${path}`, async (gateway) => {
        await expectUnusable(gateway, 'read_only', 'cannot be opened for writing')
        expect(await hashOf(path)).toBe(before)
        disk.remount('rw')
        await becomesReady(gateway)
      })
    } finally {
      disk.unmount()
    }
  })

  it.for([
    ['new', 16_384],
    ['legacy', 300_000],
  ] as const)(
    'a %s one on a full disk: is made or adopted when there is room, with every row',
    { timeout: stuckMs },
    async ([kind, freeBytes], { skip }) => {
      const disk = mountSmallDisk(16)
      if (!disk) return skip()
      try {
        const path = join(disk.path, 'vx11.db')
        const read = async <T>(use: (client: ReturnType<typeof createClient>) => Promise<T>) => {
          const client = createClient({ url: `file:${path}` })
          try {
            return await use(client)
          } finally {
            client.close()
          }
        }
        if (kind === 'legacy') await seedLegacyFile(path, { tables: 50, rows: 20_000 })
        const columns = kind === 'legacy' ? await read(readColumns) : {}
        const before = kind === 'legacy' ? await read((client) => hashRows(client, columns)) : {}
        const filler = await disk.fill(freeBytes)
        await withGateway(`file:${path}`, async (gateway) => {
          await expectUnusable(gateway, 'full', 'without room')
          await unlink(filler)
          await becomesReady(gateway)
        })
        expect(await read((client) => hashRows(client, columns))).toEqual(before)
        const integrity = await read((client) => client.execute('PRAGMA integrity_check'))
        expect(integrity.rows.map((row) => ({ ...row }))).toEqual([{ integrity_check: 'ok' }])
      } finally {
        disk.unmount()
      }
    },
  )
})

describe('a database that was fine at the start', () => {
  it('is not ready while its disk is full, and is again afterwards', async ({ skip }) => {
    const disk = mountSmallDisk(16)
    if (!disk) return skip()
    try {
      const whileFull = async (gateway: Gateway) => {
        await becomesReady(gateway)
        const filler = await disk.fill(0)
        expect(await readiness(gateway)).toEqual({ status: 503, reason: 'full' })
        expect((await fetch(`${gateway.url}/health`)).status).toBe(200)
        const body = JSON.stringify({ services: ['switch'] })
        const opened = await gateway.fetch('/operator/api/window/open', { method: 'POST', body })
        // The embedded madre is the gateway: no fault of a service, nor something that another log tells.
        expect([opened.status, await opened.json()]).toEqual([
          503,
          expect.objectContaining({
            error: 'database_unavailable',
            detail: 'The disk of the gateway’s database is full.',
          }),
        ])
        await unlink(filler)
        expect(await readiness(gateway)).toEqual(ready)
      }
      await withGateway(`file:${join(disk.path, 'vx11.db')}`, whileFull, { MADRE_URL: 'embedded' })
    } finally {
      disk.unmount()
    }
  })
})
