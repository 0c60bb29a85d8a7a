/** Adoption of real files and servers, in every form that VX11's database is known to have had. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Client } from '@libsql/client'
import { createClient } from '@libsql/client/sqlite3'
import { migrate } from 'drizzle-orm/libsql/migrator'
import { drizzle } from 'drizzle-orm/libsql/sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { adopt } from '../../src/adapters/libsql/adopt.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migrate.ts'
import { remoteClient } from '../../src/adapters/libsql/remote.ts'
import { type LegacySeed, seedLegacy, seedLegacyFile } from '../../src/adapters/libsql/seed.ts'
import type { AdoptionReport } from '../../src/db/adoption/report.ts'
import { legacyTableCounts } from '../../src/db/legacy/history.ts'
import { readSchema } from '../db/actual-schema.ts'
import { expectedSchema } from '../db/expected-schema.ts'
import { adoptAndKill } from '../support/adoption-process.ts'
import { hashRows, readColumns } from '../support/row-hashes.ts'
import { startSqld } from '../support/sqld.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let folder: string
let made = 0
const open = new Set<Client>()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vx11-adopt-'))
})
afterEach(() => {
  for (const client of open) client.close()
  open.clear()
})
afterAll(() => rm(folder, { recursive: true }))

async function legacyFile(seed: Partial<LegacySeed> = {}): Promise<string> {
  const path = join(folder, `legacy-${++made}.db`)
  await seedLegacyFile(path, { rows: 800, tables: 86, ...seed })
  return path
}

function clientOf(path: string): Client {
  const client = createClient({ url: `file:${path}` })
  open.add(client)
  return client
}

const rowsOf = async (client: Client, sql: string) => (await client.execute(sql)).rows.map((row) => ({ ...row }))

async function fileHash(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

/** Runs a change of the file's own, closed again so that it stands in the file and not beside it. */
async function change(path: string, ...statements: string[]): Promise<void> {
  const client = createClient({ url: `file:${path}` })
  await client.migrate(statements)
  client.close()
}

/** Tables and columns by name, indexes by what they do: neither order nor name means anything to a reader. */
async function shape(client: Client) {
  const tables = await readSchema((sql) => rowsOf(client, sql))
  return withoutOrder(tables)
}
function withoutOrder(tables: Awaited<ReturnType<typeof readSchema>>) {
  return Object.fromEntries(
    Object.entries(tables)
      .sort()
      .map(([name, { columns, indexes }]) => [
        name,
        {
          columns: columns.map((column) => column.toUpperCase()).sort(),
          indexes: indexes.map((each) => each.replace(/^(UNIQUE )?\S+ /, '$1')).sort(),
        },
      ]),
  )
}

const places = ({ differences }: AdoptionReport) => differences.map(({ place, words }) => `${place} ${words}`)

