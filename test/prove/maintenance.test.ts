/** Kills maintenance fifty times, and measures what a full run on a database of VX11's size costs those who ask /health. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../src/adapters/libsql/maintenance/sound-file.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { seedLegacyFile } from '../../src/adapters/libsql/seed.ts'
import type { MaintenanceReport } from '../../src/db/maintenance/report.ts'
import type { MaintenanceStatus } from '../../src/ports/index.ts'
import { type Gateway, startNodeGateway } from '../support/gateways.ts'
import { commandsInFolder, keepWriting, killGround, lookAt, recentRows } from '../support/maintenance-kills.ts'

const kills = Number(process.env.MAINTENANCE_KILLS ?? 50)
const commands = [
  ['maintain', '--apply'],
  ['maintain', '--apply', '--vacuum'],
  ['backup'],
  ['retention', '--apply'],
] as const

describe('kill -9', () => {
  it(`at ${kills} random points loses no row, counts no half backup, and leaves nothing that the next run cannot clean up`, async () => {
    const ground = await killGround()
    const acknowledged: string[] = []
    let hits = 0
    for (let i = 0; hits < kills; i++) {
      const args = commands[i % commands.length] ?? commands[0]
      // As long as this command takes now, on what the others left.
      await ground.addOldRows(20_000)
      const { code, workMs } = await ground.command(...args)
      expect(code).toBe(0)
      await ground.addOldRows(20_000)
      const writer = keepWriting(ground)
      const afterMs = Math.random() * workMs
      const killed = await ground.killAtWork(afterMs, ...args)
      await writer.stop()
      acknowledged.push(...writer.acknowledged)
      const { leftovers, backups, step, ...remains } = await lookAt(ground, acknowledged)
      expect(remains).toEqual({ integrity: 'ok', lostRows: 0, recentRows, badBackups: [] })
      if (!killed) continue
      hits += 1
      const found = `${backups} backups, ${leftovers.length} leftovers`
      print(`kill ${hits}: ${args.join(' ')} after ${afterMs.toFixed(0)} ms in ${step ?? 'no step'}; ${found}`)
    }
    const { code } = await ground.command('maintain', '--apply')
    expect(code).toBe(0)
    expect(await lookAt(ground, acknowledged)).toMatchObject({ leftovers: [], lostRows: 0, recentRows, badBackups: [] })
    print(`${hits} kills, ${acknowledged.length} rows acknowledged and all there`)
    await ground.close()
  })

  it('in the middle of a restore leaves a whole database', async () => {
    const ground = await commandsInFolder()
    await ground.command('seed', '--rows', '60000', '--file', ground.path)
    await ground.command('adopt')
    const { out } = await ground.command('backup')
    const backup = /^\/.*\.db$/m.exec(out)?.[0] ?? ''
    const { code, tookMs } = await ground.command('restore', backup)
    expect(code).toBe(0)
    let hits = 0
    for (let i = 0; i < 12; i++) {
      if (await ground.kill(Math.random() * tookMs, 'restore', backup)) hits += 1
      expect(await faultOf(ground.path)).toBeNull()
    }
    print(`${hits} of 12 restores killed`)
    expect((await ground.command('restore', backup)).code).toBe(0)
    await rm(ground.folder, { recursive: true })
  })
})

describe('a full run on 1.15 million rows', () => {
  it('costs those who ask /health little', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vx11-large-'))
    const path = join(folder, 'vx11.db')
    await seedLegacyFile(join(folder, 'legacy.db'), { rows: 1_150_000, tables: 86 }, { freePages: true })
    await copyFile(join(folder, 'legacy.db'), path)
    await migrateDatabase({ url: `file:${path}` })
    const gateway = await startNodeGateway({ VX11_DATABASE_URL: `file:${path}` })
    await wait(3000)
    const before = await measure(gateway, () => wait(15_000))
    const during = await measure(gateway, () => maintain(gateway))
    const after = await measure(gateway, () => wait(15_000))
    const { last } = await status(gateway)
    for (const [when, figures] of Object.entries({ before, during, after })) print(`${when} ${JSON.stringify(figures)}`)
    for (const [step, { status, duration_ms: ms }] of Object.entries(last.steps)) print(`${step} ${status} ${ms} ms`)
    print(`retention ${JSON.stringify({ ...last.steps.retention?.result, tables: undefined })}`)
    const added = during.p99 - Math.max(before.p99, after.p99)
    print(`p99 of /health rose by ${added.toFixed(2)} ms over the slower of the two quiet stretches`)
    expect(last).toMatchObject({ ok: true })
    expect(last.steps.retention?.result).toMatchObject({ applied: true, remaining: 0 })
    await gateway.stop()
    await rm(folder, { recursive: true })
  })
})

const print = (line: string) => process.stdout.write(`${line}\n`)

const status = async (gateway: Gateway) =>
  (await (await gateway.fetch('/operator/api/maintenance')).json()) as MaintenanceStatus & { last: MaintenanceReport }

async function maintain(gateway: Gateway): Promise<void> {
  const response = await gateway.fetch('/operator/api/maintenance', { method: 'POST', body: '{"apply":true}' })
  expect(response.status).toBe(202)
  while ((await status(gateway)).state === 'running') await wait(1000)
}

/** Asks on four connections, a hundred times a second each, for as long as the work lasts. Milliseconds. */
async function measure({ url }: Gateway, work: () => Promise<void>) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const took: number[] = []
  let over = false
  const ask = async () => {
    while (!over) {
      const startedAt = performance.now()
      await new Promise<void>((resolve, reject) => {
        get(`${url}/health`, { agent }, (response) => response.resume().once('end', resolve)).once('error', reject)
      })
      took.push(performance.now() - startedAt)
      await wait(10)
    }
  }
  const asking = Promise.all([ask(), ask(), ask(), ask()])
  await work()
  over = true
  await asking
  agent.destroy()
  took.sort((a, b) => a - b)
  const at = (share: number) => Number((took[Math.floor(took.length * share)] ?? 0).toFixed(2))
  return { requests: took.length, p50: at(0.5), p99: at(0.99), p999: at(0.999), most: at(0.99999) }
}
