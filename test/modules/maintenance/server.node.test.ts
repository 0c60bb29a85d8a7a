import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateDatabase } from '../../../src/adapters/libsql/migration/migrate.ts'
import { sharedRemoteDatabase } from '../../../src/adapters/libsql/remote.ts'
import { parseConfig } from '../../../src/config/config.ts'
import { type MaintenanceRequest, maintenanceRequest } from '../../../src/db/maintenance/request.ts'
import { nodeMaintenance } from '../../../src/entry/node/database/node-maintenance.ts'
import { MaintenanceRefused } from '../../../src/modules/maintenance/run.ts'
import { startSqld } from '../../support/sqld.ts'
import { hastyClock } from './runs.ts'

const sqld = await startSqld()
afterAll(() => sqld?.stop())

describe.skipIf(!sqld)('maintenance of a database on a libSQL server', () => {
  const url = sqld?.url ?? ''
  const database = sharedRemoteDatabase({ url })
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vx11-server-'))
    await migrateDatabase({ url })
  })
  afterAll(() => rm(folder, { recursive: true }))

  const run = (request: MaintenanceRequest) => {
    const env = { VX11_TENTACULO_LINK_TOKEN: 'a-token-for-tests', VX11_DATABASE_URL: url, VX11_DATA_DIR: folder }
    const execute = nodeMaintenance({ clock: hastyClock(), config: parseConfig(env), database })
    return execute(request, { id: crypto.randomUUID(), started() {}, progress() {} })
  }

  it('does what the server allows and says of the rest why not', async () => {
    await database.open().run(sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
      INSERT INTO incidents (ant_id, incident_type, detected_at) SELECT 'ant', 'test', '20200101T000000Z' FROM n`)
    const { steps, ...report } = await run(maintenanceRequest('operator', { apply: true, vacuum: true }))
    expect(report).toMatchObject({ ok: true, store: 'server', path: null, size_bytes: expect.any(Number) })
    expect(steps.integrity_check?.result?.verdict).toBe('ok')
    expect(steps.foreign_key_check?.result?.violations).toBe(0)
    expect(steps.retention?.result).toMatchObject({ applied: true, deleted: 300, remaining: 0 })
    expect(steps.counts?.result?.tables.incidents).toBe(0)
    expect(steps.optimize).toMatchObject({ status: 'skipped', reason: 'The store refuses PRAGMA optimize.' })
    for (const step of ['backup', 'backup_rotation', 'wal_checkpoint', 'vacuum'] as const) {
      expect(steps[step]).toMatchObject({ status: 'skipped', result: null, reason: expect.stringMatching(/\.$/) })
    }
  })

  it('writes the map into the data folder, with the server’s name and no token', async () => {
    const { steps } = await run({ ...maintenanceRequest('operator'), steps: ['counts', 'db_map'] })
    const [file = ''] = steps.db_map?.result?.files ?? []
    expect(file.startsWith(folder)).toBe(true)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ database: new URL(url).host })
  })

  it('is done by one of several instances at a time', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => run(maintenanceRequest('weekly'))))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(0)
    await database.open().run(sql`DELETE FROM system_state`)
    const due = await Promise.allSettled(Array.from({ length: 4 }, () => run(maintenanceRequest('weekly'))))
    expect(due.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of due)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(MaintenanceRefused)
  })
})
