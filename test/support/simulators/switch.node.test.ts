/** The simulated switch, asked as a client of the contract would. */
import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { jsonPost, runningSwitch } from './running.ts'

describe('switch', () => {
  const withToken = { 'x-vx11-token': 'switch-token' }
  const messages = [{ role: 'user', content: 'hello' }]

  it('calls a missing and a wrong token the same, and leaves health open', async () => {
    const { url } = await runningSwitch()
    for (const headers of [{}, { 'x-vx11-token': 'other' }])
      for (const path of ['/switch/providers', '/switch/queue/status']) {
        const response = await fetch(url + path, { headers })
        expect([response.status, await response.json()]).toEqual([401, { detail: 'auth_required' }])
      }
    expect(await (await fetch(`${url}/health`)).json()).toEqual({
      status: 'ok',
      module: 'switch',
      active_model: 'general-7b',
      warm_model: 'audio-engineering',
      queue_size: 0,
    })
  })

  it('asks for the token before it looks at the fields', async () => {
    const { url } = await runningSwitch()
    expect((await fetch(`${url}/switch/chat`, jsonPost({}))).status).toBe(401)
  })

  it('wants messages, which is what the old gateway never sent', async () => {
    const { url } = await runningSwitch()
    const response = await fetch(`${url}/switch/chat`, jsonPost({ message: 'hello', session_id: 's' }, withToken))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ detail: [{ type: 'missing', loc: ['body', 'messages'] }] })
  })

  it('answers with its stub on the language lane', async () => {
    const { url } = await runningSwitch()
    expect(await (await fetch(`${url}/switch/chat`, jsonPost({ messages }, withToken))).json()).toEqual({
      status: 'ok',
      provider: 'general-7b',
      decision: 'local',
      content: '[local-7b] hello',
      reply: '[local-7b] hello',
      latency_ms: 3,
      engine_used: 'general-7b',
      used_cli: false,
      fallback_reason: 'cli_unavailable',
      tokens_used: null,
    })
  })

  it('answers with nothing on the models lane, unless a test gives it a model', async () => {
    const body = jsonPost({ messages, metadata: { language_lane: false } }, withToken)
    const silent = await fetch(`${(await runningSwitch()).url}/switch/chat`, body)
    expect(await silent.json()).toMatchObject({ status: 'ok', content: '', reply: '', reasoning: expect.any(String) })
    const talking = await runningSwitch({ modelReply: (last) => `You said ${last}.` })
    expect(await (await fetch(`${talking.url}/switch/chat`, body)).json()).toMatchObject({ content: 'You said hello.' })
  })

  it('runs a task, and calls special ones pending', async () => {
    const { url } = await runningSwitch()
    const task = async (body: unknown) => (await fetch(`${url}/switch/task`, jsonPost(body, withToken))).json()
    expect(await task({ task_type: 'summary', payload: { text: 'x' } })).toMatchObject({
      status: 'ok',
      task_type: 'summary',
      decision: 'CLI',
      result: { status: 'accepted', engine: 'hermes', payload: { text: 'x' } },
    })
    expect(await task({ task_type: 'x', payload: { metadata: { kind: 'audio_mix' } } })).toMatchObject({
      status: 'degraded',
      state: 'pending',
      service: 'shubniggurath',
      message: 'servicio_no_disponible',
    })
    expect(await task({ task_type: 'spawn', payload: {} })).toMatchObject({ status: 'degraded', service: 'spawner' })
    expect(await task({ task_type: 'x', payload: [] })).toMatchObject({ detail: [{ type: 'dict_type' }] })
  })

  it('lists providers and an empty queue', async () => {
    const { url } = await runningSwitch()
    const read = async (path: string) => (await fetch(url + path, { headers: withToken })).json()
    expect(await read('/switch/providers')).toMatchObject({ status: 'ok', providers: expect.any(Array) })
    expect(await read('/switch/queue/status')).toEqual({ size: 0, items: [] })
  })

  it('answers a CORS preflight', async () => {
    const { port } = await runningSwitch()
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    const headers = { origin: 'https://a.example', 'access-control-request-method': 'GET' }
    httpRequest({ port, method: 'OPTIONS', path: '/switch/context', headers }, (response) => {
      resolve(response.resume().statusCode)
    }).end()
    expect(await promise).toBe(200)
  })
})
