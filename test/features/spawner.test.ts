import * as v from 'valibot'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { daughters, daughterTasks, spawns } from '../../src/db/schema/spawner.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { Agents, Spawned, SpawnerRuns, SpawnerStatus, Submitted } from '../../src/features/spawner/schema.ts'
import { UpstreamRefusal } from '../../src/http/proxy/relayed.ts'
import { awayDatabase } from '../support/absent-database.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { bodyOf, tellWindow } from '../support/power-window.ts'
import { testApp, tokens } from '../support/test-app.ts'

const spawner = 'http://spawner.test:8008'
const madreIntent = 'http://madre.test:8001/madre/intent'
const open = testDatabase()
const uuid = 'f47ac10b-58cc-4372-a567-0e02b2c3d479'
const accepted = { status: 'accepted', spawn_uuid: uuid, daughter_id: 3, name: 'spawn-f47ac10b', cmd: 'ls' }

function gatewayWith(services: string[] = ['spawner'], env: Record<string, string> = {}, database = open()) {
  const gateway = testApp({ env: { SPAWNER_URL: spawner, ...env }, deps: { database } })
  tellWindow(gateway.network, services)
  const post = (path: string, body: unknown, headers = {}) =>
    gateway.authorized(path, { method: 'POST', body: JSON.stringify(body), headers })
  const read = async <S extends v.GenericSchema>(path: string, schema: S) => {
    const response = await gateway.authorized(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    return v.parse(schema, await response.json())
  }
  const sent = (url: string) => gateway.network.exchanges.filter((exchange) => exchange.url === url)
  return { ...gateway, post, read, sent }
}

describe('POST /vx11/spawn', () => {
  const path = '/vx11/spawn'
  const request = { task_type: 'shell', code: 'ls', correlation_id: 'c-1', user_id: 'ana', metadata: { a: 1 } }

  it('gives the command to the spawner, as the spawner wants it', async () => {
    const { post, network, sent } = gatewayWith()
    network.answer(`${spawner}/spawn`, jsonAnswer(accepted))
    const response = await post(path, request)
    expect(response.status).toBe(200)
    expect(v.parse(Spawned, await response.json())).toEqual({
      ...{ spawn_id: 'spawn-f47ac10b', spawn_uuid: uuid, status: 'QUEUED', task_type: 'shell', error: null },
      ...{ created_at: '2027-01-15T08:00:00.000Z', correlation_id: 'c-1' },
    })
    expect(sent(`${spawner}/spawn`).map(bodyOf)).toEqual([
      {
        ...{ task_type: 'shell', cmd: 'ls', max_retries: 0, ttl_seconds: 3600, trace_id: 'c-1' },
        ...{ source: 'tentaculo_link', metadata: { a: 1, user_id: 'ana' } },
      },
    ])
  })

  it('asks once only: what was begun must not begin again', async () => {
    const { post, network, sent } = gatewayWith()
    network.answer(`${spawner}/spawn`, jsonAnswer({}, 503))
    await expectProblem(await post(path, request), 'upstream_failed')
    network.answer(`${spawner}/spawn`, new TransportError('timeout'))
    await expectProblem(await post(path, request), 'upstream_timeout')
    network.answer(`${spawner}/spawn`, jsonAnswer({ status: 'accepted' }))
    await expectProblem(await post(path, request), 'upstream_failed')
    network.answer(`${spawner}/spawn`, jsonAnswer({ detail: 'name_or_cmd_required' }, 400))
    const refused = await post(path, request)
    expect([refused.status, v.parse(UpstreamRefusal, await refused.json()).detail]).toEqual([
      400,
      'name_or_cmd_required',
    ])
    expect(sent(`${spawner}/spawn`)).toHaveLength(4)
  })

  it('is refused with 403 while no window lists the spawner', async () => {
    const { post, sent } = gatewayWith(['switch'])
    const response = await post(path, request)
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { error: 'off_by_policy', service: 'spawner' },
    ])
    expect(sent(`${spawner}/spawn`)).toEqual([])
  })

  it('is an administrator’s right, and nobody’s in observer mode', async () => {
    const { post, sent } = gatewayWith()
    for (const route of [path, '/operator/api/spawner/submit']) {
      await expectProblem(await post(route, request, { 'x-vx11-token': tokens.operator }), 'forbidden')
      const observer = gatewayWith(['spawner'], { VX11_OPERATOR_CONTROL_ENABLED: 'false' })
      expect((await observer.post(route, request)).status).toBe(403)
    }
    expect(sent(`${spawner}/spawn`)).toEqual([])
  })

  it.each([
    { code: 'ls' },
    { task_type: 'shell' },
    { ...request, code: '' },
    { ...request, code: 'x'.repeat(8193) },
    { ...request, ttl_seconds: 0 },
    { ...request, ttl_seconds: 86_401 },
    { ...request, ttl_seconds: 1.5 },
    { ...request, max_retries: 11 },
    { ...request, max_retries: -1 },
    { ...request, correlation_id: 'a\nb' },
  ])('refuses %j', async (body) => {
    const { post, sent } = gatewayWith()
    await expectProblem(await post(path, body), 'validation_error')
    expect(sent(`${spawner}/spawn`)).toEqual([])
  })
})