describe('adopting a file', { timeout: 60_000 }, () => {
  it.each(legacyTableCounts)('of %i tables adds what is missing, and keeps every row as it was', async (tables) => {
    const path = await legacyFile({ tables })
    const client = clientOf(path)
    const columns = await readColumns(client)
    expect(Object.keys(columns)).toHaveLength(tables)
    const before = await hashRows(client, columns)

    const report = await migrateDatabase({ url: `file:${path}` })

    expect(await hashRows(client, columns)).toEqual(before)
    expect(await shape(client)).toEqual(withoutOrder(expectedSchema()))
    expect(report?.differences).toEqual([])
    expect(await rowsOf(client, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(await rowsOf(client, 'PRAGMA foreign_key_check')).toEqual([])
  })

  it('changes no byte the second time', async () => {
    const path = await legacyFile({ tables: 54 })
    await migrateDatabase({ url: `file:${path}` })
    const client = clientOf(path)
    const settledHash = async () => {
      await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
      return fileHash(path)
    }
    const adoptedHash = await settledHash()
    expect(await migrateDatabase({ url: `file:${path}` })).toBeNull()
    expect((await adopt(client, async () => {}))?.steps).toEqual([])
    expect(await settledHash()).toBe(adoptedHash)
  })

  it('knows the tables that only the newer hormiguero made, and the 8 columns of the scan script', async () => {
    const path = await legacyFile({ hormiguero: 'newer', runtimeServiceColumns: 8 })
    const client = clientOf(path)
    const columns = await readColumns(client)
    expect(columns.copilot_runtime_services).toHaveLength(8)
    expect(columns.incidents).not.toContain('ant_id')
    const before = await hashRows(client, columns)
    const report = await migrateDatabase({ url: `file:${path}` })
    expect(await hashRows(client, columns)).toEqual(before)
    expect(report && places(report)).toEqual([
      'hormiga_state.ant_id comes without NOT NULL',
      'hormiga_state.role comes without NOT NULL',
      'incidents.ant_id comes without NOT NULL',
      'incidents.incident_type comes without NOT NULL',
    ])
    const complete = Object.fromEntries(
      Object.entries(await readColumns(client)).map(([table, names]) => [table, names.length]),
    )
    expect(complete).toMatchObject({ incidents: 24, pheromone_log: 18, copilot_runtime_services: 13 })
  })

  it('makes the uniques that are missing, and reports those that rows stand against', async () => {
    const path = await legacyFile({ uniques: false })
    const sessions = [1, 1, 1, 2, 2, 3].map((n) => `('twice-${n}', 'local', 'web')`)
    await change(
      path,
      `INSERT INTO operator_session (session_id, user_id, source) VALUES ${sessions}`,
      'INSERT INTO system_state (key) SELECT key FROM system_state WHERE id = 1',
      'UPDATE incidents SET incident_id = NULL',
    )
    const client = clientOf(path)
    const columns = await readColumns(client)
    const before = await hashRows(client, columns)
    const report = await migrateDatabase({ url: `file:${path}` })
    expect(await hashRows(client, columns)).toEqual(before)
    expect(report && places(report)).toEqual([
      'unique operator_session(session_id) has 2 values in several rows, so rows that refer to it are refused',
      'unique system_state(key) has one value in several rows',
    ])
    expect(report?.steps.map(({ place }) => place)).toContain('unique incidents(incident_id)')

    await change(path, 'DELETE FROM system_state WHERE id > 1', 'DELETE FROM operator_session')
    const again = await adopt(client, async () => {})
    expect(again?.steps.map(({ place }) => place)).toEqual([
      'unique operator_session(session_id)',
      'unique system_state(key)',
    ])
    expect(again?.differences).toEqual([])
  })

  it('leaves alone what it does not know, and tells of names that are taken', async () => {
    const path = await legacyFile()
    await change(
      path,
      'CREATE TABLE notes (id INTEGER, words ANY) STRICT',
      "INSERT INTO notes VALUES (1, x'00ff')",
      "ALTER TABLE tasks ADD COLUMN own TEXT DEFAULT 'kept'",
      'CREATE VIEW shub_request_nonces AS SELECT 1 AS nonce',
      'CREATE INDEX daughters_spawn_uuid_unique ON notes (id)',
      'CREATE TRIGGER watch AFTER INSERT ON notes BEGIN SELECT 1; END',
    )
    const client = clientOf(path)
    const columns = await readColumns(client)
    const before = await hashRows(client, columns)
    const report = await migrateDatabase({ url: `file:${path}` })
    expect(await hashRows(client, columns)).toEqual(before)
    expect(report).toMatchObject({ unknownTables: ['notes'], unknownColumns: ['tasks.own'] })
    expect(report && places(report)).toEqual([
      'shub_request_nonces the name belongs to a view, so that the table cannot be made',
      'unique daughters(spawn_uuid) the name daughters_spawn_uuid_unique belongs to an index of another form',
    ])
    expect(await rowsOf(client, "SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('watch', 'notes')")).toEqual([
      { n: 2 },
    ])
  })

  it('records the first migration alone, so that later ones are applied', async () => {
    const path = await legacyFile({ tables: 70 })
    await migrateDatabase({ url: `file:${path}` })
    const client = clientOf(path)
    const fresh = join(folder, 'fresh.db')
    await migrateDatabase({ url: `file:${fresh}` })
    const record = 'SELECT * FROM __drizzle_migrations'
    expect(await rowsOf(client, record)).toEqual(await rowsOf(clientOf(fresh), record))

    const later = join(folder, 'later')
    await cp(join(root, 'migrations'), later, { recursive: true })
    const journal = JSON.parse(await readFile(join(later, 'meta/_journal.json'), 'utf8'))
    journal.entries.push({ idx: 1, version: '6', when: 1_900_000_000_000, tag: '0001_later', breakpoints: true })
    await writeFile(join(later, 'meta/_journal.json'), JSON.stringify(journal))
    await writeFile(join(later, '0001_later.sql'), 'CREATE INDEX `idx_later` ON `tasks` (`status`);')
    await migrate(drizzle({ client }), { migrationsFolder: later })
    expect(await rowsOf(client, "SELECT tbl_name FROM sqlite_schema WHERE name = 'idx_later'")).toEqual([
      { tbl_name: 'tasks' },
    ])
  })

  it('goes on after an end between any two transactions', async () => {
    const path = await legacyFile({ tables: 50, rows: 300 })
    const columns = await readColumns(clientOf(path))
    const before = await hashRows(clientOf(path), columns)
    let ends = 0
    for (let writes = 0; ; writes++) {
      const copy = join(folder, `ended-${writes}.db`)
      await cp(path, copy)
      const ended = await adopt(endingAfter(clientOf(copy), writes), async () => {}).catch((error: Error) => error)
      await migrateDatabase({ url: `file:${copy}` })
      const client = clientOf(copy)
      expect(await hashRows(client, columns)).toEqual(before)
      expect(await shape(client)).toEqual(withoutOrder(expectedSchema()))
      expect(await rowsOf(client, 'SELECT count(*) AS n FROM __drizzle_migrations')).toEqual([{ n: 1 }])
      if (!(ended instanceof Error)) break
      expect(ended.message).toBe('ended here')
      ends++
    }
    expect(ends).toBeGreaterThan(5)
  })
})

/** The client of a process that ends before its write number `writes`. */
function endingAfter(client: Client, writes: number): Client {
  let done = 0
  return new Proxy(client, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (name !== 'batch') return typeof member === 'function' ? member.bind(target) : member
      return (statements: string[], mode: 'read' | 'write') => {
        if (mode === 'write' && done++ === writes) throw new Error('ended here')
        return target.batch(statements, mode)
      }
    },
  })
}

