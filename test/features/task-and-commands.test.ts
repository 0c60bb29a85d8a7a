import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { chatApp, settle } from '../support/chat-app.ts'
import { sentJson, urls } from '../support/chat-network.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { tokens } from '../support/test-app.ts'

const database = testDatabase()

const expectOff = async (response: Response) => {
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status: 403,
    body: { error: 'off_by_policy' },
  })
}

describe('POST /operator/task', () => {
  const task = { task_type: 'analysis', payload: { user_id: 'mine', depth: 3 }, metadata: { a: 1 }, provider_hint: '' }

  it('hands the task to switch, and never replaces what the caller wrote', async () => {
    const { send, network, sentTo } = chatApp()
    network.answer(`${urls.switch}/switch/task`, () => jsonAnswer({ status: 'ok', queue_id: 7, result: {} }))
    const response = await send(task, {}, '/operator/task')
    expect(await response.json()).toEqual({ status: 'ok', queue_id: 7, result: {} })
    const sent = sentJson(sentTo('switch', '/switch/task')[0] as never)
    expect(sent).toEqual({
      task_type: 'analysis',
      payload: { user_id: 'mine', depth: 3, session_id: expect.any(String), intent_type: 'task', metadata: { a: 1 } },
      source: 'operator',
    })
    await send({ ...task, provider_hint: 'gpt4', session_id: 's-1' }, {}, '/operator/task')
    expect(sentJson(sentTo('switch', '/switch/task')[1] as never)).toMatchObject({
      provider_hint: 'gpt4',
      payload: { session_id: 's-1' },
    })
  })

  it('passes switch’s own errors on as they are, and names its own', async () => {
    const { send, network, clock } = chatApp()
    await expectProblem(await send(task, {}, '/operator/task'), 'switch_unavailable', 'service_offline')
    network.answer(`${urls.switch}/switch/task`, () => jsonAnswer({ detail: 'no' }, 422))
    const refused = await send(task, {}, '/operator/task')
    expect({ status: refused.status, body: await refused.json() }).toEqual({ status: 422, body: { detail: 'no' } })
    for (const body of [{}, { task_type: 'x' }, { task_type: '', payload: {} }, { task_type: 'x', payload: [] }])
      await expectProblem(await settle(clock, send(body, {}, '/operator/task')), 'validation_error')
  })

  it('lets go of an answer that says nothing of its kind', async () => {
    const { send, network, deps } = chatApp()
    let letGo = false
    const cancel = () => {
      letGo = true
    }
    const body = new ReadableStream({ cancel })
    network.answer(`${urls.switch}/switch/task`, () => ({ status: 200, headers: {}, body }))
    await expectProblem(await send(task, {}, '/operator/task'), 'upstream_malformed')
    expect(letGo).toBe(true)
    expect(deps.upstreamStates().switch?.inFlight).toBe(0)
  })

  it('needs a window that lists switch, and operator control', async () => {
    await expectOff(await chatApp({ window: false }).send(task, {}, '/operator/task'))
    await expectOff(await chatApp({ env: { VX11_OPERATOR_CONTROL_ENABLED: '0' } }).send(task, {}, '/operator/task'))
    await expectProblem(
      await chatApp({ env: { SWITCH_URL: '' } }).send(task, {}, '/operator/task'),
      'switch_unavailable',
      'service_offline',
    )
  })
})

