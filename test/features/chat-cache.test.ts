/** Answers that the chat gives again. */
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { chatApp } from '../support/chat-app.ts'
import { readEvents } from '../support/chat-network.ts'
import { tokens } from '../support/test-app.ts'

const database = testDatabase()
const withDatabase = () => ({ database: database() })
const asOperator = { headers: { 'x-vx11-token': tokens.operator } }

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
