/** Settings, audit archives, measurements and the modules' routes through the real Node server, over simulated modules. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { unzipSync } from 'fflate'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Manifest } from '../../src/features/audit/schema.ts'
import { SpawnResult } from '../../src/features/intents/schema.ts'
import { SettingsHistory } from '../../src/features/settings/schema.ts'
import { Submitted } from '../../src/features/spawner/schema.ts'
import { type Gateway, residentMiB, startNodeGateway, token } from '../support/gateways.ts'
import { isGatewaysOwn } from '../support/own-questions.ts'
import { signalGroup } from '../support/process-group.ts'
import { startHermes } from '../support/simulators/hermes.ts'
import { startHormiguero } from '../support/simulators/hormiguero.ts'
import type { Simulator } from '../support/simulators/simulator.ts'
import { startSpawner } from '../support/simulators/spawner.ts'
import { stuckMs } from '../support/stuck.ts'

let simulators: Simulator[]
let folder: string
let env: Record<string, string>
let gateway: Gateway

beforeAll(async () => {
  const incidents = Array.from({ length: 30 }, (_, id) => ({ id, status: id % 2 ? 'open' : 'closed' }))
  simulators = await Promise.all([startHermes({ token }), startHormiguero({ inee: true, incidents }), startSpawner()])
  const [hermes, hormiguero, spawner] = simulators.map(({ url }) => url)
  folder = await mkdtemp(join(tmpdir(), 'gateway-modules-'))
  env = {
    ...{ HERMES_URL: hermes ?? '', HORMIGUERO_URL: hormiguero ?? '', SPAWNER_URL: spawner ?? '' },
    ...{ VX11_DATA_DIR: folder, VX11_EVIDENCE_DIR: join(folder, 'evidence') },
  }
  await start()
})
afterAll(async () => {
  await gateway?.stop()
  await Promise.all(simulators.map((simulator) => simulator.close()))
  await rm(folder, { recursive: true, force: true })
})

/** Health answers before the database is open. */
async function start() {
  gateway = await startNodeGateway(env)
  await vi.waitUntil(async () => (await gateway.fetch('/readyz')).ok, { timeout: stuckMs })
}

const post = (path: string, body: unknown = {}) => gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })
const read = async (path: string) => {
  const response = await gateway.fetch(path)
  expect({ path, status: response.status }).toEqual({ path, status: 200 })
  return response.json()
}
const database = () => createClient({ url: `file:${join(folder, 'vx11.db')}` })

describe('the modules', () => {
  it('are closed without a window, each in its own way', async () => {
    for (const path of ['/resources', '/hormiguero/status', '/hormiguero/incidents', '/operator/inee/status']) {
      expect(await read(path)).toMatchObject({ status: 'off_by_policy' })
    }
    for (const path of ['/hermes/execute', '/vx11/hermes/discover', '/operator/api/hormiguero/scan/once']) {
      expect((await post(path)).status).toBe(403)
    }
    expect((await post('/operator/api/spawner/submit', { cmd: 'ls' })).status).toBe(403)
    expect(simulators.flatMap(({ requests }) => requests).filter(({ path }) => !isGatewaysOwn(path))).toEqual([])
  })

  it('answer through an open one, by the paths that they really have', async () => {
    const services = ['hermes', 'hormiguero', 'spawner']
    expect((await post('/operator/api/window/open', { services, ttl_sec: 600 })).status).toBe(200)
    expect(await read('/resources')).toMatchObject({ status: 'ok', playwright_enabled: false })
    expect(await (await post('/hermes/execute', { prompt: 'x' })).json()).toMatchObject({ engine: 'hermes' })
    expect((await post('/hermes/get-engine', {})).status).toBe(422)
    expect((await post('/vx11/hermes/models/pull', { model: 'm' })).status).toBe(403)
    expect(await (await post('/vx11/hermes/discover')).json()).toMatchObject({ status: 'plan' })
    expect(await read('/hormiguero/queen/status')).toMatchObject({ actions_enabled: false })
    expect(await read('/hormiguero/incidents?status=open&limit=3')).toMatchObject({ total: 3, limit: 3 })
    expect(await (await post('/operator/api/hormiguero/scan/once')).json()).toMatchObject({ status: 'ok' })
    expect(await read('/operator/inee/status')).toMatchObject({ enabled: true })
    const envelope = { colony_id: 'c-1', payload: { a: 1 } }
    expect(await (await post('/operator/inee/colony/envelope', envelope)).json()).toMatchObject({
      ...{ colony_id: 'c-1', payload: { a: 1 } },
    })
    expect((await post('/operator/inee/builder/patchset', { spec_id: 's' })).status).toBe(502)
  })

  it('take a command, which madre heard of, and whose result can be found', async () => {
    const submitted = v.parse(Submitted, await (await post('/operator/api/spawner/submit', { cmd: 'echo hi' })).json())
    const { spawn_uuid: uuid, cmd } = submitted.spawn
    expect(cmd).toBe('echo hi')
    const client = database()
    const logged = await client.execute("SELECT payload_json FROM intents_log WHERE payload_json LIKE '%echo hi%'")
    expect(logged.rows).toHaveLength(1)
    await client.execute({
      sql: "INSERT INTO spawns (uuid, name, cmd, status) VALUES (?, ?, 'echo hi', 'running')",
      args: [uuid, `spawn-${uuid.slice(0, 8)}`],
    })
    client.close()
    expect(v.parse(SpawnResult, await read(`/vx11/result/spawn-${uuid.slice(0, 8)}`))).toMatchObject({
      status: 'RUNNING',
    })
  })
})