describe('POST /operator/api/chat/commands', () => {
  const path = '/operator/api/chat/commands'
  const app = (options = {}) => {
    const gateway = chatApp({ switch: 'up', deps: { database: database() }, ...options })
    const run = async (body: object, init?: RequestInit) =>
      (await (await settle(gateway.clock, gateway.send(body, init, path))).json()) as Record<string, unknown>
    return { ...gateway, run }
  }

  it('tells the window and the modules', async () => {
    const { run } = app()
    expect(await run({ command: 'status', session_id: 's', correlation_id: 'ignored' })).toMatchObject({
      ...{ session_id: 's', command: 'status', result: 'ok', timestamp: '2027-01-15T08:00:00.000Z' },
      window: { status: 'open', window_id: 'w-1' },
      modules: { madre: { module: 'madre' }, hermes: { status: 'dormant' } },
    })
  })

  it('opens and closes windows by the routes that do it', async () => {
    const { run, network, sentTo } = app()
    const opened = {
      window_id: 'w-2',
      created_at: null,
      deadline: null,
      services_started: ['switch'],
      state: 'open',
      ttl_remaining_sec: 60,
    }
    network.answer(`${urls.madre}/madre/power/window/open`, () => jsonAnswer(opened))
    network.answer(`${urls.madre}/madre/power/window/close`, () => jsonAnswer({ detail: 'No active window' }, 404))
    expect(await run({ command: 'open_window', args: { ttl_sec: 60 } })).toMatchObject({
      result: 'ok',
      window: { window_id: 'w-2', state: 'open' },
    })
    expect(sentJson(sentTo('madre', '/madre/power/window/open')[0] as never)).toMatchObject({
      services: ['switch'],
      ttl_sec: 60,
      reason: 'chat_command',
    })
    expect(await run({ command: 'close_window' })).toMatchObject({ result: 'error', error: 'no_active_window' })
    expect(await run({ command: 'open_window', args: { services: 'all' } })).toMatchObject({
      result: 'error',
      error: 'validation_error',
    })
  })

  it('gives nobody a right that the routes would not', async () => {
    const { run, sentTo } = app()
    const asOperator = { headers: { 'x-vx11-token': tokens.operator } }
    expect(await run({ command: 'open_window' }, asOperator)).toMatchObject({ result: 'error', error: 'forbidden' })
    const observer = app({ env: { VX11_OPERATOR_CONTROL_ENABLED: '0' } })
    for (const command of ['open_window', 'close_window', 'spawn'])
      expect(await observer.run({ command })).toMatchObject({ result: 'off_by_policy', error: 'off_by_policy' })
    expect(await observer.run({ command: 'status' })).toMatchObject({ result: 'ok' })
    expect([...sentTo('madre', '/madre/power/window'), ...observer.sentTo('madre', '/madre/power/window')]).toEqual([])
  })

  it('sends a message as the chat does', async () => {
    const { run } = app()
    expect(await run({ command: 'message', message: 'hello', session_id: 'by-command' })).toMatchObject({
      ...{ provider: 'switch', response: 'switch says hello', session_id: 'by-command' },
    })
    expect(await run({ command: 'message' })).toMatchObject({ result: 'error', error: 'message_required' })
  })

  it('lists what it knows when it does not know', async () => {
    const { run } = app()
    const answer = await run({ command: 'format_disk' })
    expect(answer).toMatchObject({ result: 'error', error: 'unknown_command', command: null })
    expect(answer.available_commands).toEqual(['status', 'open_window', 'close_window', 'spawn', 'message'])
    expect(JSON.stringify(answer)).not.toContain('format_disk')
  })
})

describe('observer mode', () => {
  it('lets operators talk', async () => {
    const { ask } = chatApp({
      switch: 'up',
      env: { VX11_OPERATOR_CONTROL_ENABLED: '0' },
      deps: { database: database() },
    })
    for (const path of ['/operator/api/chat', '/operator/chat', '/operator/chat/ask'])
      expect(await ask({ message: 'hello' }, {}, path)).toMatchObject({ provider: 'switch' })
  })

  it('keeps conversations as they are', async () => {
    const { authorized } = chatApp({ env: { VX11_OPERATOR_CONTROL_ENABLED: '0' }, deps: { database: database() } })
    await expectOff(await authorized('/operator/session/x', { method: 'DELETE' }))
    await expectOff(await authorized('/operator/session/x', { method: 'PATCH', body: '{}' }))
  })
})
