import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { ChatEnvelope } from '../../src/features/chat/schema.ts'
import {
  chatEnvironment,
  deepseeks,
  madres,
  type Neighbours,
  populate,
  readEvents,
  switches,
} from '../support/chat-network.ts'
import type { FakeClock } from '../support/fake-clock.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()

const switchStates = ['up', 'slow', '422', '500', 'garbage', 'empty', 'dormant'] as const
const deepseekStates = ['off', 'up', '401', '429', '500', 'stalled', 'malformed'] as const
const madreStates = ['up', 'down'] as const

interface Case {
  switch: (typeof switchStates)[number]
  deepseek: (typeof deepseekStates)[number]
  madre: (typeof madreStates)[number]
}

const cases = switchStates.flatMap((theSwitch) =>
  deepseekStates.flatMap((deepseek) => madreStates.map((madre): Case => ({ switch: theSwitch, deepseek, madre }))),
)

function gatewayFor(wanted: Case) {
  const env: Record<string, string> = { ...chatEnvironment }
  if (wanted.switch === 'dormant') delete env.SWITCH_URL
  if (wanted.deepseek === 'off') env.VX11_CHAT_ALLOW_DEEPSEEK = '0'
  const gateway = testApp({ env, deps: { database: database() } })
  const neighbours: Neighbours = { madre: wanted.madre }
  if (wanted.switch !== 'dormant') neighbours.switch = wanted.switch
  if (wanted.deepseek !== 'off') neighbours.deepseek = wanted.deepseek
  populate(gateway.network, neighbours)
  return gateway
}

/** Moves time until the work is done, and says how much of it passed. */
async function settle<T>(clock: FakeClock, work: Promise<T>): Promise<{ result: T; ms: number }> {
  const startedAt = clock.now()
  let done = false
  const watched = work.finally(() => {
    done = true
  })
  while (!done) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (!done && clock.pendingSleeps() > 0) await clock.advance(50)
  }
  return { result: await watched, ms: clock.now() - startedAt }
}

const ask = ({ authorized, clock }: ReturnType<typeof testApp>, body: object) =>
  settle(
    clock,
    (async () => {
      const response = await authorized('/operator/api/chat', { method: 'POST', body: JSON.stringify(body) })
      return { response, text: await response.text() }
    })(),
  )

/** Who must answer, and whom the warnings must blame. */
function expected({ switch: theSwitch, deepseek, madre }: Case, streamed: boolean) {
  const blamed = [
    ...(theSwitch === 'up' ? [] : ['switch']),
    ...(deepseek === 'off' || deepseek === 'up' ? [] : ['deepseek_r1']),
    ...(madre === 'up' ? [] : ['madre']),
  ]
  const until = (name: string) => blamed.slice(0, blamed.includes(name) ? blamed.indexOf(name) : blamed.length)
  if (theSwitch === 'up') return { provider: 'switch', degraded: false, blamed: [] }
  if (deepseek === 'up') {
    return {
      provider: 'deepseek-r1',
      degraded: theSwitch !== 'dormant',
      blamed: until('madre').filter((n) => n === 'switch'),
    }
  }
  if (streamed && deepseek === 'stalled')
    return { provider: null, degraded: null, blamed: ['switch', 'deepseek_r1'].filter((n) => blamed.includes(n)) }
  if (madre === 'up') return { provider: 'madre', degraded: true, blamed }
  return { provider: 'local', degraded: true, blamed }
}

describe('the chat chain', () => {
  it('has a case for every state that is asked for', () => {
    expect(cases).toHaveLength(98)
    expect(Object.keys(switches)).toEqual(expect.arrayContaining(['up', 'slow', '422', '500', 'garbage', 'empty']))
    expect(Object.keys(deepseeks)).toEqual(expect.arrayContaining(['up', '401', '429', '500', 'stalled', 'malformed']))
    expect(Object.keys(madres)).toEqual(expect.arrayContaining(['up', 'down']))
  })

  it.each(cases)('answers whole with switch $switch, DeepSeek $deepseek, madre $madre', async (wanted) => {
    const gateway = gatewayFor(wanted)
    const { result, ms } = await ask(gateway, { message: 'hello' })
    expect(result.response.status).toBe(200)
    expect(ms).toBeLessThanOrEqual(4500)
    const envelope = v.parse(ChatEnvelope, JSON.parse(result.text))
    const { provider, degraded, blamed } = expected(wanted, false)
    expect(envelope).toMatchObject({ provider, degraded, status: degraded ? 'degraded' : 'ok', stored: true })
    expect(envelope.warnings.map((warning) => warning.split(':')[0])).toEqual(blamed)
    expect(envelope.response.length).toBeGreaterThan(5)
  })

  it.each(cases)('streams with switch $switch, DeepSeek $deepseek, madre $madre', async (wanted) => {
    const gateway = gatewayFor(wanted)
    const { result, ms } = await ask(gateway, { message: 'hello', stream: true })
    expect(result.response.status).toBe(200)
    expect(result.response.headers.get('content-type')).toContain('text/event-stream')
    expect(ms).toBeLessThanOrEqual(4500)
    const events = readEvents(result.text)
    const last = events.at(-1)
    const { provider, degraded, blamed } = expected(wanted, true)
    if (provider === null) {
      expect(last).toMatchObject({ event: 'error', data: { error: 'upstream_timeout', status_code: 504 } })
      expect(last?.data.warnings.map((warning: string) => warning.split(':')[0])).toEqual(blamed)
      return
    }
    expect(last?.event).toBe('done')
    const envelope = v.parse(ChatEnvelope, last?.data)
    expect(envelope).toMatchObject({ provider, degraded, stored: true })
    expect(envelope.warnings.map((warning) => warning.split(':')[0])).toEqual(blamed)
    const start = events.findLastIndex(({ event }) => event === 'start')
    expect(events[start]?.data).toMatchObject({ provider, message_id: envelope.message_id })
    const said = events.slice(start).flatMap(({ event, data }) => (event === 'token' ? [data.text] : []))
    expect(said.join('')).toBe(envelope.response)
  })
})