describe('a database that is not VX11’s', () => {
  it.each([
    ['one table of a generic name', ['CREATE TABLE tasks (id INTEGER)'], 'only 1 of them is VX11’s'],
    ['tables of its own', ['CREATE TABLE mine (id INTEGER)', 'CREATE TABLE more (id INTEGER)'], 'none of them is'],
  ])('is refused and stays as it is: %s', async (_words, statements, words) => {
    const path = join(folder, `foreign-${++made}.db`)
    await change(path, ...statements)
    const before = await fileHash(path)
    await expect(migrateDatabase({ url: `file:${path}` })).rejects.toMatchObject({
      fault: 'foreign',
      message: expect.stringContaining(words),
    })
    expect(await fileHash(path)).toBe(before)
    expect((await readdir(folder)).filter((name) => name.startsWith(`foreign-${made}`))).toEqual([`foreign-${made}.db`])
  })
})

describe('npm run db --', { timeout: 60_000 }, () => {
  const run = (args: string[], env: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [join(root, 'src/entry/db.ts'), ...args], { cwd: folder, env })

  async function finish(child: ChildProcess) {
    const read = (stream: ChildProcess['stdout']) => (stream ? text(stream) : '')
    const [[code], out, problem] = await Promise.all([once(child, 'close'), read(child.stdout), read(child.stderr)])
    return { code, out, problem }
  }
  const urlOf = (path: string) => ({ VX11_DATABASE_URL: `file:${path}` })

  it('adopt --dry-run says what is missing and changes nothing', async () => {
    const path = await legacyFile({ tables: 71 })
    const before = await fileHash(path)
    const { code, out } = await finish(run(['adopt', '--dry-run'], urlOf(path)))
    expect(code).toBe(0)
    expect(out).toContain('  table  operator_events\n')
    expect(out).not.toContain('index  operator_events')
    expect(out).toContain('  index  unique daughters(spawn_uuid)\n')
    expect(out).toMatch(/Nothing was changed\.\n$/)
    expect(await fileHash(path)).toBe(before)
  })

  it('adopt --dry-run makes no file', async () => {
    const path = join(folder, 'absent', 'vx11.db')
    const { code, problem } = await finish(run(['adopt', '--dry-run'], urlOf(path)))
    expect({ code, problem }).toEqual({ code: 1, problem: expect.stringContaining('nothing to adopt') })
    expect(await readdir(folder)).not.toContain('absent')
  })

  it('adopt lets two processes start at once: together they add everything once', async () => {
    const path = await legacyFile({ tables: 59, rows: 20_000 })
    const runs = await Promise.all([finish(run(['adopt'], urlOf(path))), finish(run(['adopt'], urlOf(path)))])
    expect(runs.map(({ code, problem }) => ({ code, problem }))).toEqual([
      { code: 0, problem: '' },
      { code: 0, problem: '' },
    ])
    const client = clientOf(path)
    expect(await shape(client)).toEqual(withoutOrder(expectedSchema()))
    expect(await rowsOf(client, 'SELECT count(*) AS n FROM __drizzle_migrations')).toEqual([{ n: 1 }])
  })

  it('adopt goes on after kill -9', async () => {
    const path = await legacyFile({ tables: 50, rows: 30_000 })
    const columns = await readColumns(clientOf(path))
    const before = await hashRows(clientOf(path), columns)
    for (const ms of [0, 2, 5, 10]) {
      const copy = join(folder, `killed-${ms}.db`)
      await cp(path, copy)
      await adoptAndKill(copy, ms)
      expect(await rowsOf(clientOf(copy), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      await migrateDatabase({ url: `file:${copy}` })
      expect(await hashRows(clientOf(copy), columns)).toEqual(before)
      expect(await shape(clientOf(copy))).toEqual(withoutOrder(expectedSchema()))
    }
  })

  it('seed makes the same file each time, in the real proportions, and never over another', async () => {
    await mkdir(join(folder, 'seeds'))
    const paths = ['seeds/one.db', 'seeds/two.db']
    for (const file of paths) {
      expect((await finish(run(['seed', '--rows', '11500', '--file', file]))).code).toBe(0)
    }
    const [one = '', two = ''] = await Promise.all(paths.map((file) => fileHash(join(folder, file))))
    expect(one).toBe(two)
    const client = clientOf(join(folder, 'seeds/one.db'))
    const columns = await readColumns(client)
    const counts = await Promise.all(
      Object.keys(columns).map(async (table) =>
        Number((await rowsOf(client, `SELECT count(*) AS n FROM "${table}"`))[0]?.n),
      ),
    )
    expect(counts).toHaveLength(86)
    expect(counts.reduce((sum, count) => sum + count)).toBe(11_500)
    const incidents = Number((await rowsOf(client, 'SELECT count(*) AS n FROM incidents'))[0]?.n)
    expect(incidents / 11_500).toBeGreaterThan(0.97)
    expect(await rowsOf(client, 'PRAGMA foreign_key_check')).toEqual([])
    const again = await finish(run(['seed', '--file', 'seeds/one.db']))
    expect(again).toEqual({ code: 1, out: '', problem: expect.stringContaining('there already') })
    expect(await fileHash(join(folder, 'seeds/one.db'))).toBe(one)
  })

  it.each([
    [['seed', '--rows', 'NaN'], '--rows is a number'],
    [['seed', '--rows', '1e99'], '--rows is a number'],
    [['seed', '--tables', '87'], '--tables is one of'],
    [['adopt', '--force'], "Unknown option '--force'"],
  ])('refuses %j', async (args, words) => {
    const { code, problem } = await finish(run(args))
    expect({ code, problem }).toEqual({ code: 1, problem: expect.stringContaining(words) })
  })
})

const sqld = await startSqld()
afterAll(() => sqld?.stop())

describe.skipIf(!sqld)('adopting a database on a libSQL server', () => {
  it('adds what is missing and keeps every row', { timeout: 60_000 }, async () => {
    const address = { url: sqld?.url ?? '' }
    const client = remoteClient(address)
    await seedLegacy(client, { tables: 50, rows: 3000 })
    const columns = await readColumns(client)
    const before = await hashRows(client, columns)
    const report = await migrateDatabase(address)
    expect(report?.steps.length).toBeGreaterThan(100)
    expect(await hashRows(client, columns)).toEqual(before)
    expect(await shape(client)).toEqual(withoutOrder(expectedSchema()))
    expect(await migrateDatabase(address)).toBeNull()
  })
})
