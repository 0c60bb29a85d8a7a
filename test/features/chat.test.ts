import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { ProvidersReport, UsageReport } from '../../src/features/chat/schema.ts'
import { everyMinute } from '../../src/periodic.ts'
import { chatApp, settle } from '../support/chat-app.ts'
import { chunk, readEvents, sentJson, sse, urls } from '../support/chat-network.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { tokens } from '../support/test-app.ts'

const database = testDatabase()
const withDatabase = () => ({ database: database() })
const asOperator = { headers: { 'x-vx11-token': tokens.operator } }
const paths = ['/operator/api/chat', '/operator/chat', '/operator/chat/ask']

describe.each(paths)('POST %s', (path) => {
  it('answers in the one envelope', async () => {
    const { ask } = chatApp({ switch: 'up', deps: withDatabase() })
    const envelope = await ask({ message: 'hello', session_id: `one${path.replaceAll('/', '-')}` }, {}, path)
    expect(envelope).toMatchObject({
      session_id: `one${path.replaceAll('/', '-')}`,
      response: 'switch says hello',
      message: 'switch says hello',
      reply: 'switch says hello',
      model: 'gpt4',
      model_used: 'gpt4',
      provider: 'switch',
      provider_used: 'switch',
      fallback_source: 'switch_cli_copilot',
      status: 'ok',
      degraded: false,
      cache_hit: false,
      stored: true,
      warnings: [],
      usage: { prompt_tokens: null, completion_tokens: null, total_tokens: 7 },
    })
    expect(envelope.message_id).toMatch(/^msg_[0-9a-f]{8,}$/)
  })

  it('refuses what it cannot read, and ignores what it does not know', async () => {
    const { send, ask } = chatApp({ switch: 'up', deps: withDatabase() })
    for (const body of [
      {},
      { message: '' },
      { message: ' \n' },
      { message: 7 },
      { message: 'x', session_id: 'a/b' },
      '[',
      '[]',
    ])
      await expectProblem(await send(body, {}, path), 'validation_error')
    const odd = { message: 'hello', unknown: { __proto__: 1 }, user_id: 'somebody', metadata: null, session_id: '' }
    expect(await ask(odd, {}, path)).toMatchObject({ status: 'ok' })
  })
})

