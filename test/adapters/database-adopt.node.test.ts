/** Adoption of real files and servers, in every form that VX11's database is known to have had. */
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from '@libsql/client'
import { createClient } from '@libsql/client/sqlite3'
import { migrate } from 'drizzle-orm/libsql/migrator'
import { drizzle } from 'drizzle-orm/libsql/sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { adopt } from '../../src/adapters/libsql/migration/adopt.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { readMigrations } from '../../src/adapters/libsql/migration/migrations.ts'
import { remoteClient } from '../../src/adapters/libsql/remote.ts'
import { seedLegacy } from '../../src/adapters/libsql/seed.ts'
import type { AdoptionReport } from '../../src/db/adoption/report.ts'
import { legacyTableCounts } from '../../src/db/legacy/history.ts'
import { expectedSchema } from '../db/expected-schema.ts'
import { fileHash, legacyFiles, rowsOf, shape, withoutOrder } from '../support/legacy-files.ts'
import { hashRows, readColumns } from '../support/row-hashes.ts'
import { startSqld } from '../support/sqld.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { folder, legacyFile, clientOf } = legacyFiles()

/** Runs a change of the file's own, closed again so that it stands in the file and not beside it. */
async function change(path: string, ...statements: string[]): Promise<void> {
  const client = createClient({ url: `file:${path}` })
  await client.migrate(statements)
  client.close()
}

const places = ({ differences }: AdoptionReport) => differences.map(({ place, words }) => `${place} ${words}`)

describe('adopting a file', () => {
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
    const fresh = join(folder(), 'fresh.db')
    await migrateDatabase({ url: `file:${fresh}` })
    const record = 'SELECT * FROM __drizzle_migrations'
    expect(await rowsOf(client, record)).toEqual(await rowsOf(clientOf(fresh), record))

    const later = join(folder(), 'later')
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
      const copy = join(folder(), `ended-${writes}.db`)
      await cp(path, copy)
      const ended = await adopt(endingAfter(clientOf(copy), writes), async () => {}).catch((error: Error) => error)
      await migrateDatabase({ url: `file:${copy}` })
      const client = clientOf(copy)
      expect(await hashRows(client, columns)).toEqual(before)
      expect(await shape(client)).toEqual(withoutOrder(expectedSchema()))
      expect(await rowsOf(client, 'SELECT count(*) AS n FROM __drizzle_migrations')).toEqual([
        { n: readMigrations().length },
      ])
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
    const name = `foreign-${statements.length}`
    const path = join(folder(), `${name}.db`)
    await change(path, ...statements)
    const before = await fileHash(path)
    await expect(migrateDatabase({ url: `file:${path}` })).rejects.toMatchObject({
      fault: 'foreign',
      message: expect.stringContaining(words),
    })
    expect(await fileHash(path)).toBe(before)
    expect((await readdir(folder())).filter((each) => each.startsWith(name))).toEqual([`${name}.db`])
  })
})

const sqld = await startSqld()
afterAll(() => sqld?.stop())

describe.skipIf(!sqld)('adopting a database on a libSQL server', () => {
  it('adds what is missing and keeps every row', async () => {
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