describe('POST /operator/api/spawner/submit', () => {
  const path = '/operator/api/spawner/submit'

  it('tells madre first, and has the spawner run what was asked for', async () => {
    const { post, network, sent } = gatewayWith()
    network.answer(madreIntent, jsonAnswer({ status: 'accepted', intent_id: 'c-1' }))
    network.answer(`${spawner}/spawn`, jsonAnswer(accepted))
    const response = await post(path, { cmd: 'make all', ttl_seconds: 30 }, { 'x-correlation-id': 'c-1' })
    expect(response.status).toBe(200)
    expect(v.parse(Submitted, await response.json())).toMatchObject({
      ...{ status: 'queued', policy: 'windowed', intent: { intent_id: 'c-1' }, spawn: { spawn_uuid: uuid } },
      correlation_id: 'c-1',
    })
    expect(sent(madreIntent).map(bodyOf)).toMatchObject([
      { type: 'spawn', correlation_id: 'c-1', payload: { cmd: 'make all' } },
    ])
    expect(sent(`${spawner}/spawn`).map(bodyOf)).toMatchObject([{ cmd: 'make all', ttl_seconds: 30, trace_id: 'c-1' }])
  })

  it('runs nothing that madre did not hear of', async () => {
    const { post, network, sent } = gatewayWith()
    await expectProblem(await post(path, { cmd: 'ls' }), 'madre_unavailable')
    network.answer(madreIntent, jsonAnswer({ detail: 'no' }, 422))
    expect((await post(path, { cmd: 'ls' })).status).toBe(422)
    network.answer(madreIntent, jsonAnswer({ detail: 'no' }, 401))
    await expectProblem(await post(path, { cmd: 'ls' }), 'madre_auth_failed')
    network.answer(madreIntent, jsonAnswer([]))
    await expectProblem(await post(path, { cmd: 'ls' }), 'madre_failed')
    expect(sent(`${spawner}/spawn`)).toEqual([])
  })

  it('says what kept the spawner', async () => {
    const { post, network } = gatewayWith()
    network.answer(madreIntent, jsonAnswer({ status: 'accepted' }))
    await expectProblem(await post(path, { name: 'known' }), 'upstream_unavailable')
    expect((await gatewayWith([]).post(path, { cmd: 'ls' })).status).toBe(403)
    await expectProblem(await post(path, {}), 'validation_error')
    await expectProblem(await post(path, { cmd: null, name: null }), 'validation_error')
  })
})

