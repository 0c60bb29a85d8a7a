/** The chat's providers follow a reload: keys, addresses, models, and which there are at all. */
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { readConfiguration } from '../../src/config/config.ts'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { chatApp } from '../support/chat-app.ts'
import { chatEnvironment, chunk, deepseeks, type Neighbours, sentJson, sse, urls } from '../support/chat-network.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testEnvironment, tokens } from '../support/test-app.ts'

const database = testDatabase()
const other = 'https://other.test/v1'
/** Neither switch nor madre: DeepSeek is the first, the gateway's own answer the last. */
const alone = { ...chatEnvironment, SWITCH_URL: '', MADRE_URL: 'embedded' }

type Variables = Record<string, string>

function reloading(first: Variables = {}, neighbours: Neighbours = { deepseek: 'up' }) {
  let variables: Variables = { ...testEnvironment, ...alone, ...first }
  const { texts } = readConfiguration(variables).sources
  const read = () => readConfiguration(variables)
  const app = chatApp({
    ...neighbours,
    env: { ...alone, ...first },
    deps: { database: database(), configSource: { texts, read } },
  })
  const bearers = (base: string) =>
    app.network.exchanges.filter(({ url }) => url.startsWith(base)).map(({ init }) => init.headers.authorization)
  return {
    ...app,
    bearers,
    reload: async (next: Variables) => {
      variables = { ...testEnvironment, ...alone, ...next }
      return (await app.authorized('/operator/api/config/reload', { method: 'POST' })).json()
    },
    json: async (path: string) => (await app.authorized(path)).json(),
  }
}

const namesIn = (report: unknown) => (report as { providers: { name: string }[] }).providers.map(({ name }) => name)

