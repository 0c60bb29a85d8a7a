/** What may be served after its time, to whom, and for how long. */
import { describe, expect, it } from 'vitest'
import { type ConfigError, parseConfig } from '../../src/config/config.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'
import { turn } from '../upstream/scripted-upstream.ts'

const shub = 'http://shub.test:8007'
const down = new TransportError('unreachable')

function withStale(rules: unknown) {
  const background: Promise<unknown>[] = []
  const gateway = testApp({
    env: { VX11_STALE_ANSWERS: JSON.stringify(rules) },
    deps: { background: (work) => void background.push(work) },
  })
  const answers = (path: string, answer: Parameters<typeof gateway.network.answer>[1]) =>
    gateway.network.answer(shub + path, answer)
  const ask = async (path: string) => {
    const response = await gateway.request(path)
    const { headers, status } = response
    return { response, status, cache: headers.get('x-cache'), age: headers.get('age'), warning: headers.get('warning') }
  }
  return { ...gateway, answers, ask, refreshed: () => Promise.all(background) }
}

describe('an answer of shub while it is refreshed', () => {
  it('goes out at once with its age, to everybody, for one new question', async () => {
    const { answers, ask, clock, network, refreshed } = withStale({ 'shub/ready': { while_revalidate: 30 } })
    answers('/ready', jsonAnswer({ ready: 1 }))
    expect(await ask('/shub/ready')).toMatchObject({ cache: 'MISS', age: '0' })
    await clock.advance(70_000)
    answers('/ready', async () => {
      await clock.sleep(1000)
      return jsonAnswer({ ready: 2 })
    })
    const stale = await Promise.all([ask('/shub/ready'), ask('/shub/ready')])
    for (const each of stale) {
      expect(each).toMatchObject({ status: 200, cache: 'STALE', age: '70', warning: null })
      expect(await each.response.json()).toEqual({ ready: 1 })
    }
    await clock.advance(1000)
    await refreshed()
    expect(network.exchanges).toHaveLength(2)
    const fresh = await ask('/shub/ready')
    expect([fresh.cache, await fresh.response.json()]).toEqual(['HIT', { ready: 2 }])
  })

  it('is waited for once that time is over, and a refresh that fails harms nobody', async () => {
    const { answers, ask, clock, refreshed } = withStale({ 'shub/ready': { while_revalidate: 30 } })
    answers('/ready', jsonAnswer({ ready: 1 }))
    await ask('/shub/ready')
    answers('/ready', down)
    await clock.advance(89_999)
    expect((await ask('/shub/ready')).cache).toBe('STALE')
    await refreshed()
    await clock.advance(1)
    await expectProblem((await ask('/shub/ready')).response, 'shub_unavailable')
  })
})

describe('an answer of shub when there is no new one', () => {
  const taught = async (rules: unknown) => {
    const all = withStale(rules)
    all.answers('/openapi.json', jsonAnswer({ openapi: '3.1.0' }))
    await all.ask('/shub/openapi.json')
    return all
  }

  it.each([
    ['cannot be reached', down],
    ['fails', jsonAnswer({ error: 'x' }, 500)],
    ['speaks no JSON', { status: 200, headers: {}, body: new TextEncoder().encode('<html>') }],
  ])('is the last one where shub %s', async (_, answer) => {
    const { answers, ask, clock, deps } = await taught({ 'shub/openapi.json': { if_error: 600 } })
    answers('/openapi.json', answer)
    await clock.advance(899_000)
    expect(await ask('/shub/openapi.json')).toMatchObject({ status: 200, cache: 'STALE', age: '899' })
    const { body } = await deps.metrics.render()
    expect(body).toContain('vx11_cache_stale_total{reason="error"} 1')
    await clock.advance(1000)
    expect((await ask('/shub/openapi.json')).cache).not.toBe('STALE')
  })

  it('is a refusal that shub meant, and nothing where shub is gone from the configuration', async () => {
    const { answers, ask, clock, deps } = await taught({ 'shub/openapi.json': { if_error: 600 } })
    answers('/openapi.json', jsonAnswer({ detail: 'gone' }, 410))
    await clock.advance(400_000)
    expect(await ask('/shub/openapi.json')).toMatchObject({ status: 410, cache: 'MISS' })
    delete deps.upstreams.shub
    await expectProblem((await ask('/shub/openapi.json')).response, 'shub_unavailable')
  })
})

