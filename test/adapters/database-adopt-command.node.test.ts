/** `npm run db -- adopt` and `seed` as processes: together, killed, and with words they do not know. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { readMigrations } from '../../src/adapters/libsql/migration/migrations.ts'
import { expectedSchema } from '../db/expected-schema.ts'
import { adoptAndKill } from '../support/adoption-process.ts'
import { fileHash, legacyFiles, rowsOf, shape, withoutOrder } from '../support/legacy-files.ts'
import { hashRows, readColumns } from '../support/row-hashes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { folder, legacyFile, clientOf } = legacyFiles()

describe('npm run db --', () => {
  const run = (args: string[], env: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [join(root, 'dist/tentaculo.js'), 'db', ...args], { cwd: folder(), env })

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
    const path = join(folder(), 'absent', 'vx11.db')
    const { code, problem } = await finish(run(['adopt', '--dry-run'], urlOf(path)))
    expect({ code, problem }).toEqual({ code: 1, problem: expect.stringContaining('nothing to adopt') })
    expect(await readdir(folder())).not.toContain('absent')
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
    expect(await rowsOf(client, 'SELECT count(*) AS n FROM __drizzle_migrations')).toEqual([
      { n: readMigrations().length },
    ])
  })

  it('adopt goes on after kill -9', async () => {
    const path = await legacyFile({ tables: 50, rows: 30_000 })
    const columns = await readColumns(clientOf(path))
    const before = await hashRows(clientOf(path), columns)
    for (const ms of [0, 2, 5, 10]) {
      const copy = join(folder(), `killed-${ms}.db`)
      await cp(path, copy)
      await adoptAndKill(copy, ms)
      expect(await rowsOf(clientOf(copy), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      await migrateDatabase({ url: `file:${copy}` })
      expect(await hashRows(clientOf(copy), columns)).toEqual(before)
      expect(await shape(clientOf(copy))).toEqual(withoutOrder(expectedSchema()))
    }
  })

  it('seed makes the same file each time, in the real proportions, and never over another', async () => {
    await mkdir(join(folder(), 'seeds'))
    const paths = ['seeds/one.db', 'seeds/two.db']
    for (const file of paths) {
      expect((await finish(run(['seed', '--rows', '11500', '--file', file]))).code).toBe(0)
    }
    const [one = '', two = ''] = await Promise.all(paths.map((file) => fileHash(join(folder(), file))))
    expect(one).toBe(two)
    const client = clientOf(join(folder(), 'seeds/one.db'))
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
    expect(await fileHash(join(folder(), 'seeds/one.db'))).toBe(one)
  })

  it.each([
    [['seed', '--rows', 'NaN'], 'a whole number from 1 to 50000000'],
    [['seed', '--rows', '1e99'], 'a whole number'],
    [['seed', '--tables', '87'], 'Allowed choices are 50,'],
    [['adopt', '--force'], "unknown option '--force'"],
    [['adopt', 'vx11.db'], 'too many arguments'],
  ])('refuses %j', async (args, words) => {
    const { code, problem } = await finish(run(args))
    expect({ code, problem }).toEqual({ code: 2, problem: expect.stringContaining(words) })
  })
})