describe('a reload of the chat', () => {
  it('sends the next message with the new key, to the new address', async () => {
    const { ask, bearers, network, reload } = reloading()
    await ask({ message: 'one' })
    expect(await reload({ DEEPSEEK_API_KEY: 'the-second-key' })).toMatchObject({
      ...{ status: 'applied', changed: ['DEEPSEEK_API_KEY'], needs_restart: [] },
    })
    await ask({ message: 'two' })
    expect(bearers(urls.deepseek)).toEqual(['Bearer deepseek-key-for-tests', 'Bearer the-second-key'])
    network.answer(`${other}/chat/completions`, deepseeks.up)
    await reload({ DEEPSEEK_API_KEY: 'the-second-key', DEEPSEEK_BASE_URL: other })
    expect(await ask({ message: 'three' })).toMatchObject({ provider: 'deepseek-r1' })
    expect(bearers(other)).toEqual(['Bearer the-second-key'])
  })

  it('begins with a provider that appears, and does without one that is gone', async () => {
    const { ask, json, network, reload } = reloading()
    network.answer(`${urls.localLlm}/chat/completions`, () =>
      sse([chunk({ content: 'local words' }), 'data: [DONE]\n\n']),
    )
    network.answer(`${urls.localLlm}/models`, jsonAnswer({ data: [{ id: 'small' }] }))
    expect(namesIn(await json('/operator/api/chat/providers'))).toEqual(['switch', 'deepseek_r1', 'local'])
    const local = { VX11_CHAT_ALLOW_DEEPSEEK: '0', VX11_LOCAL_LLM_URL: urls.localLlm }
    expect(await reload(local)).toMatchObject({ needs_restart: [] })
    expect(await ask({ message: 'hello' })).toMatchObject({ provider: 'local-llm', status: 'ok' })
    expect(namesIn(await json('/operator/api/chat/providers'))).toEqual(['switch', 'local_llm', 'local'])
    expect(JSON.stringify(await json('/vx11/circuit-breaker/status'))).toContain('local_llm')
    await reload({ DEEPSEEK_API_KEY: '' })
    expect(await ask({ message: 'hello' })).toMatchObject({ provider: 'local', warnings: expect.any(Array) })
    const states = JSON.stringify(await json('/vx11/circuit-breaker/status'))
    expect(states).not.toMatch(/local_llm|deepseek/)
  })

  it('asks for the models that are listed now', async () => {
    const { ask, json, reload, sentTo } = reloading()
    await reload({ VX11_CHAT_MODELS: '{"deepseek_r1":["one","two"]}' })
    await ask({ message: 'hello' })
    expect(sentJson(sentTo('deepseek')[0] as never).model).toBe('one')
    expect(namesIn(await json('/operator/api/chat/providers'))).toContain('deepseek_r1/two')
    expect(await json('/operator/api/chat/rotation')).toMatchObject({
      order: ['switch', 'deepseek_r1/one', 'deepseek_r1/two'],
    })
  })

  it('forgets what it learned of the key before, and of nothing else', async () => {
    const { ask, json, populate, reload } = reloading({}, { deepseek: '401' })
    for (const message of ['one', 'two']) await ask({ message })
    expect(await ask({ message: 'three' })).toMatchObject({
      warnings: expect.arrayContaining(['deepseek_r1: cooling_down']),
    })
    populate({ deepseek: 'up' })
    await reload({ VX11_RATE_LIMIT_USER: '900' })
    expect(await ask({ message: 'four' })).toMatchObject({ provider: 'local' })
    await reload({ DEEPSEEK_API_KEY: 'the-second-key' })
    expect(await ask({ message: 'five' })).toMatchObject({ provider: 'deepseek-r1' })
    const { providers } = (await json('/operator/api/chat/providers')) as {
      providers: { name: string; here: object }[]
    }
    expect(providers.find(({ name }) => name === 'deepseek_r1')?.here).toMatchObject({ answered: 1, failed: 2 })
  })

  it('leaves an answer under way to the key that it began with', async () => {
    const { bearers, network, reload, send } = reloading()
    let body: ReadableStreamDefaultController<Uint8Array> | undefined
    const encoder = new TextEncoder()
    const answer: UpstreamAnswer = {
      ...{ status: 200, headers: { 'content-type': 'text/event-stream' } },
      body: new ReadableStream<Uint8Array>({
        start: (controller) => {
          body = controller
          controller.enqueue(encoder.encode(chunk({ content: 'before ' })))
        },
      }),
    }
    network.answer(`${urls.deepseek}/chat/completions`, answer)
    const response = await send({ message: 'hello', stream: true })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('before ')) text += (await reader?.read())?.value ?? ''
    await reload({ VX11_CHAT_ALLOW_DEEPSEEK: '0', DEEPSEEK_API_KEY: '' })
    body?.enqueue(encoder.encode(`${chunk({ content: 'and after' })}data: [DONE]\n\n`))
    body?.close()
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) text += next.value
    expect(text).toContain('and after')
    expect(text).toMatch(/event: done/)
    expect(bearers(urls.deepseek)).toEqual(['Bearer deepseek-key-for-tests'])
  })

  it('returns no kept answer of a provider that is gone', async () => {
    const { ask, reload } = reloading({ SWITCH_URL: '' })
    const question = { message: 'hello', session_id: 'kept' }
    const mock = { VX11_MOCK_PROVIDERS: 'true' }
    await reload(mock)
    await ask(question)
    await reload({ VX11_CHAT_ALLOW_DEEPSEEK: '0' })
    expect(await ask(question)).toMatchObject({ provider: 'local', cache_hit: false })
  })

  it('takes over the time, the prices and the tokens of a day', async () => {
    const { ask, json, reload } = reloading()
    const chat = {
      VX11_CHAT_TIMEOUT_MS: '9000',
      VX11_CHAT_PRICES: '{"deepseek-reasoner":{"input":1000000,"output":0}}',
    }
    expect(await reload(chat)).toMatchObject({ changed: Object.keys(chat), needs_restart: [] })
    expect(await json('/operator/api/chat/providers')).toMatchObject({ timeout_ms: 9000 })
    expect(await ask({ message: 'hello' })).toMatchObject({ cost_usd: 5 })
    await reload({ VX11_CHAT_DAILY_TOKENS: '5' })
    expect(await ask({ message: 'again' })).toMatchObject({ provider: 'local' })
  })

  it('leaves whether the order is learned to a restart', async () => {
    const { ask, reload } = reloading()
    expect(await reload({ VX11_CHAT_ROTATION: 'on' })).toMatchObject({ needs_restart: ['VX11_CHAT_ROTATION'] })
    expect(await ask({ message: 'hello' })).not.toHaveProperty('decision')
  })

  it('sends no message of an operator to the lane with a shell, which opened while it waited', async () => {
    const { network, reload, sentTo, send } = reloading(
      { SWITCH_URL: urls.switch, MADRE_URL: urls.madre },
      { switch: 'up' },
    )
    const state = jsonAnswer({ policy: 'windowed', window_id: 'w-1', active_services: ['madre', 'switch'] })
    let open: (answer: UpstreamAnswer) => void = () => {}
    const opened = new Promise<UpstreamAnswer>((resolve) => {
      open = resolve
    })
    network.answer(`${urls.madre}/madre/power/state`, () => opened)
    const headers = { 'x-vx11-token': tokens.operator }
    const asked = send({ message: 'echo hi' }, { headers })
    await expect.poll(() => sentTo('madre', '/madre/power/state').length).toBe(1)
    await reload({ SWITCH_URL: urls.switch, MADRE_URL: urls.madre, VX11_SWITCH_CHAT_LANE: 'full' })
    open(state)
    await (await asked).text()
    expect(sentTo('switch').map((exchange) => sentJson(exchange).metadata.language_lane)).toEqual([false])
  })
})

describe('an order that learns', () => {
  const on = { VX11_CHAT_ROTATION: 'on' }

  it('takes in a model that a reload adds, and gives a pinned one its place back', async () => {
    const { authorized, json, reload } = reloading({ ...on, VX11_CHAT_MODELS: '{"deepseek_r1":["one","two"]}' })
    const body = JSON.stringify({ model: 'deepseek_r1/two' })
    expect((await authorized('/operator/api/chat/rotation/pin', { method: 'PUT', body })).status).toBe(200)
    await reload({ ...on, VX11_CHAT_MODELS: '{"deepseek_r1":["one","three"]}' })
    expect(await json('/operator/api/chat/rotation')).toMatchObject({
      ...{ pinned: null, order: ['switch', 'deepseek_r1/one', 'deepseek_r1/three'] },
    })
    await reload({ ...on, VX11_CHAT_MODELS: '{"deepseek_r1":["one","two"]}' })
    expect(await json('/operator/api/chat/rotation')).toMatchObject({
      ...{ pinned: { model: 'deepseek_r1/two' }, order: ['deepseek_r1/two', 'switch', 'deepseek_r1/one'] },
    })
  })
})