describe('a chat message', () => {
  it('may have 4000 code points, however many bytes they take', async () => {
    const { ask, send, sentTo } = chatApp({ switch: 'up', deps: withDatabase() })
    for (const character of ['a', '😀', 'ñ']) {
      expect(await ask({ message: character.repeat(4000) })).toMatchObject({ status: 'ok' })
      await expectProblem(await send({ message: character.repeat(4001) }), 'message_too_long')
    }
    expect(sentTo('switch')).toHaveLength(3)
    expect(sentJson(sentTo('switch')[1] as never).messages[0].content).toBe('😀'.repeat(4000))
  })

  it('is answered within the caller’s own patience', async () => {
    const { ask, send, clock } = chatApp({ switch: 'slow', deepseek: 'slow', madre: 'slow', deps: withDatabase() })
    const startedAt = clock.now()
    const headers = { 'x-vx11-deadline-ms': '1000' }
    expect(await ask({ message: 'quick' }, { headers })).toMatchObject({ provider: 'local' })
    expect(clock.now() - startedAt).toBeLessThanOrEqual(1000)
    await expectProblem(await send({ message: 'x' }, { headers: { 'x-vx11-deadline-ms': 'soon' } }), 'validation_error')
  })

  it('is answered although a surrogate stands alone in it', async () => {
    const { ask } = chatApp({ switch: 'up', deps: withDatabase() })
    expect(await ask('{"message":"half \\ud83d a face"}')).toMatchObject({ status: 'ok', stored: true })
  })

  it('is called by the caller’s correlation id, from the header or from the body', async () => {
    const { ask, send, sentTo } = chatApp({ switch: 'up', deps: withDatabase() })
    expect(await ask({ message: 'a', correlation_id: 'from-body' })).toMatchObject({ correlation_id: 'from-body' })
    const headers = { 'x-correlation-id': 'from-header' }
    expect(await ask({ message: 'b', correlation_id: 'from-body' }, { headers })).toMatchObject({
      correlation_id: 'from-header',
    })
    expect(sentTo('switch').map(({ init }) => init.headers['x-correlation-id'])).toEqual(['from-body', 'from-header'])
    const unsafe = await send({ message: 'c', correlation_id: 'no\nid' })
    expect(await unsafe.json()).toMatchObject({ correlation_id: unsafe.headers.get('x-correlation-id') })
  })

  it('passes ten times a minute for a session and a principal, however many come at once', async () => {
    const { send, clock } = chatApp({ switch: 'up', deps: withDatabase() })
    const many = (body: object, init?: RequestInit) =>
      settle(clock, Promise.all(Array.from({ length: 15 }, () => send(body, init))))
    const statuses = (await many({ message: 'hello', session_id: 'busy' })).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
    const refused = await send({ message: 'hello', session_id: 'busy' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await expectProblem(refused, 'too_many_requests')
    await expectProblem(await send({ message: 'hello', session_id: 'another' }), 'too_many_requests')
    const other = await settle(clock, send({ message: 'hello', session_id: 'others' }, asOperator))
    expect(other.status).toBe(200)
    await clock.advance(60_000)
    expect((await settle(clock, send({ message: 'hello', session_id: 'busy' }))).status).toBe(200)
  })

  it('is answered, and said not to be stored, while the database is away', async () => {
    const { ask, send, logLines } = chatApp({ switch: 'unreachable', deepseek: '500' })
    const envelope = await ask({ message: 'what is up?' })
    expect(envelope).toMatchObject({ provider: 'local', stored: false })
    expect(envelope.response).toContain('The database does not tell the last events now.')
    expect(logLines.some(({ event }) => event === 'chat_not_stored')).toBe(true)
    const events = readEvents(await (await send({ message: 'again', stream: true })).text())
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { stored: false } })
  })
})