it('leaves health alone unless it is named, and everything where nothing is configured', async () => {
  const { answers, ask, clock } = withStale({ 'shub/ready': { while_revalidate: 30, if_error: 300 } })
  answers('/health', jsonAnswer({ status: 'ok' }))
  await ask('/shub/health')
  answers('/health', down)
  await clock.advance(60_000)
  await expectProblem((await ask('/shub/health')).response, 'shub_unavailable')

  const named = withStale({ 'shub/health': { if_error: 60 } })
  named.answers('/health', jsonAnswer({ status: 'ok' }))
  await named.ask('/shub/health')
  named.answers('/health', down)
  await named.clock.advance(60_000)
  const stale = await named.ask('/shub/health')
  expect([stale.cache, stale.age]).toEqual(['STALE', '60'])
  expect(await stale.response.json()).toMatchObject({ status: 'ok', correlation_id: expect.any(String) })
})

describe('a view of the status', () => {
  it('shows the last reading at once while a slow module is asked, but for a caller that wants a new one', async () => {
    const { answers, ask, authorized, clock, refreshed } = withStale({ status: { while_revalidate: 60 } })
    answers('/health', jsonAnswer({ status: 'ok' }))
    expect(await ask('/vx11/status')).toMatchObject({ cache: 'MISS', age: '0' })
    expect((await ask('/vx11/status')).cache).toBe('HIT')
    await clock.advance(10_000)
    answers('/health', async () => {
      await clock.sleep(1500)
      return jsonAnswer({ status: 'ok' })
    })
    expect(await ask('/vx11/status')).toMatchObject({ status: 200, cache: 'STALE', age: '10' })
    const young = authorized('/operator/api/modules', { headers: { 'cache-control': 'max-age=0' } })
    await turn()
    await clock.advance(2500)
    expect((await young).headers.get('x-cache')).toBe('MISS')
    await refreshed()
    expect(await ask('/vx11/status')).toMatchObject({ cache: expect.stringMatching(/HIT|STALE/) })
    await clock.advance(62_000)
    const late = ask('/vx11/status')
    await turn()
    await clock.advance(2500)
    expect((await late).cache).toBe('MISS')
  })

  it('carries none of the two headers where it is never stale', async () => {
    const { request } = testApp()
    const { headers } = await request('/vx11/status')
    expect([headers.get('x-cache'), headers.get('age')]).toEqual([null, null])
  })
})

describe('VX11_STALE_ANSWERS', () => {
  const complaintOf = (text: string) => {
    try {
      parseConfig({ VX11_STALE_ANSWERS: text })
      return ''
    } catch (error) {
      return (error as ConfigError).message
    }
  }

  it.each(['{}', '{"status":{}}', '{"shub/ready":{"while_revalidate":0,"if_error":86400}}'])('takes %s', (text) => {
    expect(complaintOf(text)).toBe('')
  })

  it.each([
    'true',
    '[]',
    '{"shub":{}}',
    '{"shub/ready":30}',
    '{"shub/ready":{"while_revalidate":-1}}',
    '{"shub/ready":{"while_revalidate":1.5}}',
    '{"shub/ready":{"while_revalidate":86401}}',
    '{"shub/ready":{"while_revalidate":"30"}}',
    '{"shub/ready":{"stale":30}}',
    '{"__proto__":{}}',
  ])('refuses %s', (text) => {
    expect(complaintOf(text)).toContain('VX11_STALE_ANSWERS must be a JSON object like')
  })

  it('refuses to hide failures from the status', () => {
    expect(complaintOf('{"status":{"if_error":60}}')).toContain('must not have if_error for status')
  })
})