describe('what runs and what ran', () => {
  beforeAll(async () => {
    const db = open().open()
    const spawn = (n: number, more = {}) => ({
      ...{ uuid: `0000000${n}-0000-4000-8000-000000000000`, name: `spawn-0000000${n}`, cmd: `run ${n}` },
      ...{ status: 'completed', createdAt: `2026-01-01 10:00:0${n}.000000`, stdout: null, ...more },
    })
    await db
      .insert(spawns)
      .values([
        spawn(1),
        spawn(2, { status: 'failed', exitCode: 2, stderr: 'first\n\n  second\tthird' }),
        spawn(3, { status: null, stdout: 'x'.repeat(100_000) }),
      ])
    await db.insert(daughterTasks).values({ id: 1, source: 'operator', taskType: 'shell' })
    const daughter = (name: string, status: string) => ({ taskId: 1, name, status, ttlSeconds: 300 })
    await db
      .insert(daughters)
      .values([daughter('one', 'running'), daughter('two', 'spawned'), daughter('gone', 'finished')])
  })

  it('lists runs newest first, with outputs on one line', async () => {
    const { runs, total, allowed, window } = await gatewayWith().read('/operator/api/spawner/runs', SpawnerRuns)
    expect({ total, allowed, mode: window.mode }).toEqual({ total: 3, allowed: true, mode: 'window_active' })
    expect(runs.map(({ name }) => name)).toEqual(['spawn-00000003', 'spawn-00000002', 'spawn-00000001'])
    expect(runs[0]?.stdout_preview).toBe('x'.repeat(160))
    expect(runs[1]).toMatchObject({ stderr_preview: 'first second third', exit_code: 2, stdout_preview: null })
    expect(runs[2]?.created_at).toBe('2026-01-01T10:00:01.000Z')
  })

  it('pages through runs, within bounds', async () => {
    const { read, authorized } = gatewayWith([])
    const page = await read('/operator/api/spawner/runs?limit=1&offset=1', SpawnerRuns)
    expect(page).toMatchObject({ runs: [{ name: 'spawn-00000002' }], total: 3, limit: 1, offset: 1, allowed: false })
    expect(await read('/operator/api/spawner/runs?limit=9999', SpawnerRuns)).toMatchObject({ limit: 200 })
    for (const query of ['limit=0', 'limit=-1', 'offset=-1', 'offset=x']) {
      await expectProblem(await authorized(`/operator/api/spawner/runs?${query}`), 'validation_error')
    }
  })

  it('sums the spawner up: health, runs by status, and whether it may be used', async () => {
    const path = '/operator/api/spawner/status'
    const { read, network } = gatewayWith()
    network.answer(`${spawner}/health`, jsonAnswer({ status: 'ok' }))
    expect(await read(path, SpawnerStatus)).toMatchObject({
      ...{ status: 'ok', policy: 'windowed', allowed: true, message: null, health: { up: true, reason: null } },
      summary: { runs_by_status: { completed: 1, failed: 1, unknown: 1 } },
    })
    expect(await gatewayWith([]).read(path, SpawnerStatus)).toMatchObject({
      ...{ status: 'off_by_policy', policy: 'solo_madre', allowed: false, window: { mode: 'solo_madre' } },
      ...{ message: expect.stringContaining('spawner'), health: { up: false, reason: 'upstream_unavailable' } },
    })
    expect(await gatewayWith([], { SPAWNER_URL: '' }).read(path, SpawnerStatus)).toMatchObject({
      health: { up: false, reason: 'not_configured' },
    })
  })

  it('lists the daughters that live', async () => {
    const { read, network } = gatewayWith()
    network.answer(`${spawner}/health`, jsonAnswer({ status: 'ok' }))
    const { agents, ...rest } = await read('/vx11/agents', Agents)
    expect(agents.map(({ name, status }) => [name, status])).toEqual([
      ['two', 'spawned'],
      ['one', 'running'],
    ])
    expect(rest).toMatchObject({ total: 2, window_open: true, spawner_available: true, degraded: false })
    expect(await gatewayWith([]).read('/vx11/agents', Agents)).toMatchObject({
      ...{ window_open: false, spawner_available: false },
    })
  })

  it('says that the database is away', async () => {
    const { read } = gatewayWith(['spawner'], {}, awayDatabase)
    const failed = { degraded: true, error: 'database_unavailable' }
    expect(await read('/vx11/agents', Agents)).toMatchObject({ agents: [], ...failed })
    expect(await read('/operator/api/spawner/runs', SpawnerRuns)).toMatchObject({ runs: [], total: 0, ...failed })
    expect(await read('/operator/api/spawner/status', SpawnerStatus)).toMatchObject({ allowed: true, ...failed })
  })
})
