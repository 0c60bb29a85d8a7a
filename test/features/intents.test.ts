import * as v from 'valibot'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { spawns } from '../../src/db/schema/spawner.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { IntentAnswer, IntentRefusal, IntentResult, SpawnResult } from '../../src/features/intents/schema.ts'
import { Problem } from '../../src/http/answer/problem-body.ts'
import { awayDatabase } from '../support/absent-database.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { bodyOf, tellWindow } from '../support/power-window.ts'
import { testApp } from '../support/test-app.ts'

const madre = 'http://madre.test:8001'
const upstreams = { SWITCH_URL: 'http://switch.test:8002', SPAWNER_URL: 'http://spawner.test:8008' }
const open = testDatabase()

function gatewayWith(services: string[] = [], env: Record<string, string> = {}, database = open()) {
  const gateway = testApp({ env: { ...upstreams, ...env }, deps: { database } })
  tellWindow(gateway.network, services)
  const send = (body: unknown, headers = {}) =>
    gateway.authorized('/vx11/intent', { method: 'POST', body: JSON.stringify(body), headers })
  const answered = async (body: unknown, headers = {}) => {
    const response = await send(body, headers)
    expect(response.status).toBe(200)
    return v.parse(IntentAnswer, await response.json())
  }
  const find = (id: string) => gateway.authorized(`/vx11/result/${encodeURIComponent(id)}`)
  const sent = () => gateway.network.exchanges.filter(({ url }) => url === `${madre}/vx11/intent`)
  return { ...gateway, send, answered, find, sent }
}

const done = { status: 'DONE', mode: 'MADRE', provider: 'fallback_local', response: { plan_id: 1 }, degraded: false }

describe('POST /vx11/intent', () => {
  it('hands the intent to madre, and gives her answer', async () => {
    const { answered, network, sent } = gatewayWith()
    network.answer(`${madre}/vx11/intent`, jsonAnswer(done))
    const body = { intent_type: 'plan', text: 'do', payload: { a: 1 }, priority: 'P0', correlation_id: 'c-1', extra: 1 }
    expect(await answered(body)).toEqual({
      ...done,
      ...{ correlation_id: 'c-1', error: null, timestamp: '2027-01-15T08:00:00.000Z' },
    })
    expect(sent().map(bodyOf)).toEqual([
      {
        ...{ intent_type: 'plan', text: 'do', payload: { a: 1 }, require: {}, priority: 'P0' },
        ...{ correlation_id: 'c-1', user_id: 'local' },
      },
    ])
    expect(await answered({}, { 'x-correlation-id': 'c-2' })).toMatchObject({ correlation_id: 'c-2' })
  })

  it.each([
    ['queued', 'QUEUED'],
    ['Done', 'DONE'],
    ['WAITING', 'WAITING'],
    ['error', 'ERROR'],
  ])('reads madre’s %j as %s', async (status, word) => {
    const { answered, network } = gatewayWith()
    network.answer(`${madre}/vx11/intent`, jsonAnswer({ status, mode: 'spawner', error: 'why' }))
    expect(await answered({})).toMatchObject({
      status: word,
      mode: 'SPAWNER',
      provider: null,
      response: null,
      error: 'why',
    })
  })

  it.each(['switch', 'spawner'])('is refused with 403 while the %s that it needs is closed', async (module) => {
    const { send, sent } = gatewayWith(['hermes'])
    const response = await send({ require: { [module]: true } })
    expect(response.status).toBe(403)
    expect(v.parse(Problem, await response.json())).toMatchObject({
      ...{ error: 'off_by_policy', service: module, policy: 'windowed', status: 'ERROR', mode: 'FALLBACK' },
      ...{ provider: null, degraded: true },
      response: { required_service: module, policy: 'WINDOWED', hint: expect.stringContaining('window') },
    })
    expect(sent()).toEqual([])
  })

  it('passes while the window lists all that it needs', async () => {
    const { answered, network } = gatewayWith(['switch', 'spawner'])
    network.answer(`${madre}/vx11/intent`, jsonAnswer(done))
    await answered({ require: { switch: true, spawner: true } })
  })

  it('says that a module that it needs is not configured', async () => {
    const { send } = gatewayWith([], { SWITCH_URL: '' })
    await expectProblem(await send({ require: { switch: true } }), 'switch_unavailable', 'ERROR')
  })

  it('names what goes wrong at madre, and passes what she refuses', async () => {
    const { send, network } = gatewayWith()
    const say = (answer: Parameters<typeof network.answer>[1]) => network.answer(`${madre}/vx11/intent`, answer)
    await expectProblem(await send({}), 'madre_unavailable', 'ERROR')
    say(new TransportError('timeout'))
    await expectProblem(await send({}), 'madre_timeout', 'ERROR')
    say(jsonAnswer({}, 500))
    await expectProblem(await send({}), 'madre_failed', 'ERROR')
    say(jsonAnswer({ status: 'ok' }))
    await expectProblem(await send({}), 'madre_failed', 'ERROR')
    say(jsonAnswer({ detail: 'x' }, 401))
    await expectProblem(await send({}), 'madre_auth_failed', 'ERROR')
    say(jsonAnswer({ detail: 'Not Found' }, 404))
    await expectProblem(await send({}), 'not_implemented', 'ERROR')
    say(jsonAnswer({ detail: 'taken' }, 409))
    const refused = await send({})
    expect([refused.status, v.parse(IntentRefusal, await refused.json())]).toMatchObject([409, { detail: 'taken' }])
  })

  it.each([
    { intent_type: 'x' },
    { priority: 'urgent' },
    { text: 'x'.repeat(4001) },
    { require: true },
    { payload: 'x' },
    [],
  ])('refuses %j', async (body) => {
    const { send, sent } = gatewayWith()
    await expectProblem(await send(body), 'validation_error')
    expect(sent()).toEqual([])
  })

  it('is refused in observer mode', async () => {
    const { send, sent } = gatewayWith([], { VX11_OPERATOR_CONTROL_ENABLED: 'false' })
    const members = { error: 'off_by_policy', policy: 'observer', status: 'ERROR', mode: 'FALLBACK', provider: null }
    const refused = await send({})
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { ...members, response: { policy: 'OBSERVER' } },
    ])
    expect(sent()).toEqual([])
  })
})