describe('what is stored', () => {
  it('survives a kill, every setting and its history', async () => {
    const values = { theme: '123', chat: { stream: true }, list: [null, 1.5] }
    expect((await post('/operator/api/settings', values)).status).toBe(200)
    signalGroup(gateway.process, 'SIGKILL')
    await gateway.stop()
    await start()
    expect(await read('/operator/api/settings')).toMatchObject({ settings: values, chat: { stream: true } })
    const history = v.parse(SettingsHistory, await read('/operator/api/settings/history'))
    expect(history.changes.map(({ key }) => key).toSorted()).toEqual(['chat', 'list', 'theme'])
  })

  it('comes as an archive that unzip takes, without what lies outside the root', async () => {
    const root = join(folder, 'evidence')
    await mkdir(root)
    await writeFile(join(root, 'report.txt'), 'a report\n'.repeat(1000))
    await symlink('/etc/hostname', join(root, 'link'))
    const paths = JSON.stringify(['report.txt', 'link', '../vx11.db', '/etc/hostname'])
    const client = database()
    await client.execute({
      sql: "INSERT INTO manifestator_audit (audit_id, status, evidence_paths_json) VALUES ('a1', 'draft', ?)",
      args: [paths],
    })
    client.close()
    const bytes = new Uint8Array(await (await gateway.fetch('/operator/api/audit/a1/download')).arrayBuffer())
    const entries = unzipSync(bytes)
    expect(Object.keys(entries)).toEqual(['audit.json', 'evidence/report.txt', 'manifest.json'])
    const manifest = v.parse(Manifest, JSON.parse(new TextDecoder().decode(entries['manifest.json'])))
    expect(manifest.evidence.map(({ outcome }) => outcome)).toEqual(['packed', 'link', 'refused_path', 'refused_path'])
    await writeFile(join(folder, 'a1.zip'), bytes)
    const script = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))'
    expect(execFileSync('python3', ['-c', script, join(folder, 'a1.zip')], { encoding: 'utf8' }).trim()).toBe('None 3')
  })

  it('streams large evidence without holding it, and lets go when the caller leaves', async () => {
    const large = join(folder, 'evidence', 'large')
    execFileSync('sh', ['-c', `head -c 32M /dev/urandom > ${large}`])
    const client = database()
    await client.execute(
      `INSERT INTO manifestator_audit (audit_id, status, evidence_paths_json) VALUES ('a2', 'draft', '["large"]')`,
    )
    client.close()
    const pid = gateway.process.pid ?? 0
    let bytes = 0
    let peak = 0
    for await (const chunk of (await gateway.fetch('/operator/api/audit/a2/download')).body ?? []) {
      if (Math.floor(bytes / 2 ** 20) < Math.floor((bytes + chunk.byteLength) / 2 ** 20)) {
        peak = Math.max(peak, await residentMiB(pid))
      }
      bytes += chunk.byteLength
    }
    expect(bytes).toBeGreaterThan(32 * 2 ** 20)
    expect(peak).toBeLessThan(256)
    // Not by fetch: it opens another connection at once, for which the gateway's shutdown would wait.
    const leaving = request(`${gateway.url}/operator/api/audit/a2/download`, { headers: { 'x-vx11-token': token } })
    await once(leaving.end(), 'response')
    await expect.poll(() => openFiles(pid)).toContain(large)
    leaving.destroy()
    await expect.poll(() => openFiles(pid)).not.toContain(large)
  })
})

const openFiles = (pid: number) =>
  execFileSync('sh', ['-c', `readlink /proc/${pid}/fd/* || true`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
