/** The chat through the real entries, over a switch, a madre and an OpenAI-compatible server that are real and misbehave. */
import { createClient } from '@libsql/client'
import * as v from 'valibot'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ChatEnvelope } from '../../src/features/chat/schema.ts'
import { readEvents, type SseEvent } from '../support/chat-network.ts'
import { type Gateway, startNodeGateway, startWorkerGateway, token } from '../support/gateways.ts'
import type { Fault } from '../support/simulators/faults.ts'
import { startMadre } from '../support/simulators/madre.ts'
import { type Manner, type OpenAiSimulator, startOpenAi } from '../support/simulators/openai.ts'
import type { Simulator } from '../support/simulators/simulator.ts'
import { startSwitch } from '../support/simulators/switch.ts'

const deepseekKey = 'deepseek-key-for-runtime-tests'

let theSwitch: Simulator
let madre: Simulator
let deepseek: OpenAiSimulator
beforeAll(async () => {
  ;[theSwitch, madre, deepseek] = await Promise.all([
    startSwitch({ token, modelReply: () => 'switch says hello' }),
    startMadre({ token, modelReply: 'madre says hello' }),
    startOpenAi({ key: deepseekKey }),
  ])
  const open = JSON.stringify({ services: ['switch'], ttl_sec: 3600, mode: 'ttl', reason: 'test' })
  const headers = { 'content-type': 'application/json', 'x-vx11-token': token }
  await fetch(`${madre.url}/madre/power/window/open`, { method: 'POST', body: open, headers })
})
afterAll(() => Promise.all([theSwitch, madre, deepseek].map((simulator) => simulator?.close())))
afterEach(() => {
  for (const simulator of [theSwitch, madre, deepseek]) simulator.misbehave(null)
  deepseek.behave('well')
})

const environment = () => ({
  SWITCH_URL: theSwitch.url,
  MADRE_URL: madre.url,
  VX11_CHAT_ALLOW_DEEPSEEK: '1',
  DEEPSEEK_API_KEY: deepseekKey,
  DEEPSEEK_BASE_URL: `${deepseek.url}/v1`,
  VX11_RATE_LIMIT_CHAT: '1000',
})

const send = (gateway: Gateway, body: object, init: RequestInit = {}) =>
  gateway.fetch('/operator/api/chat', { method: 'POST', body: JSON.stringify(body), ...init })

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const startedAt = performance.now()
  return { result: await work(), ms: performance.now() - startedAt }
}

const whole = (gateway: Gateway, body: object) =>
  timed(async () => {
    const response = await send(gateway, body)
    const text = await response.text()
    expect({ status: response.status, text }).toMatchObject({ status: 200 })
    return v.parse(ChatEnvelope, JSON.parse(text))
  })

const streamed = (gateway: Gateway, body: object) =>
  timed(async () => {
    const response = await send(gateway, { ...body, stream: true })
    expect(response.status).toBe(200)
    return readEvents(await response.text())
  })

interface RealCase {
  switch: Fault | null
  deepseek: Manner | Fault
  madre: 'up' | 'down'
  provider: string
  /** What a stream ends with; `done` unless tokens were sent before the failure. */
  ends?: 'error'
}

/** The timer of the test's own machine, and what a busy one adds. */
/** A busy machine’s; a step that nothing bounds would take half a minute. */
const slackMs = 20_000

const cases: readonly RealCase[] = [
  { switch: null, deepseek: 'well', madre: 'up', provider: 'switch' },
  { switch: { kind: 'stall' }, deepseek: 'comments', madre: 'up', provider: 'deepseek-r1' },
  { switch: { kind: 'status', status: 422 }, deepseek: 'stalls', madre: 'up', provider: 'madre', ends: 'error' },
  { switch: { kind: 'garbage' }, deepseek: 'malformed', madre: 'down', provider: 'local', ends: 'error' },
  { switch: { kind: 'cut' }, deepseek: 'cuts', madre: 'up', provider: 'madre', ends: 'error' },
  { switch: { kind: 'not-json' }, deepseek: { kind: 'status', status: 401 }, madre: 'up', provider: 'madre' },
  { switch: { kind: 'reset' }, deepseek: { kind: 'status', status: 429 }, madre: 'down', provider: 'local' },
  { switch: { kind: 'status', status: 500 }, deepseek: { kind: 'stall' }, madre: 'up', provider: 'madre' },
  { switch: { kind: 'stall', after: 'half' }, deepseek: 'endless', madre: 'up', provider: 'madre' },
  { switch: { kind: 'status', status: 503 }, deepseek: 'ends early', madre: 'up', provider: 'madre', ends: 'error' },
  { switch: { kind: 'status', status: 503 }, deepseek: 'error', madre: 'up', provider: 'madre', ends: 'error' },
]

