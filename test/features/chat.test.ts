/** A chat message on its three routes: what it may hold, how long it waits, and who answers when nobody else does. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { ProvidersReport } from '../../src/features/chat/schema.ts'
import { chatApp, settle } from '../support/chat-app.ts'
import { readEvents, sentJson, urls } from '../support/chat-network.ts'
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
      const refused = await send({ message: character.repeat(4001), session_id: 's' })
      expect(await refused.clone().json()).toMatchObject({ message_length: 4001, session_id: 's' })
      await expectProblem(refused, 'message_too_long')
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

  it('is refused where a surrogate stands alone in it', async () => {
    const { send } = chatApp({ switch: 'up', deps: withDatabase() })
    await expectProblem(await send('{"message":"half \\ud83d a face"}'), 'validation_error')
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

  it('passes ten times a minute for a session, however many come at once', async () => {
    const { send, clock } = chatApp({ switch: 'up', deps: withDatabase() })
    const many = (body: object, init?: RequestInit) =>
      settle(clock, Promise.all(Array.from({ length: 15 }, () => send(body, init))))
    const statuses = (await many({ message: 'hello', session_id: 'busy' })).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
    const refused = await send({ message: 'hello', session_id: 'busy' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await expectProblem(refused, 'too_many_requests')
    const another = await settle(clock, send({ message: 'hello', session_id: 'another' }))
    const others = await settle(clock, send({ message: 'hello', session_id: 'busy-too' }, asOperator))
    expect([another.status, others.status]).toEqual([200, 200])
    await clock.advance(60_000)
    expect((await settle(clock, send({ message: 'hello', session_id: 'busy' }))).status).toBe(200)
  })

  it('is answered, and said not to be stored, while the database is away', async () => {
    const { ask, send, logLines } = chatApp({ switch: 'unreachable', deepseek: '500' })
    const envelope = await ask({ message: 'what is up?' })
    expect(envelope).toMatchObject({ provider: 'local', stored: false })
    expect(envelope.response).toContain('The last events cannot be read from the database now.')
    expect(logLines.some(({ event }) => event === 'chat_not_stored')).toBe(true)
    const events = readEvents(await (await send({ message: 'again', stream: true })).text())
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { stored: false } })
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
    const { ask, background, clock, services, network, populate } = chatApp({
      switch: '500',
      deepseek: 'up',
      deps: withDatabase(),
    })
    await ask({ message: '1' })
    await ask({ message: '2' })
    populate({ switch: 'up' })
    network.answer(`${urls.switch}/health`, () => jsonAnswer({ status: 'ok' }))
    await clock.advance(60_000)
    await services.minutely.chatProviders()
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
