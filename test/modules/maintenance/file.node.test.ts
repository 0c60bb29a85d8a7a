import {
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileDatabase } from '../../../src/adapters/libsql/file.ts'
import { openFileClient } from '../../../src/adapters/libsql/file-client.ts'
import { readChecksum, sha256Of } from '../../../src/adapters/libsql/maintenance/checksum.ts'
import { fileLock } from '../../../src/adapters/libsql/maintenance/file-lock.ts'
import { inThread } from '../../../src/adapters/libsql/maintenance/in-thread.ts'
import { restore } from '../../../src/adapters/libsql/maintenance/restore.ts'
import { migrateDatabase } from '../../../src/adapters/libsql/migration/migrate.ts'
import { parseConfig } from '../../../src/config/config.ts'
import type { Progress } from '../../../src/db/maintenance/report.ts'
import { type MaintenanceRequest, maintenanceRequest } from '../../../src/db/maintenance/request.ts'
import { MaintenanceRefused } from '../../../src/modules/maintenance/run.ts'

/** What `npm start` runs; a thread from sources takes a second of work for each start. */
const bundled = resolve('dist/maintenance-thread.js')

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vx11-maintenance-'))
  path = join(folder, 'a b%20c.db')
  await migrateDatabase({ url: url() })
})
afterEach(() => rm(folder, { recursive: true }))

const url = () => `file:${path.replaceAll('%', '%25')}`
const backups = () => join(folder, 'data/backups')

function config(env: Record<string, string> = {}) {
  return parseConfig({
    VX11_TENTACULO_LINK_TOKEN: 'a-token-for-tests',
    VX11_DATABASE_URL: url(),
    VX11_DATA_DIR: join(folder, 'data'),
    ...env,
  })
}

async function run(
  request: Partial<MaintenanceRequest> = {},
  env: Record<string, string> = {},
  execute = inThread(config(env), bundled),
) {
  const progress: Progress[] = []
  const options = { id: crypto.randomUUID(), started() {}, progress: (told: Progress) => void progress.push(told) }
  const report = await execute({ ...maintenanceRequest('command'), ...request }, options)
  return { report, progress }
}

const backUp = async (env?: Record<string, string>) => {
  const { report } = await run({ steps: ['backup', 'backup_rotation'] }, env)
  const made = report.steps.backup?.result
  if (!made) throw new Error(report.steps.backup?.reason ?? 'no backup')
  return made
}

async function withClient<T>(use: (client: Awaited<ReturnType<typeof openFileClient>>) => Promise<T>): Promise<T> {
  const client = await openFileClient(url())
  try {
    return await use(client)
  } finally {
    client.close()
  }
}

const addSetting = (key: string) =>
  withClient((client) => client.execute({ sql: 'INSERT INTO operator_settings (key) VALUES (?)', args: [key] }))

async function settingsIn(file: string) {
  const database = await fileDatabase(`file:${file.replaceAll('%', '%25')}`)
  const rows = await database.open().all<{ key: string }>(sql`SELECT key FROM operator_settings ORDER BY key`)
  await database.close()
  return rows.map(({ key }) => key)
}