describe('the real Node gateway', () => {
  it.each(cases)('answers with switch $switch, DeepSeek $deepseek, madre $madre', async (wanted) => {
    theSwitch.misbehave(wanted.switch && { ...wanted.switch, path: '/switch/chat' })
    if (typeof wanted.deepseek === 'string') deepseek.behave(wanted.deepseek)
    else deepseek.misbehave(wanted.deepseek)
    if (wanted.madre === 'down') madre.misbehave({ kind: 'reset', path: '/madre/chat' })
    const gateway = await startNodeGateway(environment())
    try {
      const answers = await Promise.all([
        whole(gateway, { message: 'hello' }),
        // A story without end is streamed as long as it goes on.
        wanted.deepseek === 'endless' ? null : streamed(gateway, { message: 'hello, stream' }),
      ])
      expect(answers[0].ms).toBeLessThan(4500 + slackMs)
      expect(answers[0].result).toMatchObject({
        provider: wanted.provider,
        degraded: wanted.provider !== 'switch',
        stored: true,
      })
      if (!answers[1]) return
      expect(answers[1].ms).toBeLessThan(4500 + slackMs)
      expectEnding(answers[1].result, wanted)
    } finally {
      await gateway.stop()
    }
  })

  function expectEnding(events: readonly SseEvent[], { provider, ends }: RealCase) {
    expect(events.at(-1)?.event).toBe(ends ?? 'done')
    if (ends === 'error') expect(events.filter(({ event }) => event === 'token').length).toBeGreaterThan(0)
    else expect(events.at(-1)?.data).toMatchObject({ provider })
  }
})

describe.each([
  ['Node', startNodeGateway],
  ['workerd', startWorkerGateway],
] as const)('on %s', (runtime, start) => {
  let gateway: Gateway
  beforeAll(async () => {
    const env = { ...environment(), SWITCH_URL: '', VX11_BREAKER_COOLDOWN_S: '1', LOG_LEVEL: 'debug' }
    gateway = await start(env)
  })
  afterAll(() => gateway?.stop())

  it('tokens arrive while the model still speaks', async () => {
    deepseek.behave('endless')
    const leaving = new AbortController()
    const response = await send(gateway, { message: 'a story', stream: true }, { signal: leaving.signal })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let text = ''
    while ((text.match(/event: token/g) ?? []).length < 10)
      text += new TextDecoder().decode((await reader.read()).value)
    expect(readEvents(text.slice(0, text.lastIndexOf('\n\n') + 2))[0]).toMatchObject({
      event: 'start',
      data: { provider: 'deepseek-r1' },
    })
    const asked = deepseek.requests.at(-1)
    leaving.abort()
    expect(await asked?.outcome).toBe('broken')
  })

  it('asks the model with its own key, and tells what it used', async () => {
    const { result } = await whole(gateway, { message: `usage on ${runtime}` })
    expect(result).toMatchObject({
      response: 'deepseek says hello',
      reasoning: 'let me think',
      usage: { total_tokens: 15 },
      degraded: false,
    })
    const headers = Object.fromEntries(
      deepseek.requests.at(-1)?.headers.map(([name, value]) => [name.toLowerCase(), value]) ?? [],
    )
    expect(headers.authorization).toBe(`Bearer ${deepseekKey}`)
    expect(JSON.stringify(headers)).not.toContain(token)
  })

  it('keeps what was said', async () => {
    const { result } = await whole(gateway, { message: 'remember me', session_id: `kept-${runtime}` })
    const message = await (await gateway.fetch(`/operator/api/chat/messages/${result.message_id}`)).json()
    expect(message).toEqual(result)
    const session = await (await gateway.fetch(`/operator/session/kept-${runtime}`)).json()
    expect(session).toMatchObject({ message_count: 2, title: 'remember me' })
  })

  it('tells no log and no metric what was said', async () => {
    const marker = `marker-${runtime}-7f3a9c`
    const body = {
      message: `my secret is ${marker}`,
      metadata: { note: marker },
      user_id: marker,
      session_id: `s-${marker}`,
    }
    await whole(gateway, body)
    await streamed(gateway, { ...body, message: `${body.message} again` })
    deepseek.misbehave({ kind: 'status', status: 500, body: JSON.stringify({ error: { message: marker } }) })
    await whole(gateway, { ...body, message: `${marker} failing` })
    await send(gateway, { message: marker, session_id: 7, [marker]: marker })
    const metrics = await (await gateway.fetch('/metrics')).text()
    const providers = await (await gateway.fetch('/operator/api/chat/providers')).text()
    const usage = await (await gateway.fetch('/operator/api/chat/usage')).text()
    expect(gateway.output() + metrics + providers + usage).not.toContain(marker)
    expect(gateway.output()).toContain('/operator/api/chat')
    if (runtime === 'Node') expect(await tablesWith(gateway, marker)).toEqual(['operator_message', 'operator_session'])
  })
})

/** Tables of the gateway's database that hold the text anywhere. */
async function tablesWith(gateway: Gateway, text: string): Promise<string[]> {
  const client = createClient({ url: `file:${gateway.folder}/data/vx11.db` })
  const { rows } = await client.execute("select name from sqlite_master where type = 'table' order by name")
  const found: string[] = []
  for (const { name } of rows) {
    const { rows: all } = await client.execute(`select * from "${name}"`)
    if (JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? String(value) : value)).includes(text))
      found.push(String(name))
  }
  client.close()
  return found
}
