import { describe, expect, it } from 'vitest'
import type { Limiter } from '../../../src/ports/index.ts'
import { chatApp, settle } from '../../support/chat-app.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { jsonAnswer } from '../../support/fake-network.ts'
import { testApp } from '../../support/test-app.ts'

const withShub = (options?: Parameters<typeof testApp>[0]) => {
  const gateway = testApp(options)
  gateway.network.answer('http://shub.test:8007/status', jsonAnswer({ ok: true }))
  return gateway
}

const brokenLimiter: Limiter = {
  store: 'redis',
  take: () => Promise.reject(new Error('store is down')),
  peek: () => Promise.reject(new Error('store is down')),
  ping: () => Promise.reject(new Error('store is down')),
}

describe('rate limit', () => {
  it('refuses the 101st protected request of a minute and says when to come back', async () => {
    const gateway = withShub()
    for (let i = 0; i < 100; i++) expect((await gateway.authorized('/shub/status')).status).toBe(200)
    const refused = await gateway.authorized('/shub/status')
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.headers.get('ratelimit')).toBe('"protected";r=0;t=60')
    const body = await expectProblem(refused, 'too_many_requests')
    expect(body).toMatchObject({ detail: 'Rate limit exceeded. Retry after 1s', retry_after: 1 })
    expect(gateway.network.exchanges).toHaveLength(100)
  })

  it('lets exactly 100 of 150 concurrent requests through', async () => {
    const gateway = withShub()
    const answers = await Promise.all(Array.from({ length: 150 }, () => gateway.authorized('/shub/status')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50)
  })

  it('gives the allowance back with time', async () => {
    const gateway = withShub()
    for (let i = 0; i < 101; i++) await gateway.authorized('/shub/status')
    await gateway.clock.advance(600)
    expect((await gateway.authorized('/shub/status')).status).toBe(200)
    expect((await gateway.authorized('/shub/status')).status).toBe(429)
  })

  it('tells the allowance with every answer', async () => {
    const response = await withShub().authorized('/shub/status')
    expect(response.headers.get('ratelimit-policy')).toBe('"protected";q=100;w=60')
    expect(response.headers.get('ratelimit')).toBe('"protected";r=99;t=1')
  })

  it('counts callers apart, and public routes by address', async () => {
    const gateway = testApp({ env: { VX11_RATE_LIMIT_DEFAULT: '2' } })
    const from = (address: string) => ({ headers: { 'x-test-address': address } })
    for (let i = 0; i < 2; i++) expect((await gateway.request('/docs', from('192.0.2.7'))).status).toBe(200)
    await expectProblem(await gateway.request('/docs', from('192.0.2.7')), 'too_many_requests')
    expect((await gateway.request('/docs', from('192.0.2.8'))).status).toBe(200)
  })

  it('limits an address, but for whoever shows a right token there', async () => {
    const gateway = testApp({ env: { VX11_RATE_LIMIT_IP: '3' } })
    for (let i = 0; i < 3; i++) await expectProblem(await gateway.request('/vx11/overview'), 'auth_required')
    await expectProblem(await gateway.request('/vx11/overview'), 'too_many_requests')
    const wrong = { headers: { 'x-vx11-token': 'wrong' } }
    await expectProblem(await gateway.request('/vx11/overview', wrong), 'too_many_requests')
    expect((await gateway.authorized('/vx11/overview')).status).toBe(200)
  })

  it('gives each session of the chat its own share, and the principal one over all of them', async () => {
    const limits = { VX11_RATE_LIMIT_CHAT: '2', VX11_RATE_LIMIT_CHAT_PRINCIPAL: '5' }
    const { send, clock } = chatApp({ env: limits, switch: 'up' })
    const statusOf = async (session_id?: string) =>
      (await settle(clock, send({ message: 'hello', ...(session_id && { session_id }) }))).status
    for (const session of ['a', 'a', 'b', 'b']) expect(await statusOf(session), session).not.toBe(429)
    expect(await statusOf('a')).toBe(429)
    expect(await statusOf('c')).not.toBe(429)
    expect(await statusOf('d')).toBe(429)
    expect(await statusOf()).toBe(429)
  })

  it('never limits what orchestrators poll', async () => {
    const gateway = testApp({ env: { VX11_RATE_LIMIT_IP: '1', VX11_RATE_LIMIT_DEFAULT: '1' } })
    for (const path of ['/health', '/livez', '/readyz', '/health', '/livez', '/readyz']) {
      expect((await gateway.request(path)).status).toBe(200)
    }
  })

  it('limits nothing when it is switched off', async () => {
    const gateway = withShub({ env: { VX11_RATE_LIMIT_ENABLED: 'off', VX11_RATE_LIMIT_PROTECTED: '1' } })
    for (let i = 0; i < 5; i++) expect((await gateway.authorized('/shub/status')).status).toBe(200)
  })

  it('only counts and reports in the shadow, but for wrong tokens', async () => {
    const gateway = withShub({ env: { VX11_RATE_LIMIT_SHADOW: 'true', VX11_RATE_LIMIT_PROTECTED: '2' } })
    const answers = []
    for (let i = 0; i < 103; i++) answers.push(await gateway.authorized('/shub/status'))
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    expect(answers.at(-1)?.headers.get('ratelimit')).toBe('"protected";r=0;t=60')
    const metrics = await (await gateway.authorized('/metrics')).text()
    expect(metrics).toContain('vx11_rate_limit_shadowed_total{rule="protected"} 101')
    expect(metrics).not.toContain('vx11_rate_limit_rejections_total{rule="protected"}')
    expect(gateway.announced.filter(({ type }) => type === 'gateway.limit.storm')).toMatchObject([
      {
        summary: 'The limit protected would have refused 100 requests within a minute',
        payload: { rule: 'protected', refused: 100, shadow: true },
      },
    ])
    for (let i = 0; i < 60; i++) await gateway.request('/shub/status', { headers: { 'x-vx11-token': 'wrong' } })
    const guess = await gateway.request('/shub/status', { headers: { 'x-vx11-token': 'wrong' } })
    await expectProblem(guess, 'too_many_requests')
  })

  it('lets reads pass while the store is down, and refuses administrative changes', async () => {
    const gateway = withShub({ deps: { limiter: brokenLimiter } })
    expect((await gateway.authorized('/shub/status')).status).toBe(200)
    expect((await gateway.request('/vx11/status')).status).toBe(200)
    await expectProblem(await gateway.authorized('/madre/power/mode', { method: 'POST' }), 'limiter_unavailable')
    expect(gateway.logLines).toContainEqual(expect.objectContaining({ event: 'limiter_unavailable', level: 'warn' }))
  })
})
