/** What switch and the models get of a chat message, and how their answers are read. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { UsageReport } from '../../src/features/chat/schema.ts'
import { chatApp } from '../support/chat-app.ts'
import { chunk, readEvents, sentJson, sse, urls } from '../support/chat-network.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { tokens } from '../support/test-app.ts'

const database = testDatabase()
const withDatabase = () => ({ database: database() })

describe('switch in the chat', () => {
  it('is asked on the lane without a shell, whatever the caller wishes', async () => {
    const { ask, sentTo } = chatApp({ switch: 'up', deps: withDatabase() })
    await ask({ message: 'echo hi', metadata: { language_lane: true, mode: 'cli', prefer_cli: true } })
    const sent = sentJson(sentTo('switch')[0] as never)
    expect(sent.messages).toEqual([{ role: 'user', content: 'echo hi' }])
    expect(sent.metadata).toMatchObject({ language_lane: false, message_count: 1 })
    expect(sent.metadata).not.toHaveProperty('prefer_cli')
  })

  it('gets the caller’s metadata on the full lane', async () => {
    const { ask, sentTo } = chatApp({ switch: 'up', env: { VX11_SWITCH_CHAT_LANE: 'full' }, deps: withDatabase() })
    await ask({ message: 'hello', metadata: { mode: 'cli', context_summary: 'forged' } })
    const { metadata } = sentJson(sentTo('switch')[0] as never)
    expect(metadata).toMatchObject({ mode: 'cli', context_summary: 'user: hello' })
    expect(metadata).not.toHaveProperty('language_lane')
  })

  it('is left alone while no window lists it', async () => {
    const { ask, sentTo } = chatApp({
      switch: 'up',
      madre: 'up',
      window: false,
      env: { VX11_CHAT_ALLOW_DEEPSEEK: '0' },
      deps: withDatabase(),
    })
    expect(await ask({ message: 'hello' })).toMatchObject({ provider: 'madre', warnings: ['switch: off_by_policy'] })
    expect(sentTo('switch')).toEqual([])
  })

  it('does not hold the chat up when madre does not report whether it may be used', async () => {
    const gateway = chatApp({ switch: 'up', deepseek: 'up', deps: withDatabase() })
    gateway.network.answer(`${urls.madre}/madre/power/state`, () => new Promise(() => {}))
    const startedAt = gateway.clock.now()
    expect(await gateway.ask({ message: 'hello' })).toMatchObject({ provider: 'deepseek-r1' })
    expect(gateway.clock.now() - startedAt).toBeLessThan(1500)
  })
})

describe('a model in the chat', () => {
  it('gets its own key and none of the gateway’s tokens', async () => {
    const { ask, sentTo } = chatApp({ deepseek: 'up', deps: withDatabase() })
    await ask({ message: 'hello', metadata: { secret: 'thing' } })
    const [{ init }] = sentTo('deepseek') as [never]
    const { headers, body } = init as { headers: Record<string, string>; body: Uint8Array }
    expect(headers.authorization).toBe('Bearer deepseek-key-for-tests')
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual(['x-correlation-id'])
    const text = new TextDecoder().decode(body)
    for (const token of [...Object.values(tokens), 'secret'])
      expect(text + JSON.stringify(headers)).not.toContain(token)
  })

  it('is told what was said before in the session', async () => {
    const { ask, sentTo } = chatApp({ deepseek: 'up', env: { SWITCH_URL: '' }, deps: withDatabase() })
    await ask({ message: 'first', session_id: 'long' })
    await ask({ message: 'second', session_id: 'long' })
    expect(sentJson(sentTo('deepseek')[1] as never).messages).toEqual([
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'deepseek says hello' },
      { role: 'user', content: 'second' },
    ])
  })

  it('keeps its reasoning apart from its answer', async () => {
    const { ask, send } = chatApp({ deepseek: 'up', env: { SWITCH_URL: '' }, deps: withDatabase() })
    expect(await ask({ message: 'hello' })).toMatchObject({
      response: 'deepseek says hello',
      reasoning: 'thinking',
      usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 },
      degraded: false,
    })
    const events = readEvents(await (await send({ message: 'hello', stream: true, session_id: 's-reason' })).text())
    expect(events.map(({ event }) => event)).toEqual(['start', 'reasoning', 'token', 'token', 'token', 'usage', 'done'])
  })

  it.each(['cut', 'broken', 'error in stream', 'reasoning alone', 'slow'] as const)(
    'is passed over when it is %s',
    async (deepseek) => {
      const { ask } = chatApp({ deepseek, madre: 'up', env: { SWITCH_URL: '' }, deps: withDatabase() })
      const { provider, warnings, reasoning } = await ask({ message: 'hello' })
      expect({ provider, reasoning }).toEqual({ provider: 'madre', reasoning: null })
      expect(warnings).toHaveLength(2)
      expect(warnings[1]).toMatch(/^deepseek_r1: (malformed|unreachable|refused|empty|timeout)/)
    },
  )

  it('may answer at once, although it was asked to stream', async () => {
    const { ask } = chatApp({ deepseek: 'whole json', env: { SWITCH_URL: '' }, deps: withDatabase() })
    expect(await ask({ message: 'hello' })).toMatchObject({ response: 'deepseek says hello', reasoning: 'thinking' })
  })

  it('may run on the operator’s own machine, by the name that it lists', async () => {
    const { ask, network, sentTo } = chatApp({
      env: { SWITCH_URL: '', VX11_CHAT_ALLOW_DEEPSEEK: '0', VX11_LOCAL_LLM_URL: urls.localLlm },
      deps: withDatabase(),
    })
    network.answer(`${urls.localLlm}/models`, () => jsonAnswer({ object: 'list', data: [{ id: 'llama3:8b' }] }))
    const stop = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\n`
    network.answer(`${urls.localLlm}/chat/completions`, () => sse([chunk({ content: 'from here' }), stop]))
    expect(await ask({ message: 'hello' })).toMatchObject({
      provider: 'local-llm',
      response: 'from here',
      degraded: false,
    })
    const [, { init }] = sentTo('localLlm') as [never, never]
    expect(sentJson({ init } as never).model).toBe('llama3:8b')
    expect((init as { headers: object }).headers).not.toHaveProperty('authorization')
  })

  it('is not alone in hearing of the session: madre gets a summary', async () => {
    const { ask, sentTo } = chatApp({
      madre: 'up',
      env: { SWITCH_URL: '', VX11_CHAT_ALLOW_DEEPSEEK: '0' },
      deps: withDatabase(),
    })
    const envelope = await ask({ message: 'hello', session_id: 'for-madre', metadata: { a: 1 } })
    expect(envelope).toMatchObject({
      provider: 'madre',
      intent_id: 'i-1',
      plan_id: 'p-1',
      mode: 'MADRE',
      targets: [],
      status: 'degraded',
    })
    expect(sentJson(sentTo('madre', '/madre/chat')[0] as never)).toEqual({
      ...{ message: 'hello', session_id: 'for-madre' },
      context: { a: 1, context_summary: 'user: hello' },
    })
  })

  it('may be a mock, which says the same for the same message', async () => {
    const { ask } = chatApp({ env: { SWITCH_URL: '', VX11_MOCK_PROVIDERS: 'true' }, deps: withDatabase() })
    const first = await ask({ message: 'hello', session_id: 'm1' })
    expect(first).toMatchObject({ provider: 'mock', model: 'mock-reasoner', fallback_source: 'mock' })
    expect((await ask({ message: 'hello', session_id: 'm2' })).response).toBe(first.response)
  })

  it('is not asked any more when the tokens of the day are spent', async () => {
    const principals = JSON.stringify(
      ['thrifty', 'another'].map((name) => ({ name, token: `token-of-${name}`, scopes: ['operator'] })),
    )
    const another = { headers: { 'x-vx11-token': 'token-of-another' } }
    const env = {
      SWITCH_URL: '',
      VX11_CHAT_DAILY_TOKENS: '15',
      VX11_TOKENS: principals,
      VX11_CHAT_PRICES: '{"deepseek-reasoner":{"input":1,"output":2}}',
    }
    const { ask, authorized, clock } = chatApp({ deepseek: 'up', madre: 'up', env, deps: withDatabase() })
    const thrifty = { headers: { 'x-vx11-token': 'token-of-thrifty' } }
    expect(await ask({ message: 'one' }, thrifty)).toMatchObject({ provider: 'deepseek-r1', cost_usd: 17 / 1e6 })
    expect(await ask({ message: 'two' }, thrifty)).toMatchObject({ provider: 'deepseek-r1' })
    expect(await ask({ message: 'three' }, thrifty)).toMatchObject({
      provider: 'local',
      // Madre may act on what she is told, which needs scope admin.
      warnings: ['switch: not_configured', 'deepseek_r1: daily_tokens_spent', 'madre: may_act'],
    })
    const usage = v.parse(UsageReport, await (await authorized('/operator/api/chat/usage', thrifty)).json())
    expect(usage).toMatchObject({ principal: 'thrifty', tokens_used: 22, tokens_limit: 15, tokens_left: 0 })
    expect(usage.models).toContainEqual({ model: 'deepseek-reasoner', asked: 2, answered: 2, tokens: 22 })
    expect(usage.providers.find(({ provider }) => provider === 'deepseek_r1')?.cost_usd).toBeGreaterThan(0)
    expect(await ask({ message: 'four' }, another)).toMatchObject({ provider: 'deepseek-r1' })
    await clock.advance(86_400_000)
    expect(await ask({ message: 'five' }, thrifty)).toMatchObject({ provider: 'deepseek-r1' })
  })
})
