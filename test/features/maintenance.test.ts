import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { incidents } from '../../src/db/schema/hormiguero.ts'
import { intentsLog } from '../../src/db/schema/madre.ts'
import { MaintenanceState } from '../../src/features/maintenance/schema.ts'
import { weekMs } from '../../src/modules/maintenance/run.ts'
import { forgetRuns } from '../modules/maintenance/runs.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { testApp, tokens } from '../support/test-app.ts'

const path = '/operator/api/maintenance'
const database = testDatabase()
beforeEach(() => forgetRuns(database()))

function gateway(env: Record<string, string> = {}) {
  const made = testApp({ env, deps: { database: database() } })
  const read = async () => v.parse(MaintenanceState, await (await made.authorized(path)).json())
  const start = (body?: unknown) =>
    made.authorized(path, { method: 'POST', ...(body !== undefined && { body: JSON.stringify(body) }) })
  /** Reads until nothing runs. */
  const finished = async () => {
    for (;;) {
      const state = await read()
      if (state.state === 'idle') return state
    }
  }
  return { ...made, read, start, finished }
}

describe('POST /operator/api/maintenance', () => {
  it('starts a run and says where to look', async () => {
    const { start, finished } = gateway()
    const response = await start({ reason: 'after the move', apply: false })
    expect(response.status).toBe(202)
    expect(response.headers.get('location')).toBe(path)
    const { id, ...rest } = (await response.json()) as { id: string }
    expect(rest).toEqual({ state: 'running', status_url: path })
    expect((await finished()).last).toMatchObject({ id, trigger: 'operator', reason: 'after the move', ok: true })
  })

  it('announces its run with the principal and the correlation id that asked for it', async () => {
    const { authorized, announced, finished } = gateway()
    await authorized(path, { method: 'POST', headers: { 'x-correlation-id': 'move-7' } })
    await finished()
    const own = announced.filter(({ type }) => /maintenance\.(started|finished)$/.test(type))
    expect(own).toMatchObject([
      { correlationId: 'move-7', payload: { trigger: 'operator', principal: 'link' } },
      { correlationId: 'move-7', payload: { trigger: 'operator', principal: 'link' } },
    ])
  })

  it('needs no body, and is for administrators', async () => {
    const { start, request, finished } = gateway()
    expect((await start()).status).toBe(202)
    await finished()
    const operator = { method: 'POST', headers: { 'x-vx11-token': tokens.operator } }
    await expectProblem(await request(path, operator), 'forbidden')
    await expectProblem(await request(path, { method: 'POST' }), 'auth_required')
  })

  it('is refused while a run is under way, here or elsewhere', async () => {
    const one = gateway()
    const other = gateway()
    const responses = await Promise.all([one.start(), one.start(), other.start()])
    const refused = responses.filter(({ status }) => status === 409)
    expect(refused).toHaveLength(2)
    await expectProblem(refused[0] as Response, 'maintenance_running')
    await one.finished()
    expect((await other.start()).status).toBe(202)
    await other.finished()
  })

  it.each([{ apply: 'yes' }, { reason: 5 }, { reason: 'x'.repeat(501) }, { vacuum: 1 }, [], 'text'])(
    'refuses %j and starts nothing',
    async (body) => {
      const { start, read } = gateway()
      await expectProblem(await start(body), 'validation_error')
      expect(await read()).toMatchObject({ state: 'idle', last: null })
    },
  )

  it('is refused in observer mode', async () => {
    const { start } = gateway({ VX11_OPERATOR_CONTROL_ENABLED: 'false' })
    const response = await start()
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 403,
      body: { error: 'off_by_policy' },
    })
  })

  it('is a 503 without a database, and so is the status', async () => {
    const { authorized } = testApp()
    await expectProblem(await authorized(path, { method: 'POST' }), 'database_unavailable')
    await expectProblem(await authorized(path), 'database_unavailable')
  })
})