describe('a run in a thread', () => {
  it('does all that a file can have done to it', async () => {
    const { report, progress } = await run(maintenanceRequest('command', { vacuum: true, apply: true }))
    expect(report).toMatchObject({ ok: true, store: 'file', path })
    expect(Object.values(report.steps).map(({ status }) => status)).toEqual(Array(11).fill('ok'))
    expect(report.steps.wal_checkpoint?.result).toMatchObject({ busy: false })
    expect(report.steps.optimize?.result).toEqual({ statement: 'ANALYZE', tables: 88 })
    const { bytes } = report.steps.counts?.result ?? {}
    expect(Object.keys(bytes ?? {})).toHaveLength(88)
    // A page for the table and one for each index at least.
    expect(bytes?.system_state).toBeGreaterThanOrEqual(8192)
    expect(progress.at(-1)?.percent).toBe(100)
  })

  it('is refused while another process or run has the lock, and not afterwards', async () => {
    const unlock = await fileLock(path).take()
    await expect(run()).rejects.toEqual(new MaintenanceRefused('running'))
    await unlock?.()
    expect((await run({ steps: ['counts'] })).report.ok).toBe(true)
    const both = await Promise.allSettled([run({ steps: ['counts'] }), run({ steps: ['counts'] })])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('is not kept away by the row of a run that died with its process', async () => {
    const dead = {
      id: 'dead',
      trigger: 'weekly',
      startedAt: Date.now(),
      leaseUntil: Date.now() + 900_000,
      progress: null,
    }
    await withClient((client) =>
      client.execute({
        sql: "INSERT INTO system_state (key, value) VALUES ('gateway:maintenance:run', ?)",
        args: [JSON.stringify(dead)],
      }),
    )
    expect((await run({ steps: ['counts'] })).report.ok).toBe(true)
  })

  it('leaves no file open behind', async () => {
    const openFiles = async () => (await readdir('/proc/self/fd')).length
    const execute = inThread(config(), bundled)
    const count = () => run({ steps: ['counts'] }, {}, execute)
    await count()
    const before = await openFiles()
    for (let i = 0; i < 5; i++) await count()
    expect((await openFiles()) - before).toBeLessThan(5)
  })

  it('judges what the checks say: a row without parent', async () => {
    await withClient(async (client) => {
      await client.executeMultiple(`PRAGMA foreign_keys = OFF;
        INSERT INTO operator_message (session_id, role, content) VALUES ('nobody', 'user', 'x');`)
    })
    const { report } = await run()
    expect(report.ok).toBe(false)
    expect(report.steps.foreign_key_check).toMatchObject({
      status: 'found',
      result: { violations: 1, by_key: { 'operator_message -> operator_session': 1 } },
    })
    expect(report.steps.backup?.status).toBe('ok')
  })

  it('finds damage, and then makes no backup, moves none away and deletes nothing', async () => {
    const good = await backUp()
    await withClient((client) => client.execute('PRAGMA wal_checkpoint(TRUNCATE)'))
    await damage(path)
    const { report } = await run({ apply: true })
    expect(report.ok).toBe(false)
    expect(report.steps.integrity_check).toMatchObject({
      status: 'found',
      result: { verdict: expect.not.stringMatching(/^ok$/) },
    })
    for (const step of ['backup', 'backup_rotation', 'retention'] as const) {
      expect(report.steps[step]?.reason).toContain('damaged')
    }
    expect(await readdir(backups())).toContain(good.file.split('/').at(-1))
  })
})

/** Overwrites a page of an index, so that the file still opens. */
async function damage(file: string) {
  const page = await withClient(async (client) => {
    const { rows } = await client.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'idx_incidents_detected_at'")
    return Number(rows[0]?.[0])
  })
  const handle = await open(file, 'r+')
  await handle.write(Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096)
  await handle.close()
}

describe('a backup', () => {
  it('is a whole database with its checksum beside it, for its owner only', async () => {
    await addSetting('kept')
    const made = await backUp()
    expect(await sha256Of(made.file)).toBe(made.sha256)
    expect(await readChecksum(made.file)).toBe(made.sha256)
    const { mode, size } = await stat(made.file)
    expect([mode & 0o777, size]).toEqual([0o600, made.bytes])
    expect(await settingsIn(made.file)).toEqual(['kept'])
  })

  it('is never a half one: what a cut-off run left counts for nothing and goes', async () => {
    await mkdir(backups(), { recursive: true })
    const stamp = 'vx11-20260101T000000000Z.db'
    await writeFile(join(backups(), `${stamp}.partial`), 'half')
    await writeFile(join(backups(), `${stamp}.partial-journal`), 'half')
    await writeFile(join(backups(), `${stamp}.sha256`), 'orphan')
    await writeFile(join(backups(), 'notes.txt'), 'not ours')
    const made = await backUp()
    const name = made.file.split('/').at(-1) ?? ''
    expect((await readdir(backups())).sort()).toEqual(['archived', 'notes.txt', name, `${name}.sha256`].sort())
  })

  it('fails in one sentence when its folder cannot be written, and nothing else suffers', async () => {
    await mkdir(join(folder, 'data'), { recursive: true })
    await writeFile(backups(), 'a file where the folder should be')
    const { report } = await run({ apply: true })
    expect(report.ok).toBe(false)
    expect(report.steps.backup).toMatchObject({ status: 'failed', reason: expect.stringContaining('EEXIST') })
    expect(report.steps.retention?.result?.applied).toBe(false)
    expect(report.steps.counts?.status).toBe('ok')
  })
})

describe('rotation', () => {
  it('leaves the newest in place, moves older ones with their checksums, and deletes nothing', async () => {
    const names: string[] = []
    for (let i = 0; i < 4; i++) names.push((await backUp()).file.split('/').at(-1) ?? '')
    const archived = await readdir(join(backups(), 'archived'))
    expect(archived.sort()).toEqual(names.slice(0, 2).flatMap((name) => [name, `${name}.sha256`]))
    const kept = (await readdir(backups())).filter((name) => name.endsWith('.db'))
    expect(kept.sort()).toEqual(names.slice(2))
    const { report } = await run({ steps: ['backup_rotation'] }, { VX11_BACKUP_KEEP: '1' })
    expect(report.steps.backup_rotation?.result).toEqual({
      kept: [names[3]],
      archived: [names[2]],
      archived_total: 3,
    })
  })

  it('lets copies without checksum never push out one that can be restored, and replaces none in the archive', async () => {
    const made = await backUp()
    const name = made.file.split('/').at(-1) ?? ''
    for (const old of ['vx11_backup_old.db', 'vx11_backup_new.db']) await copyFile(made.file, join(backups(), old))
    await utimes(join(backups(), 'vx11_backup_old.db'), 1, 1)
    await writeFile(join(backups(), 'archived/vx11_backup_old.db'), 'an older one of the same name')
    const { report } = await run({ steps: ['backup_rotation'] })
    expect(report.steps.backup_rotation?.result).toEqual({
      kept: [name, 'vx11_backup_new.db'],
      archived: ['vx11_backup_old.db'],
      archived_total: 2,
    })
    expect(await readFile(join(backups(), 'archived/vx11_backup_old.db'), 'utf8')).toBe('an older one of the same name')
    expect(await readdir(join(backups(), 'archived'))).toContain('vx11_backup_old-2.db')
  })

  it('finishes a move that was cut off between copy and checksum', async () => {
    const [first] = [await backUp(), await backUp(), await backUp()]
    const name = first.file.split('/').at(-1) ?? ''
    await rename(join(backups(), 'archived', `${name}.sha256`), join(backups(), `${name}.sha256`))
    await run({ steps: ['backup_rotation'] })
    expect(await readdir(join(backups(), 'archived'))).toEqual([name, `${name}.sha256`])
  })
})

describe('restoring', () => {
  const order = (backup: string, withoutChecksum = false) => ({
    database: path,
    backup,
    withoutChecksum,
    now: Date.now(),
  })

  it('is drilled: what was there at the backup is there again, and what was replaced is kept', async () => {
    await addSetting('before')
    const made = await backUp()
    await addSetting('after')
    await releaseFile()
    const { sha256, replaced } = await restore(order(made.file))
    expect(sha256).toBe(made.sha256)
    expect(await settingsIn(path)).toEqual(['before'])
    expect(await settingsIn(replaced ?? '')).toEqual(['after', 'before'])
    expect((await run()).report.ok).toBe(true)
  })

  it('works where the database is gone or beyond reading', async () => {
    await addSetting('kept')
    const made = await backUp()
    await releaseFile()
    await rm(path)
    for (const tail of ['-wal', '-shm']) await rm(path + tail, { force: true })
    expect((await restore(order(made.file))).replaced).toBeNull()
    expect(await settingsIn(path)).toEqual(['kept'])
    await releaseFile()
    await writeFile(path, 'x'.repeat(100_000))
    await writeFile(`${path}-wal`, 'rubbish')
    const { replaced } = await restore(order(made.file))
    expect(await readFile(replaced ?? '', 'utf8')).toMatch(/^x+$/)
    expect(await readFile(`${replaced}-wal`, 'utf8')).toBe('rubbish')
    expect(await settingsIn(path)).toEqual(['kept'])
  })

  it.each([
    ['is not there', 'is not there', (file: string) => rm(file)],
    ['has no checksum', 'no checksum', (file: string) => rm(`${file}.sha256`)],
    ['was changed', 'not what its checksum says', (file: string) => writeFile(file, 'other')],
    ['is cut short', 'not what its checksum says', (file: string) => truncate(file, 4096)],
  ])('refuses a backup that %s, and changes nothing', async (_, words, spoil) => {
    await addSetting('mine')
    const made = await backUp()
    await spoil(made.file)
    await expect(restore(order(made.file))).rejects.toThrow(words)
    expect((await readdir(folder)).filter((name) => /restoring|replaced/.test(name))).toEqual([])
    expect(await settingsIn(path)).toEqual(['mine'])
  })

  it('takes a copy without checksum when told to, and none that SQLite finds damaged', async () => {
    const made = await backUp()
    await rm(`${made.file}.sha256`)
    await releaseFile()
    await expect(restore(order(made.file, true))).resolves.toMatchObject({ sha256: made.sha256 })
    await writeFile(made.file, 'y'.repeat(8192))
    await expect(restore(order(made.file, true))).rejects.toThrow('damaged')
  })

  it('is refused while the database is maintained or in use', async () => {
    const made = await backUp()
    const unlock = await fileLock(path).take()
    await expect(restore(order(made.file))).rejects.toThrow('is being maintained')
    await unlock?.()
    const user = await openFileClient(url())
    await user.execute('SELECT count(*) FROM operator_settings')
    await expect(restore(order(made.file))).rejects.toThrow('Stop the gateway')
    user.close()
  })
})

/** As when every process that used the file has ended: closed connections of this one linger until they are collected. */
async function releaseFile() {
  const copy = `${path}.copy`
  await withClient((client) => client.execute('PRAGMA wal_checkpoint(TRUNCATE)'))
  await copyFile(path, copy)
  for (const tail of ['-wal', '-shm']) await rm(path + tail, { force: true })
  await rename(copy, path)
}