describe('the answer cache', () => {
  it('gives a model’s answer again for a minute, to the same principal and session', async () => {
    const { ask, clock, background, sentTo } = chatApp({ switch: 'up', deps: withDatabase() })
    const first = await ask({ message: 'hello', session_id: 'cached' })
    await background()
    const again = await ask({ message: 'hello', session_id: 'cached' })
    expect(again).toMatchObject({
      cache_hit: true,
      response: first.response,
      provider: 'switch',
      status: 'ok',
      stored: true,
    })
    expect(again.message_id).not.toBe(first.message_id)
    expect(again.correlation_id).not.toBe(first.correlation_id)
    for (const [body, init] of [
      [{ message: 'hello!', session_id: 'cached' }, {}],
      [{ message: 'hello', session_id: 'cached2' }, {}],
      [{ message: 'hello', session_id: 'cached' }, { headers: { 'cache-control': 'no-cache' } }],
      [{ message: 'hello', session_id: 'theirs' }, asOperator],
    ] as const)
      expect(await ask(body, init)).toMatchObject({ cache_hit: false })
    await clock.advance(60_001)
    expect(await ask({ message: 'hello', session_id: 'cached' })).toMatchObject({ cache_hit: false })
    expect(sentTo('switch')).toHaveLength(6)
  })

  it('keeps no answer of a stand-in', async () => {
    const { ask, background, populate } = chatApp({
      switch: '500',
      madre: 'up',
      env: { VX11_CHAT_ALLOW_DEEPSEEK: '0' },
      deps: withDatabase(),
    })
    expect(await ask({ message: 'hello', session_id: 'recovers' })).toMatchObject({ provider: 'madre', degraded: true })
    await background()
    populate({ switch: 'up' })
    expect(await ask({ message: 'hello', session_id: 'recovers' })).toMatchObject({
      provider: 'switch',
      cache_hit: false,
    })
  })

  it('streams what it kept', async () => {
    const { ask, background, send } = chatApp({ switch: 'up', deps: withDatabase() })
    await ask({ message: 'hello', session_id: 'streamed-cache' })
    await background()
    const events = readEvents(
      await (await send({ message: 'hello', session_id: 'streamed-cache', stream: true })).text(),
    )
    expect(events.map(({ event }) => event)).toEqual(['start', 'token', 'done'])
    expect(events.at(-1)?.data).toMatchObject({ cache_hit: true, response: 'switch says hello' })
  })
})

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

  it('does not hold the chat up when madre does not tell whether it may be asked', async () => {
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
      provider: 'madre',
      warnings: ['switch: not_configured', 'deepseek_r1: daily_tokens_spent'],
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

describe('a gateway with nothing beside it', () => {
  it('answers by itself, in the operator’s language, from what it knows', async () => {
    const env = { SWITCH_URL: '', SHUB_URL: '', MADRE_URL: 'embedded', VX11_CHAT_ALLOW_DEEPSEEK: '0' }
    const { ask, network } = chatApp({ env, deps: withDatabase() })
    const spanish = await ask({ message: 'hola, ¿qué módulos hay?' })
    expect(spanish).toMatchObject({
      provider: 'local',
      model: 'local_llm_degraded',
      fallback_source: 'local_llm_degraded',
    })
    expect(spanish.response).toContain('Ningún modelo respondió')
    expect(spanish.response).toContain('Sin configurar: switch, shub')
    const english = await ask({ message: 'what can I do?' })
    expect(english.response).toContain('Set SWITCH_URL')
    expect(english).toMatchObject({ degraded: true, warnings: ['switch: not_configured'], stored: true })
    expect(network.exchanges).toEqual([])
  })
})

describe('the gateway’s own answer', () => {
  it('names what was measured within the last minute, and has the rest measured for the next', async () => {
    const { ask, background, clock, network } = chatApp({
      env: { SHUB_URL: 'http://shub.test:8007', VX11_CHAT_ALLOW_DEEPSEEK: '0' },
      window: false,
      deps: withDatabase(),
    })
    network.answer('http://shub.test:8007/health', () => jsonAnswer({ status: 'ok' }))
    const first = (await ask({ message: 'what is up?' })).response
    expect(first).toContain('Up: madre.\nOff by policy: switch.')
    expect(first).toContain('Not measured yet: shub.')
    expect(first).toContain('Open a power window for switch')
    await background()
    expect((await ask({ message: 'what is up now?' })).response).toContain('Up: madre, shub.')
    await clock.advance(61_000)
    expect((await ask({ message: 'and now?' })).response).toContain('Not measured yet: shub.')
  })
})

describe('fallbacks', () => {
  it('are not taken when the caller disables them', async () => {
    const { ask, sentTo } = chatApp({ switch: '500', deepseek: 'up', madre: 'up', deps: withDatabase() })
    expect(await ask({ message: 'hello', disable_fallbacks: true })).toMatchObject({
      ...{ provider: 'none', model: 'none', fallback_source: 'error', status: 'error', degraded: true },
      warnings: ['switch: refused (status_500)'],
    })
    expect([...sentTo('deepseek'), ...sentTo('madre', '/madre/chat')]).toEqual([])
  })

  it('go on without a provider that failed twice, and return to it at nobody’s cost', async () => {
    const gateway = chatApp({ switch: '500', deepseek: 'up', deps: withDatabase() })
    const { ask, announced, clock, background, network, populate, sentTo } = gateway
    const types = () => announced.map(({ type }) => type).filter((type) => type.startsWith('gateway.chat'))
    await ask({ message: '1' })
    expect(types()).toEqual([])
    await ask({ message: '2' })
    expect(types()).toEqual(['gateway.chat.provider_failed'])
    expect(await ask({ message: '3' })).toMatchObject({ warnings: ['switch: cooling_down'] })
    expect(sentTo('switch', '/switch/chat')).toHaveLength(2)

    populate({ switch: 'up', deepseek: 'up' })
    network.answer(`${urls.switch}/health`, () => jsonAnswer({ status: 'ok' }))
    await clock.advance(59_000)
    expect(await ask({ message: '4' })).toMatchObject({ provider: 'deepseek-r1' })
    expect(sentTo('switch', '/health')).toEqual([])
    await clock.advance(2000)
    expect(await ask({ message: '5' })).toMatchObject({ provider: 'deepseek-r1', warnings: ['switch: cooling_down'] })
    await background()
    expect(sentTo('switch', '/health')).toHaveLength(1)
    expect(types()).toHaveLength(1)
    expect(await ask({ message: '6' })).toMatchObject({ provider: 'switch' })
    expect(types()).toEqual(['gateway.chat.provider_failed', 'gateway.chat.provider_returned'])
  })

  it('return to a provider by themselves, once a minute, though nobody talks', async () => {
    const { ask, background, clock, deps, network, populate } = chatApp({
      switch: '500',
      deepseek: 'up',
      deps: withDatabase(),
    })
    await ask({ message: '1' })
    await ask({ message: '2' })
    populate({ switch: 'up' })
    network.answer(`${urls.switch}/health`, () => jsonAnswer({ status: 'ok' }))
    await clock.advance(60_000)
    await everyMinute(deps)
    await background()
    expect(await ask({ message: '3' })).toMatchObject({ provider: 'switch', warnings: [] })
  })

  it('trust a provider that came back only after an answer, and tell of its absence once', async () => {
    const { ask, announced, clock, background, network, sentTo } = chatApp({
      switch: 'empty',
      deepseek: 'up',
      deps: withDatabase(),
    })
    network.answer(`${urls.switch}/health`, () => jsonAnswer({ status: 'ok' }))
    await ask({ message: '1' })
    await ask({ message: '2' })
    for (let round = 0; round < 3; round++) {
      await clock.advance(61_000)
      await ask({ message: `probe ${round}` })
      await background()
      expect(await ask({ message: `trial ${round}` })).toMatchObject({ warnings: ['switch: empty'] })
      expect(await ask({ message: `after ${round}` })).toMatchObject({ warnings: ['switch: cooling_down'] })
    }
    expect(sentTo('switch', '/switch/chat')).toHaveLength(5)
    expect(announced.filter(({ type }) => type.startsWith('gateway.chat'))).toHaveLength(1)
  })

  it('can be seen in the metrics', async () => {
    const { ask, authorized } = chatApp({ switch: '500', deepseek: 'up', deps: withDatabase() })
    await ask({ message: 'hello' })
    const text = await (await authorized('/metrics')).text()
    expect(text).toContain('vx11_chat_attempt_duration_seconds_count{provider="switch",outcome="refused"} 1')
    expect(text).toContain('vx11_chat_attempt_duration_seconds_count{provider="deepseek_r1",outcome="answered"} 1')
  })

  it('can be seen, with counts and latency', async () => {
    const { ask, authorized } = chatApp({ switch: '422', deepseek: 'up', deps: withDatabase() })
    const before = v.parse(ProvidersReport, await (await authorized('/operator/api/chat/providers')).json())
    await ask({ message: 'hello' })
    const { providers } = v.parse(ProvidersReport, await (await authorized('/operator/api/chat/providers')).json())
    expect(providers.map(({ name }) => name)).toEqual(['switch', 'deepseek_r1', 'madre', 'local'])
    const [theSwitch, deepseek] = providers
    expect(theSwitch).toMatchObject({
      ...{ circuit: 'closed', refusal: null, last_failure: { kind: 'refused', reason: 'status_422' } },
      here: { answered: 0, failed: 1, mean_latency_ms: null },
    })
    expect(theSwitch?.stored?.failed).toBe((before.providers[0]?.stored?.failed ?? 0) + 1)
    expect(deepseek).toMatchObject({ here: { answered: 1, failed: 0 }, configured: true })
    expect(deepseek?.here.mean_latency_ms).toBeGreaterThanOrEqual(0)
  })
})
