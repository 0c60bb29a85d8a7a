/**
 * Every combination of a switch, a DeepSeek and a madre that are well or broken, over real servers and the real Node
 * entry: each message is answered within 4.5 s, whole and streamed. test/features/chat-chain.test.ts does the same on a
 * fake network; here the time is the wall's.
 */
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChatEnvelope } from '../../src/features/chat/schema.ts'
import { readEvents } from '../support/chat-network.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'
import type { Fault } from '../support/simulators/faults.ts'
import { startMadre } from '../support/simulators/madre.ts'
import { type Manner, type OpenAiSimulator, startOpenAi } from '../support/simulators/openai.ts'
import type { Simulator } from '../support/simulators/simulator.ts'
import { startSwitch } from '../support/simulators/switch.ts'

const budgetMs = 4500
const slackMs = 400

const switches: Readonly<Record<string, Fault | 'up' | 'empty' | 'dormant'>> = {
  up: 'up',
  slow: { kind: 'stall' },
  '422': { kind: 'status', status: 422 },
  '500': { kind: 'status', status: 500 },
  garbage: { kind: 'not-json' },
  empty: 'empty',
  dormant: 'dormant',
}
const deepseeks: Readonly<Record<string, Fault | Manner | 'off'>> = {
  off: 'off',
  up: 'well',
  '401': { kind: 'status', status: 401 },
  '429': { kind: 'status', status: 429 },
  '500': { kind: 'status', status: 500 },
  stalled: 'stalls',
  malformed: 'malformed',
}
const cases = Object.keys(switches).flatMap((theSwitch) =>
  Object.keys(deepseeks).flatMap((deepseek) => ['up', 'down'].map((madre) => ({ theSwitch, deepseek, madre }))),
)

describe('the whole matrix', () => {
  let theSwitch: Simulator
  let madre: Simulator
  let deepseek: OpenAiSimulator
  let reply = ''
  beforeAll(async () => {
    theSwitch = await startSwitch({ token, modelReply: () => reply })
    madre = await startMadre({ token, modelReply: 'madre says hello' })
    deepseek = await startOpenAi()
    const headers = { 'content-type': 'application/json', 'x-vx11-token': token }
    const body = JSON.stringify({ services: ['switch'], ttl_sec: 86_400, mode: 'ttl', reason: 'proof' })
    await fetch(`${madre.url}/madre/power/window/open`, { method: 'POST', headers, body })
  })
  afterAll(() => Promise.all([theSwitch, madre, deepseek].map((simulator) => simulator?.close())))

  /** Circuits remember, so each case has a gateway of its own. */
  function start(wanted: (typeof cases)[number]): Promise<Gateway> {
    const switchState = switches[wanted.theSwitch]
    const deepseekState = deepseeks[wanted.deepseek]
    reply = switchState === 'empty' ? '' : 'switch says hello'
    theSwitch.misbehave(typeof switchState === 'object' ? { ...switchState, path: '/switch/chat' } : null)
    deepseek.misbehave(typeof deepseekState === 'object' ? deepseekState : null)
    deepseek.behave(typeof deepseekState === 'string' && deepseekState !== 'off' ? deepseekState : 'well')
    madre.misbehave(wanted.madre === 'down' ? { kind: 'reset', path: '/madre/chat' } : null)
    return startNodeGateway({
      SWITCH_URL: switchState === 'dormant' ? '' : theSwitch.url,
      MADRE_URL: madre.url,
      VX11_CHAT_ALLOW_DEEPSEEK: deepseekState === 'off' ? '0' : '1',
      DEEPSEEK_API_KEY: 'openai-key',
      DEEPSEEK_BASE_URL: `${deepseek.url}/v1`,
    })
  }

  async function ask(gateway: Gateway, body: object) {
    const startedAt = performance.now()
    const response = await gateway.fetch('/operator/api/chat', { method: 'POST', body: JSON.stringify(body) })
    const text = await response.text()
    expect({ status: response.status, text }).toMatchObject({ status: 200 })
    expect(performance.now() - startedAt).toBeLessThan(budgetMs + slackMs)
    return text
  }

  it.each(cases)('switch $theSwitch, DeepSeek $deepseek, madre $madre', async (wanted) => {
    const gateway = await start(wanted)
    try {
      const [whole, streamed] = await Promise.all([
        ask(gateway, { message: 'hello' }),
        ask(gateway, { message: 'hello, stream', stream: true }),
      ])
      const envelope = v.parse(ChatEnvelope, JSON.parse(whole))
      const model = wanted.theSwitch === 'up' ? 'switch' : wanted.deepseek === 'up' ? 'deepseek-r1' : null
      const provider = model ?? (wanted.madre === 'up' ? 'madre' : 'local')
      expect(envelope).toMatchObject({ provider, stored: true })
      const last = readEvents(streamed).at(-1)
      const brokeOff = model === null && (wanted.deepseek === 'stalled' || wanted.deepseek === 'malformed')
      expect(last).toMatchObject(brokeOff ? { event: 'error' } : { event: 'done', data: { provider } })
    } finally {
      await gateway.stop()
    }
  })
})
