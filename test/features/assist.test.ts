import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { catalogue, type ErrorCode } from '../../src/errors/gateway-error.ts'
import { AssistAnswer, AssistStatus } from '../../src/features/assist/schema.ts'
import { chatApp, settle } from '../support/chat-app.ts'
import { type deepseeks, sentJson } from '../support/chat-network.ts'
import { expectProblem } from '../support/expect-problem.ts'

const database = testDatabase()
const path = '/operator/api/assist/deepseek_r1'

function assistApp(deepseek: keyof typeof deepseeks = 'up', env: Record<string, string> = {}) {
  const gateway = chatApp({
    deepseek,
    env: { VX11_OPERATOR_CODEV_ENABLED: '1', ...env },
    deps: { database: database() },
  })
  const ask = (body: object) => settle(gateway.clock, gateway.send(body, {}, path), 2000)
  return { ...gateway, ask }
}

/** v7's clients read the body alone. */
async function expectRefusal(response: Response, code: ErrorCode, errorCode: string) {
  const body = (await response.json()) as Record<string, unknown>
  expect(response.status).toBe(catalogue[code].status)
  expect(body).toMatchObject({ status: 'error', error: code, error_code: errorCode, request_id: expect.any(String) })
  expect(body.error_msg).toBe(body.detail)
  return body
}

describe('POST /operator/api/assist/deepseek_r1', () => {
  it('asks DeepSeek R1 for what it is there for', async () => {
    const { ask, sentTo } = assistApp()
    const answer = v.parse(
      AssistAnswer,
      await (await ask({ prompt: 'move the bass', purpose: 'plan', max_tokens: 9999, temperature: 9 })).json(),
    )
    expect(answer).toMatchObject({
      ...{ status: 'ok', purpose: 'plan', model: 'deepseek-reasoner', response: 'deepseek says hello' },
      ...{ reasoning_content: 'thinking', tokens_used: 11, reasoning_tokens: null },
    })
    const sent = sentJson(sentTo('deepseek')[0] as never)
    expect(sent).toMatchObject({ model: 'deepseek-reasoner', max_tokens: 2000, temperature: 2 })
    expect(sent.messages.map(({ role }: { role: string }) => role)).toEqual(['system', 'user'])
  })

  it.each([
    ['401', 'model_failed', 'http_401'],
    ['429', 'model_failed', 'http_429'],
    ['500', 'model_failed', 'http_500'],
    ['malformed', 'model_failed', 'response_parse_error'],
    ['reasoning alone', 'model_failed', 'response_parse_error'],
    ['slow', 'model_timeout', 'timeout'],
    ['stalled', 'model_timeout', 'timeout'],
  ] as const)('says by its status that DeepSeek is %s', async (deepseek, code, word) => {
    const { ask } = assistApp(deepseek)
    const body = await expectRefusal(await ask({ prompt: 'x' }), code, word)
    expect(body).toMatchObject({ purpose: 'plan', elapsed_ms: expect.any(Number) })
  })

  it('is off, unconfigured and exact about its purposes', async () => {
    const wrong = await expectRefusal(
      await assistApp().ask({ prompt: 'x', purpose: 'poem' }),
      'invalid_purpose',
      'invalid_purpose',
    )
    expect(JSON.stringify(wrong)).not.toContain('poem')
    await expectRefusal(
      await assistApp('up', { VX11_OPERATOR_CODEV_ENABLED: '0' }).ask({ prompt: 'x' }),
      'codev_disabled',
      'codev_disabled',
    )
    for (const key of ['', 'not-set', 'changeme'])
      await expectRefusal(
        await assistApp('up', { DEEPSEEK_API_KEY: key }).ask({ prompt: 'x' }),
        'model_not_configured',
        'not_configured',
      )
    for (const body of [{}, { prompt: '' }, { prompt: 'x', max_tokens: -1 }, { prompt: 'x', temperature: 'hot' }])
      await expectProblem(await assistApp().ask(body), 'validation_error')
  })

  it('answers ten an hour, and counts failures', async () => {
    const { ask, authorized, clock } = assistApp('500')
    const statuses = (await Promise.all(Array.from({ length: 12 }, () => ask({ prompt: 'x' })))).map(
      ({ status }) => status,
    )
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
    const refused = await ask({ prompt: 'x' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60)
    await expectRefusal(refused, 'too_many_requests', 'rate_limit_exceeded')
    const status = v.parse(AssistStatus, await (await authorized(`${path}/status`)).json())
    expect(status).toMatchObject({ status: 'enabled', configured: true, calls_left: 0, rate_limit_per_hour: 10 })
    await clock.advance(3_600_000)
    expect((await ask({ prompt: 'x' })).status).toBe(502)
  })

  it('spends the tokens of the day', async () => {
    const principals = JSON.stringify([{ name: 'coder', token: 'token-of-coder', scopes: ['operator'] }])
    const { send } = assistApp('up', { VX11_CHAT_DAILY_TOKENS: '10', VX11_TOKENS: principals })
    const asCoder = { headers: { 'x-vx11-token': 'token-of-coder' } }
    expect((await send({ prompt: 'x' }, asCoder, path)).status).toBe(200)
    await expectRefusal(await send({ prompt: 'x' }, asCoder, path), 'too_many_requests', 'daily_tokens_spent')
  })
})

describe('GET /operator/api/assist/deepseek_r1/status', () => {
  it('says what is missing', async () => {
    const off = assistApp('up', { VX11_OPERATOR_CODEV_ENABLED: '0', DEEPSEEK_API_KEY: 'not-set' })
    expect(v.parse(AssistStatus, await (await off.authorized(`${path}/status`)).json())).toMatchObject({
      ...{ status: 'disabled', configured: false, codev_enabled: false, max_tokens: 2000, model: 'deepseek-reasoner' },
      purpose_options: ['plan', 'patch', 'review', 'risk_assessment'],
    })
  })
})
