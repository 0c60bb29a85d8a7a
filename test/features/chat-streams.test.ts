import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { ChatEnvelope } from '../../src/features/chat/schema.ts'
import { chatApp, settle } from '../support/chat-app.ts'
import { chunk, readEvents, sentJson, sse, urls } from '../support/chat-network.ts'
import type { Exchange } from '../support/fake-network.ts'

const database = testDatabase()
const modelOnly = { SWITCH_URL: '' }

/** A DeepSeek whose frames the test sends one by one. */
function openDeepseek(gateway: ReturnType<typeof chatApp>) {
  const opened = Promise.withResolvers<{ exchange: Exchange; say: (frame: string) => void; end: () => void }>()
  gateway.network.answer(`${urls.deepseek}/chat/completions`, (exchange) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const say = (frame: string) => void writer.write(new TextEncoder().encode(frame)).catch(() => {})
    exchange.init.signal?.addEventListener('abort', () => void writer.abort('left').catch(() => {}), { once: true })
    opened.resolve({ exchange, say, end: () => void writer.close() })
    return { ...sse([]), body: readable }
  })
  return opened.promise
}

/** Frames as they arrive. */
function reader(response: Response) {
  const stream = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  return {
    next: async () => {
      const { value, done } = await stream.read()
      return done ? null : readEvents(decoder.decode(value))
    },
    cancel: () => stream.cancel(),
  }
}

const stop = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\n`

describe('a streamed answer', () => {
  it('arrives as the model speaks', async () => {
    const gateway = chatApp({ env: modelOnly, deps: { database: database() } })
    const deepseek = openDeepseek(gateway)
    const response = await gateway.send({ message: 'hello' }, { headers: { accept: 'text/event-stream' } })
    expect(response.headers.get('cache-control')).toContain('no-store')
    const events = reader(response)
    const first = events.next()
    const { say, end } = await deepseek
    say(chunk({ reasoning_content: 'hm' }))
    expect(await first).toMatchObject([
      { event: 'start', data: { provider: 'deepseek-r1', warnings: ['switch: not_configured'] } },
    ])
    expect(await events.next()).toEqual([{ event: 'reasoning', data: { text: 'hm' } }])
    say(chunk({ content: 'one ' }))
    expect(await events.next()).toEqual([{ event: 'token', data: { text: 'one ' } }])
    say(chunk({ content: 'two' }))
    expect(await events.next()).toEqual([{ event: 'token', data: { text: 'two' } }])
    say(stop)
    end()
    expect(await events.next()).toMatchObject([
      { event: 'done', data: { response: 'one two', reasoning: 'hm', stored: true } },
    ])
    expect(await events.next()).toBeNull()
  })

  it('starts anew with the next provider when reasoning was all that came', async () => {
    const { send, clock } = chatApp({
      deepseek: 'reasoning alone',
      madre: 'up',
      env: modelOnly,
      deps: { database: database() },
    })
    const text = await settle(clock, (async () => (await send({ message: 'hello', stream: true })).text())())
    const events = readEvents(text)
    expect(events.map(({ event }) => event)).toEqual(['start', 'reasoning', 'start', 'token', 'done'])
    expect(events[2]?.data).toMatchObject({
      provider: 'madre',
      warnings: ['switch: not_configured', 'deepseek_r1: empty'],
    })
    expect(events.at(-1)?.data.reasoning).toBeNull()
  })

  it('has no limit but its silences', async () => {
    const gateway = chatApp({ env: modelOnly, deps: { database: database() } })
    const deepseek = openDeepseek(gateway)
    const events = reader(await gateway.send({ message: 'tell me a long story', stream: true }))
    const started = events.next()
    const { say, end } = await deepseek
    say(chunk({ content: '0 ' }))
    await started
    await events.next()
    for (let piece = 1; piece < 10; piece++) {
      const next = events.next()
      await gateway.clock.advance(1500)
      say(chunk({ content: `${piece} ` }))
      expect(await next).toMatchObject([{ event: 'token' }])
    }
    say(stop)
    end()
    expect(await events.next()).toMatchObject([{ event: 'done', data: { response: '0 1 2 3 4 5 6 7 8 9 ' } }])
  })

  it('can be read later, whole or as far as it came', async () => {
    const { send, clock, authorized, populate } = chatApp({
      deepseek: 'up',
      env: modelOnly,
      deps: { database: database() },
    })
    const whole = readEvents(await (await send({ message: 'hello', stream: true })).text()).at(-1)?.data
    const read = async (id: string) => (await authorized(`/operator/api/chat/messages/${id}`)).json()
    expect(v.parse(ChatEnvelope, await read(whole.message_id))).toEqual(whole)
    populate({ deepseek: 'stalled' })
    const broken = await settle(clock, (async () => (await send({ message: 'again', stream: true })).text())())
    const error = readEvents(broken).at(-1)
    expect(error).toMatchObject({ event: 'error', data: { error: 'upstream_timeout', session_id: expect.any(String) } })
    expect(await read(error?.data.message_id)).toMatchObject({
      status: 'interrupted',
      response: 'deepseek says hello',
      stored: true,
    })
  })
})

describe('a caller that leaves', () => {
  it('ends the upstream call of a stream, and what was said is kept', async () => {
    const gateway = chatApp({ env: modelOnly, deps: { database: database() } })
    const deepseek = openDeepseek(gateway)
    const events = reader(await gateway.send({ message: 'hello', stream: true, session_id: 'leaves' }))
    const started = events.next()
    const { exchange, say } = await deepseek
    say(chunk({ content: 'half a ' }))
    const [start] = (await started) ?? []
    await events.next()
    const pending = events.next()
    await events.cancel()
    await pending.catch(() => {})
    await gateway.background()
    expect(exchange.init.signal?.aborted).toBe(true)
    const stored = await gateway.authorized(`/operator/api/chat/messages/${start?.data.message_id}`)
    expect(await stored.json()).toMatchObject({ status: 'interrupted', response: 'half a ', provider: 'deepseek-r1' })
    const { providers } = (await (await gateway.authorized('/operator/api/chat/providers')).json()) as {
      providers: object[]
    }
    expect(providers[1]).toMatchObject({ name: 'deepseek_r1', here: { failed: 0 } })
  })

  it('ends the upstream call of a whole answer, and nobody else is asked', async () => {
    const leaving = new AbortController()
    const gateway = chatApp({
      switch: 'slow',
      deepseek: 'up',
      deps: { database: database(), callerCancelSignal: () => leaving.signal },
    })
    const answer = gateway.send({ message: 'hello' })
    while (gateway.sentTo('switch', '/switch/chat').length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    leaving.abort()
    expect((await answer).status).toBe(499)
    expect(gateway.sentTo('switch', '/switch/chat')[0]?.init.signal?.aborted).toBe(true)
    expect(gateway.sentTo('deepseek')).toEqual([])
  })

  it('leaves its question in the session', async () => {
    const leaving = new AbortController()
    const gateway = chatApp({
      switch: 'slow',
      deps: { database: database(), callerCancelSignal: () => leaving.signal },
    })
    const answer = gateway.send({ message: 'unanswered', session_id: 'unanswered' })
    while (gateway.sentTo('switch', '/switch/chat').length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    leaving.abort()
    await answer
    const session = await (await gateway.authorized('/operator/session/unanswered')).json()
    expect(session).toMatchObject({ message_count: 1, messages: [{ role: 'user', content: 'unanswered' }] })
    expect(sentJson(gateway.sentTo('switch', '/switch/chat')[0] as Exchange).messages[0].content).toBe('unanswered')
  })
})