describe('with the embedded madre', () => {
  it('an intent is taken once, and its result can be asked for', async () => {
    const { answered, send, find } = gatewayWith([], { MADRE_URL: 'embedded' })
    const id = crypto.randomUUID()
    const told = await answered({ text: 'hello', correlation_id: id })
    expect(told).toMatchObject({ status: 'DONE', mode: 'MADRE', degraded: true })
    expect((await send({ correlation_id: id })).status).toBe(409)
    const result = v.parse(IntentResult, await (await find(id)).json())
    expect(result).toMatchObject({ correlation_id: id, status: 'DONE', result: told.response, error: null })
    await expectProblem(await find(crypto.randomUUID()), 'result_not_found')
  })
})

describe('GET /vx11/result/{id}', () => {
  const row = (uuid: string, name: string, more = {}) => ({ uuid, name, cmd: 'ls', status: 'pending', ...more })
  const first = 'aaaaaaaa-0000-4000-8000-000000000001'
  const second = 'aaaaaaaa-0000-4000-8000-000000000002'
  const third = 'bbbbbbbb-0000-4000-8000-000000000003'
  beforeAll(async () => {
    await open()
      .open()
      .insert(spawns)
      .values([
        row(first, 'spawn-named', { status: 'completed', exitCode: 0, stdout: 'out', endedAt: '2026-01-01T10:00:00Z' }),
        row(second, 'nameless'),
        row(third, 'other', { status: 'timeout', stdout: 'x'.repeat(300_000) }),
        row('cccccccc-0000-4000-8000-000000000004', 'spawn-twice', { status: 'odd' }),
        row('dddddddd-0000-4000-8000-000000000005', 'spawn-twice'),
      ])
  })
  const spawn = async (id: string) => {
    const response = await gatewayWith().find(id)
    expect(response.status).toBe(200)
    return v.parse(SpawnResult, await response.json())
  }

  it('finds a spawn by its name, its uuid, or eight letters of it', async () => {
    expect(await spawn('spawn-named')).toMatchObject({
      ...{ spawn_uuid: first, spawn_id: 'spawn-named', status: 'DONE', exit_code: 0, stdout: 'out' },
      finished_at: '2026-01-01T10:00:00.000Z',
    })
    expect(await spawn(second)).toMatchObject({ spawn_uuid: second, status: 'QUEUED' })
    expect(await spawn('spawn-bbbbbbbb')).toMatchObject({ spawn_uuid: third, status: 'ERROR' })
    expect(await spawn(`spawn-${third}`)).toMatchObject({ spawn_uuid: third })
    expect((await spawn('spawn-bbbbbbbb')).stdout).toHaveLength(262_144)
    expect(await spawn('spawn-cccccccc')).toMatchObject({ status: 'UNKNOWN' })
  })

  it('says that an id is ambiguous or unknown; a wildcard finds nothing', async () => {
    const { find, network } = gatewayWith()
    await expectProblem(await find('spawn-aaaaaaaa'), 'ambiguous_result')
    await expectProblem(await find('spawn-twice'), 'ambiguous_result')
    for (const id of ['spawn-', 'spawn-%', 'spawn-b%', 'spawn-bbbbbbb', 'spawn-bbbbbbbb_', 'spawn-zzzzzzzz']) {
      await expectProblem(await find(id), 'result_not_found')
    }
    expect(network.exchanges).toEqual([])
  })

  it('asks madre for what is no spawn, if the gateway sent it', async () => {
    const { find, network, send } = gatewayWith()
    network.answer(`${madre}/vx11/intent`, jsonAnswer(done))
    for (const correlation_id of ['c:1+x', 'c-2']) await send({ correlation_id })
    await expectProblem(await find('c-3'), 'result_not_found')
    const target = `${madre}/vx11/result/${encodeURIComponent('c:1+x')}`
    network.answer(target, jsonAnswer({ status: 'done', mode: 'MADRE', result: { note: 1 } }))
    expect(v.parse(IntentResult, await (await find('c:1+x')).json())).toMatchObject({
      ...{ correlation_id: 'c:1+x', status: 'DONE', result: { note: 1 }, provider: null },
    })
    network.answer(target, jsonAnswer({ detail: 'no' }, 404))
    await expectProblem(await find('c:1+x'), 'result_not_found')
    await expectProblem(await find('c-2'), 'madre_unavailable')
    await expectProblem(await find('a b'), 'result_not_found')
    await expectProblem(await find('x'.repeat(129)), 'result_not_found')
  })

  it('says that the database is away', async () => {
    await expectProblem(await gatewayWith([], {}, awayDatabase).find('spawn-named'), 'database_unavailable')
  })
})
