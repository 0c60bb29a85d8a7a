import { describe, expect, it } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import { announceExpiry } from '../../../src/modules/embedded-madre/app.ts'
import type { HealthReading } from '../../../src/ports/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { madreClient, madreDeps, silentLog } from './madres.ts'

const brokenDatabase: Database = {
  open: () => {
    throw new Error('Failed query: params: a secret', { cause: new Error('disk I/O error') })
  },
  ping: () => Promise.reject(new Error('down')),
  close: async () => {},
}

const reading = (up: boolean): HealthReading => ({
  up,
  version: null,
  latencyMs: 1,
  checkedAt: 0,
  reason: null,
  reported: null,
})

describe('the embedded madre without its database', () => {
  const warnings: unknown[] = []
  const log = { ...silentLog, warn: (...line: unknown[]) => void warnings.push(line) }
  const deps = madreDeps(brokenDatabase, { log })
  const madre = madreClient(deps)

  it('is well, and says what it does not know', async () => {
    expect(await madre.ask('/health')).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect((await madre.ask('/madre/status')).body).toMatchObject({ mode: null, db: { exists: null } })
    const { status, body } = await madre.post('/madre/chat', { message: 'how are you?' })
    expect(status).toBe(200)
    expect(body.warnings).toEqual(['no_model_answered', 'power_state_unknown'])
    expect(body.response).toContain('The power state is unknown')
    expect(body.actions).toMatchObject([{ step: 'SYSTEM_HEALTHCHECK' }])
  })

  it('answers 503 where it would have to guess', async () => {
    const refused = { status: 503, body: { detail: 'The database does not answer.' } }
    expect(await madre.ask('/madre/power/state')).toEqual(refused)
    expect(await madre.open({ services: ['switch'], ttl_sec: 60 })).toEqual(refused)
    expect(await madre.close()).toEqual(refused)
    expect(await madre.ask('/madre/power/policy/solo_madre/status')).toEqual(refused)
    expect(await madre.post('/madre/power/policy/solo_madre/apply', {})).toEqual(refused)
    expect(await madre.post('/madre/intent', { type: 'scan', payload: {} })).toEqual(refused)
    expect(await madre.post('/vx11/intent', { intent_type: 'chat' })).toEqual(refused)
    expect(await madre.ask('/vx11/result/1')).toEqual(refused)
  })

  it('logs the store’s words, not the statement', async () => {
    await madre.ask('/madre/power/state')
    expect(JSON.stringify(warnings)).toContain('disk I/O error')
    expect(JSON.stringify(warnings)).not.toContain('secret')
  })

  it('survives its periodic work', async () => {
    const logged = warnings.length
    await expect(announceExpiry(deps)).resolves.toBeUndefined()
    expect(warnings).toHaveLength(logged + 1)
  })
})

describe('the neighbours of the embedded madre', () => {
  const answers: Record<string, () => Promise<HealthReading | null>> = {
    switch: async () => reading(true),
    hormiguero: async () => reading(false),
    spawner: async () => null,
    shub: () => Promise.reject(new Error('broken')),
  }
  const readHealth = (name: string) => answers[name]?.() ?? Promise.resolve(null)

  it('are in its health as far as they were measured', async () => {
    const { body } = await madreClient(madreDeps(brokenDatabase, { readHealth })).ask('/health')
    expect(body.deps).toEqual({ switch: 'up', hormiguero: 'down' })
    expect((await madreClient(madreDeps(brokenDatabase)).ask('/health')).body).not.toHaveProperty('deps')
  })

  it('are told in its chat', async () => {
    const { body } = await madreClient(madreDeps(brokenDatabase, { readHealth })).post('/madre/chat', { message: '' })
    expect(body.response).toContain('Up: switch. Not answering: hormiguero. Not configured: ')
    expect(body.response).toContain('Not measured: shubniggurath.')
    expect(body.actions).toEqual([
      { step: 'SYSTEM_HEALTHCHECK', result: { madre: 'up', switch: 'up', hormiguero: 'down' } },
    ])
  })

  it('do not hold it up when they hang', async () => {
    const clock = fakeClock()
    const hanging = () => new Promise<never>(() => {})
    const answer = madreClient(madreDeps(brokenDatabase, { clock, readHealth: hanging })).ask('/health')
    await clock.whenSleeping(3)
    await clock.advance(1000)
    expect((await answer).body).not.toHaveProperty('deps')
  })
})

describe('what the embedded madre does not do', () => {
  const madre = madreClient(madreDeps(brokenDatabase))

  it.each([
    ['POST', '/madre/power/mode/idle_min'],
    ['POST', '/madre/power/mode/hard_off'],
    ['GET', '/madre/power/token'],
  ])('is refused: %s %s', async (method, path) => {
    const { status, body } = await madre.ask(path, { method })
    expect(status).toBe(501)
    expect(body.detail).toContain('set MADRE_URL')
  })

  it('is planned when it is to be applied', async () => {
    const apply = { apply: true, confirm: 'I_UNDERSTAND_THIS_STOPS_SERVICES' }
    expect((await madre.post('/madre/power/service/switch/stop', apply)).body).toMatchObject({
      ...{ status: 'plan', apply: false, executed: [], out_dir: null, db_write: 'skipped' },
      security: { confirm: true },
    })
    expect((await madre.post('/madre/power/service/stop', { service: 'switch' })).body).toMatchObject({
      ...{ status: 'plan', executed: [], plan: [{ cmd: ['docker', 'compose', '-p', 'vx11', 'stop', 'switch'] }] },
    })
    expect((await madre.post('/madre/power/service/start', { service: 'redis' })).status).toBe(404)
  })

  it.each([
    ['low_power', []],
    ['operative_core', ['switch', 'mcp', 'spawner']],
  ])('is planned for the mode %s, which never stops the gateway', async (mode, started) => {
    const { body } = await madre.post('/madre/power/mode?apply=true', { mode })
    const commands = (body.plan as { cmd: string[] }[]).map(({ cmd }) => cmd.slice(4).join(' '))
    expect(commands.filter((line) => line.startsWith('up')).sort()).toEqual(
      started.map((name) => `up -d ${name}`).sort(),
    )
    expect(commands.join()).not.toContain('tentaculo_link')
  })
})

describe('the token of the embedded madre', () => {
  it('is the one that the gateway sends', async () => {
    const env = { VX11_UPSTREAM_TOKEN: 'another-token-for-upstreams' }
    const madre = madreClient(madreDeps(brokenDatabase, { env }))
    expect((await madre.ask('/madre/power/state')).status).toBe(403)
    expect(
      (await madre.ask('/madre/power/state', { headers: { 'x-vx11-token': env.VX11_UPSTREAM_TOKEN } })).status,
    ).toBe(503)
  })

  it('is not asked for where the gateway has none to send', async () => {
    const deps = madreDeps(brokenDatabase)
    const named = { ...deps, config: { ...deps.config, upstreamToken: null } }
    expect((await madreClient(named).ask('/madre/power/state', { headers: { 'x-vx11-token': '' } })).status).toBe(503)
  })
})