describe('GET /operator/api/maintenance', () => {
  it('says that nothing ever ran', async () => {
    expect(await gateway().read()).toEqual({
      ...{ state: 'idle', run: null, last: null },
      ...{ next_full_run_at: null, retention_allowed_at: null },
    })
  })

  it('is for operators and never kept by caches', async () => {
    const { request } = gateway()
    const response = await request(path, { headers: { 'x-vx11-token': tokens.operator } })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('shows the run of another instance, and when the next full one is due', async () => {
    const one = gateway()
    const other = gateway()
    await one.start()
    const seen = await other.read()
    if (seen.run) expect(seen.run).toMatchObject({ here: false, trigger: 'operator' })
    const { next_full_run_at: next } = await one.finished()
    expect(Date.parse(next ?? '')).toBe(one.clock.now() + weekMs)
  })
})

describe('what a run tells', () => {
  it('is its start, each finished step and its end', async () => {
    const { start, finished, announced } = gateway()
    await start({ backup: false })
    const { last } = await finished()
    const steps = Object.keys(last?.steps ?? {})
    expect(announced.map(({ type }) => type.replace('gateway.maintenance.', ''))).toEqual([
      'started',
      ...steps.map(() => 'step'),
      'finished',
    ])
    expect(announced.slice(1, -1).map(({ payload }) => payload?.step)).toEqual(steps)
    expect(announced.at(-1)).toMatchObject({ severity: 'info', payload: { ok: true, trigger: 'operator' } })
  })
})

describe('the weekly maintenance', () => {
  const minute = ({ services }: ReturnType<typeof gateway>) => services.minutely.maintenance()

  it('runs when it never did, not again before a week is over, and by one instance only', async () => {
    const one = gateway()
    const other = gateway()
    await Promise.all([minute(one), minute(other)])
    const { last } = await one.finished()
    expect(last?.trigger).toBe('weekly')
    const runs = [...one.announced, ...other.announced].filter(({ type }) => type.endsWith('started'))
    expect(runs).toHaveLength(1)
    await minute(one)
    expect((await one.read()).last?.id).toBe(last?.id)
    await one.clock.advance(weekMs)
    await minute(one)
    expect((await one.finished()).last?.id).not.toBe(last?.id)
  })

  it('only shows what would go from a database that nobody has let go of rows, until an administrator lets it', async () => {
    const db = database().open()
    const rows = () => db.$count(incidents)
    await db.run(sql`INSERT INTO intents_log (source, payload_json) VALUES ('test', hex(zeroblob(1048576)))`)
    await db.insert(incidents).values({ antId: 'ant', incidentType: 'test', detectedAt: '2020-01-01 00:00:00' })
    const one = gateway({ VX11_RETENTION_AUTO_APPLY_MIB: '1' })
    for (let week = 0; week < 2; week++) {
      await minute(one)
      const { last, retention_allowed_at } = await one.finished()
      expect(last?.steps.retention).toMatchObject({
        ...{ status: 'ok', reason: expect.stringContaining('{"apply":true}') },
        result: { applied: false, held: true, eligible: 1, deleted: 0 },
      })
      expect(retention_allowed_at).toBeNull()
      await one.clock.advance(weekMs)
    }
    expect(await rows()).toBe(1)
    const told = one.announced.filter(({ type }) => type === 'gateway.maintenance.retention_held')
    expect(told).toHaveLength(2)
    expect(told[0]?.payload).toMatchObject({ eligible: 1, tables: { incidents: 1 } })
    await one.start({ apply: true })
    expect((await one.finished()).retention_allowed_at).not.toBeNull()
    await db.insert(incidents).values({ antId: 'ant', incidentType: 'test', detectedAt: '2020-01-01 00:00:00' })
    await one.clock.advance(weekMs)
    await minute(one)
    expect((await one.finished()).last?.steps.retention?.result).toMatchObject({ applied: true, deleted: 1 })
    expect(await rows()).toBe(0)
    await db.delete(intentsLog)
  })

  it('is content with what an operator started, unless that made no backup', async () => {
    const one = gateway()
    await one.start({ backup: false })
    const { last } = await one.finished()
    await minute(one)
    const weekly = (await one.finished()).last
    expect(weekly?.id).not.toBe(last?.id)
    await one.clock.advance(weekMs)
    await one.start()
    const mine = (await one.finished()).last
    await minute(one)
    expect((await one.read()).last?.id).toBe(mine?.id)
  })

  it('waits for a database that is away without a word of its own', async () => {
    const { deps, logLines } = testApp()
    await deps.maintenance.startWhenDue()
    expect(logLines.filter(({ level }) => level === 'error')).toEqual([])
  })
})
