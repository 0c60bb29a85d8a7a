/** The Node server over a database file that is lost or replaced while it runs: nothing acknowledged is lost. */
import { copyFile, mkdir, mkdtemp, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/adapters/libsql/maintenance/checksum.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { type Gateway, startNodeGateway } from '../support/gateways.ts'

let folder: string
let template: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-faults-'))
  template = join(folder, 'template.db')
  await migrateDatabase({ url: `file:${template}` })
  const client = createClient({ url: `file:${template}` })
  await client.execute('VACUUM INTO ?', [join(folder, 'whole.db')])
  client.close()
  template = join(folder, 'whole.db')
})
afterAll(() => rm(folder, { recursive: true }))

let names = 0
async function withGateway(
  use: (gateway: Gateway, path: string) => Promise<void>,
  env: Record<string, string> = {},
  path = join(folder, `gateway-${++names}.db`),
) {
  if (!(await stat(path).catch(() => null))) await copyFile(template, path)
  const gateway = await startNodeGateway({ VX11_DATABASE_URL: `file:${path}`, ...env })
  try {
    await use(gateway, path)
  } finally {
    await gateway.stop()
  }
}

async function reason(gateway: Gateway): Promise<string | null> {
  const response = await fetch(`${gateway.url}/readyz`)
  const { checks } = (await response.json()) as { checks: { database: { reason: string | null } } }
  return response.ok ? null : (checks.database.reason ?? 'unknown')
}

const becomes = (gateway: Gateway, wanted: string | null) => expect.poll(() => reason(gateway)).toBe(wanted)

const post = async (gateway: Gateway, text: string) => {
  const response = await gateway.fetch('/events/ingest', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ source: 'test', type: 'test.fault', payload: { text } }),
  })
  await response.body?.cancel()
  return response.ok
}

async function storedIn(path: string): Promise<string[]> {
  const client = createClient({ url: `file:${path}` })
  const { rows } = await client.execute("SELECT payload ->> 'text' AS text FROM events WHERE event_type = 'test.fault'")
  client.close()
  return rows.map(({ text }) => String(text))
}

/** Posts until one is refused; gives the acknowledged. */
async function postAll(gateway: Gateway, name: string, count: number): Promise<string[]> {
  const acknowledged: string[] = []
  for (let index = 0; index < count; index++) {
    const text = `${name}-${index}`
    if (await post(gateway, text)) acknowledged.push(text)
  }
  return acknowledged
}

describe('a database file that is lost while the gateway runs', () => {
  it('and put back: nothing is acknowledged meanwhile, and all that was is there', async () => {
    await withGateway(async (gateway, path) => {
      await becomes(gateway, null)
      const before = await postAll(gateway, 'before', 5)
      await rename(path, `${path}.away`)
      expect(await postAll(gateway, 'away', 10)).toEqual([])
      await becomes(gateway, 'missing')
      expect((await fetch(`${gateway.url}/livez`)).status).toBe(200)
      await rename(`${path}.away`, path)
      await becomes(gateway, null)
      const after = await postAll(gateway, 'after', 5)
      expect(after).toHaveLength(5)
      await gateway.stop()
      await expect(stat(`${path}-wal`)).rejects.toThrow('ENOENT')
      // What was refused may have been stored, too; what was acknowledged was.
      expect(await storedIn(path)).toEqual(expect.arrayContaining([...before, ...after]))
    })
  })

  it('and replaced by another: what is acknowledged from then on is in the new one, and no log was laid over it', async () => {
    await withGateway(async (gateway, path) => {
      await becomes(gateway, null)
      await postAll(gateway, 'before', 5)
      await copyFile(template, `${path}.new`)
      await rename(`${path}.new`, path)
      const first = await postAll(gateway, 'replaced', 10)
      await becomes(gateway, null)
      const then = await postAll(gateway, 'after', 5)
      expect(then).toHaveLength(5)
      await gateway.stop()
      expect(await storedIn(path)).toEqual(expect.arrayContaining([...first, ...then]))
      expect(gateway.output()).toContain('foreign_log_set_aside')
    })
  })
})

describe('a place where a database file was', () => {
  it.each<[string, string, (path: string) => Promise<void>]>([
    ['missing', 'missing', () => Promise.resolve()],
    ['empty', 'empty', async (path) => (await open(path, 'w')).close()],
  ])('is refused in production when it is %s beside a log with rows', async (_words, fault, prepare) => {
    const path = join(folder, `begun-${fault}.db`)
    await prepare(path)
    await writeFile(`${path}-wal`, Buffer.alloc(50_000, 1))
    const env = {
      VX11_ENV: 'production',
      VX11_TENTACULO_LINK_TOKEN: 'a-token-that-is-long-enough-for-production',
      VX11_DATABASE_URL: `file:${path}`,
      VX11_DATA_DIR: join(folder, fault),
    }
    const gateway = await startNodeGateway(env)
    try {
      await becomes(gateway, fault)
      expect(gateway.output()).toContain('a write-ahead log with rows in it lies beside it')
      expect((await stat(`${path}-wal`)).size).toBe(50_000)
    } finally {
      await gateway.stop()
    }
  })

  it('is refused in production when it is missing beside backups', async () => {
    const path = join(folder, 'begun-backups.db')
    const dataDir = join(folder, 'begun-backups')
    await mkdir(join(dataDir, 'backups'), { recursive: true })
    const backup = join(dataDir, 'backups/vx11-20261120T030000000Z.db')
    await copyFile(template, backup)
    await writeFile(`${backup}.sha256`, `${await sha256Of(backup)}  vx11-20261120T030000000Z.db\n`)
    const gateway = await startNodeGateway({
      VX11_ENV: 'production',
      VX11_TENTACULO_LINK_TOKEN: 'a-token-that-is-long-enough-for-production',
      VX11_DATABASE_URL: `file:${path}`,
      VX11_DATA_DIR: dataDir,
    })
    try {
      await becomes(gateway, 'missing')
      expect(gateway.output()).toContain('there are backups in')
      await expect(stat(path)).rejects.toThrow('ENOENT')
      // As a restore does it.
      await copyFile(backup, `${path}.restored`)
      await rename(`${path}.restored`, path)
      await becomes(gateway, null)
    } finally {
      await gateway.stop()
    }
  })

  it('is begun anew elsewhere, says so, and keeps the log', async () => {
    const path = join(folder, 'begun-anew.db')
    await writeFile(`${path}-wal`, Buffer.alloc(50_000, 1))
    const gateway = await startNodeGateway({ VX11_DATABASE_URL: `file:${path}` })
    try {
      await becomes(gateway, null)
      expect(gateway.output()).toMatch(/database_begun_anew.*begun-anew\.db-wal\.foreign-/)
    } finally {
      await gateway.stop()
    }
  })
})

describe('a second gateway on one file', () => {
  it('says so at its start', async () => {
    await withGateway(async (first, path) => {
      await becomes(first, null)
      await withGateway(
        async (second) => {
          await becomes(second, null)
          expect(second.output()).toContain('database_shared')
          expect(first.output()).not.toContain('database_shared')
        },
        {},
        path,
      )
    })
  })
})
