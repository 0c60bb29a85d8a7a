/** Maintenance by real processes: the bundle's thread, the commands, and kill -9 in the middle. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { MaintenanceReport } from '../../src/db/maintenance/report.ts'
import type { MaintenanceStatus } from '../../src/ports/index.ts'
import { dataSeen } from '../support/artefacts/artefact.ts'
import { type Gateway, startDevWorker, startNodeGateway } from '../support/gateways.ts'
import { keepWriting, killGround, lookAt, recentRows } from '../support/maintenance-kills.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const path = '/operator/api/maintenance'

const status = async (gateway: Gateway) => (await (await gateway.fetch(path)).json()) as MaintenanceStatus

async function maintain(gateway: Gateway): Promise<MaintenanceReport | null> {
  expect((await gateway.fetch(path, { method: 'POST' })).status).toBe(202)
  while ((await status(gateway)).state === 'running') await wait(50)
  return (await status(gateway)).last
}

async function databaseReady(gateway: Gateway) {
  while ((await gateway.fetch('/readyz')).status !== 200) await wait(50)
}

/** Runs `npm run db -- …` in a folder. */
async function db(folder: string, ...args: string[]) {
  const child = spawn(join(root, 'node_modules/.bin/node'), [join(root, 'dist/tentaculo.js'), 'db', ...args], {
    cwd: folder,
    env: {},
  })
  const [[code], out, problem] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  return { code, out, problem }
}

describe('the Node server', () => {
  it('maintains its database in a thread, and refuses to have it replaced while it runs', async () => {
    const gateway = await startNodeGateway()
    try {
      await databaseReady(gateway)
      const report = await maintain(gateway)
      expect(report).toMatchObject({
        ok: true,
        store: 'file',
        steps: { backup: { status: 'ok' }, db_map: { status: 'ok' } },
      })
      const backup = report?.steps.backup?.result?.file ?? ''
      const ours = join(gateway.folder, 'data', relative(dataSeen(gateway.folder), backup))
      const refused = await db(gateway.folder, 'restore', ours)
      expect(refused).toMatchObject({ code: 1, problem: expect.stringContaining('Stop the gateway') })
      const second = await db(gateway.folder, 'backup')
      expect(second.code).toBe(0)
      const listed = await db(gateway.folder, 'restore')
      expect(listed.out.trim().split('\n')).toHaveLength(2)
    } finally {
      await gateway.stop()
    }
  })

  it('answers madre’s contract, and tells v7’s clients true return codes', async () => {
    const gateway = await startNodeGateway()
    try {
      await databaseReady(gateway)
      const response = await gateway.fetch('/madre/power/maintenance/post_task', { method: 'POST' })
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({
        sqlite: { quick_check: 0, integrity_check: 0, foreign_key_check: 0 },
        db_path: join(dataSeen(gateway.folder), 'vx11.db'),
        out_dir: join(dataSeen(gateway.folder), 'maintenance'),
        regen_dbmap: { rc: 0 },
        scorecard: { integrity: 'ok', total_tables: 88 },
      })
    } finally {
      await gateway.stop()
    }
  })
})

describe('the Worker', () => {
  it('does by cron, where a flag opens its door, what D1 allows, once', async () => {
    const gateway = await startDevWorker({ VX11_CRON_ENABLED: 'true' })
    try {
      const cron = () => gateway.fetch('/cdn-cgi/local/scheduled')
      const triggered = await cron()
      expect([triggered.status, await triggered.text()]).toEqual([200, 'ok'])
      while ((await status(gateway)).last === null) await wait(200)
      const first = await status(gateway)
      expect(first.last).toMatchObject({
        ...{ trigger: 'weekly', ok: true, store: 'd1', path: null },
        steps: {
          quick_check: { status: 'ok' },
          integrity_check: { status: 'skipped', reason: 'The store refuses PRAGMA integrity_check.' },
          retention: { status: 'ok' },
          backup: { status: 'skipped', reason: expect.stringContaining('Time Travel') },
          optimize: { status: 'ok' },
          counts: { status: 'ok' },
          db_map: { status: 'skipped' },
        },
      })
      await cron()
      expect((await status(gateway)).last?.id).toBe(first.last?.id)
      expect(await maintain(gateway)).toMatchObject({ ok: true, trigger: 'operator' })
    } finally {
      await gateway.stop()
    }
  })
})

describe('the commands', () => {
  it('tell what they did, and by their status whether all was well', async () => {
    const ground = await killGround()
    await ground.addOldRows(100)
    const planned = await ground.command('retention')
    expect(planned.code).toBe(0)
    expect(planned.out).toMatch(/^incidents +detected_at +90 +100 +0$/m)
    const applied = await ground.command('retention', '--apply', '--json')
    expect(JSON.parse(applied.out)).toMatchObject({ steps: { retention: { result: { deleted: 100 } } } })
    const maintained = await ground.command('maintain', '--no-backup', '--plan')
    expect(maintained.out.split('\n').filter((line) => / ok /.test(line))).toHaveLength(9)
    expect(maintained.problem).toContain('integrity_check')
    const mapped = await ground.command('map')
    for (const file of mapped.out.trim().split('\n')) expect((await readFile(file, 'utf8')).length).toBeGreaterThan(20)
    await ground.close()
  })

  it('say in a sentence what stands in the way', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vx11-none-'))
    await symlink(join(root, 'package.json'), join(folder, 'package.json'))
    expect(await db(folder, 'backup')).toMatchObject({ code: 1, problem: 'There is no database at ./data/vx11.db.\n' })
    expect((await db(folder, 'maintain', '--aply')).problem).toContain('--aply')
    expect((await db(folder, 'maintain', '--apply', '--plan')).code).toBe(2)
    expect((await db(folder, 'restore', 'nothing.db')).problem).toContain('nothing.db is not there.')
    expect(await readdir(folder)).toEqual(['package.json'])
    await rm(folder, { recursive: true })
  })
})

describe('kill -9', () => {
  it('in the middle of maintenance loses nothing, and the next run cleans up', async () => {
    const ground = await killGround()
    await ground.addOldRows(8000)
    const { workMs } = await ground.command('maintain', '--apply')
    const acknowledged: string[] = []
    for (const share of [0.2, 0.6]) {
      await ground.addOldRows(8000)
      const writer = keepWriting(ground)
      await ground.killAtWork(workMs * share, 'maintain', '--apply')
      await writer.stop()
      acknowledged.push(...writer.acknowledged)
      expect(await lookAt(ground, acknowledged)).toMatchObject({
        integrity: 'ok',
        lostRows: 0,
        recentRows,
        badBackups: [],
      })
    }
    expect((await ground.command('maintain', '--apply')).code).toBe(0)
    expect(await lookAt(ground, acknowledged)).toMatchObject({
      integrity: 'ok',
      leftovers: [],
      lostRows: 0,
      recentRows,
    })
    await ground.close()
  })
})
