/** The configuration is exchanged while requests and streams go on; a bad one changes nothing. */
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { memoryEventHub } from '../../src/adapters/memory/event-hub.ts'
import { readConfiguration } from '../../src/config/config.ts'
import type { Act } from '../../src/modules/audit/act.ts'
import { testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { sseReader } from '../support/sse-reader.ts'
import { testApp, testEnvironment, tokens } from '../support/test-app.ts'

const path = '/operator/api/config/reload'
const open = testDatabase()

type Variables = Record<string, string>

function reloadable(first: Variables = {}) {
  let variables: Variables = { ...testEnvironment, ...first }
  const { clock } = testApp()
  const events = testEventLog({ database: open(), clock, hub: memoryEventHub() })
  const { texts } = readConfiguration(variables).sources
  const work: Promise<unknown>[] = []
  const gateway = testApp({
    env: first,
    deps: {
      ...{ clock, events, database: open(), background: (done) => void work.push(done) },
      configSource: { texts, read: () => readConfiguration(variables) },
    },
  })
  const as = (token: string, at = '/operator/api/whoami') => gateway.request(at, { headers: { 'x-vx11-token': token } })
  return {
    ...gateway,
    clock,
    as,
    set: (next: Variables) => {
      variables = { ...testEnvironment, ...next }
    },
    reload: () => gateway.authorized(path, { method: 'POST' }),
    settled: async () => void (await Promise.all(work)),
    configuration: async () =>
      ((await (await gateway.authorized('/operator/api/status')).json()) as { configuration: object }).configuration,
  }
}

const night = (token: string, scopes = ['operator']) => ({
  VX11_TOKENS: JSON.stringify([{ name: 'night', token, scopes }]),
})

describe('POST /operator/api/config/reload', () => {
  it('exchanges tokens at once', async () => {
    const { as, reload, set } = reloadable(night('token-before'))
    expect((await as('token-before')).status).toBe(200)
    set(night('token-after'))
    expect(await (await reload()).json()).toMatchObject({
      status: 'applied',
      changed: ['VX11_TOKENS'],
      needs_restart: [],
    })
    await expectProblem(await as('token-before'), 'forbidden')
    expect(await (await as('token-after')).json()).toMatchObject({ name: 'night' })
    expect((await as(tokens.link)).status).toBe(200)
  })

  it('exchanges limits, of addresses and of principals', async () => {
    const { authorized, reload, request, set } = reloadable()
    const quota = async (answer: Response | Promise<Response>) => (await answer).headers.get('ratelimit-policy')
    expect(await quota(authorized('/operator/api/whoami'))).toBe('"user";q=1000;w=60')
    set({ VX11_RATE_LIMIT_USER: '9', VX11_RATE_LIMIT_IP: '1' })
    await reload()
    expect(await quota(authorized('/operator/api/whoami'))).toBe('"user";q=9;w=60')
    expect((await request('/vx11/status')).status).toBe(200)
    await expectProblem(await request('/vx11/status'), 'too_many_requests')
  })

  it('opens and closes a gate, and puts the gateway into observer mode', async () => {
    const upstream = { HORMIGUERO_URL: 'http://hormiguero' }
    const { authorized, reload, set } = reloadable(upstream)
    const scan = async () => {
      const answer = await authorized('/operator/api/hormiguero/scan/once', { method: 'POST' })
      return ((await answer.json()) as { error: string }).error
    }
    expect(await scan()).toBe('off_by_policy')
    set({ ...upstream, HORMIGUERO_ENABLED: 'true' })
    await reload()
    expect(await scan()).toBe('upstream_unavailable')
    set({ ...upstream, HORMIGUERO_ENABLED: 'true', VX11_OPERATOR_CONTROL_ENABLED: 'false' })
    await reload()
    expect(await scan()).toBe('off_by_policy')
    set(upstream)
    expect((await reload()).status).toBe(200)
  })

  it('sends the next request to the new address, and to one that had none', async () => {
    const { authorized, network, reload, set } = reloadable({ SHUB_URL: 'http://before' })
    for (const host of ['before', 'after']) network.answer(`http://${host}/x`, jsonAnswer({ host }))
    network.answer('http://hermes/x', jsonAnswer({ host: 'hermes' }))
    const host = async () => ((await (await authorized('/shub/x')).json()) as { host?: string }).host
    expect(await host()).toBe('before')
    set({ SHUB_URL: 'http://after' })
    await reload()
    expect(await host()).toBe('after')
    set({})
    await reload()
    await expectProblem(await authorized('/shub/x'), 'shub_unavailable')
    set({ SHUB_URL: 'http://before' })
    await reload()
    expect(await host()).toBe('before')
  })

  it('keeps the last good one when the next is not valid, and says what is wrong without a value', async () => {
    const { as, configuration, reload, set, metrics } = withMetrics(reloadable(night('token-before')))
    const before = await configuration()
    set({ ...night('token-after'), VX11_RATE_LIMIT_IP: 'marker', PORT: 'marker' })
    const problem = await expectProblem(await reload(), 'configuration_invalid')
    expect(problem.detail).toMatch(/^PORT must .*; VX11_RATE_LIMIT_IP must /)
    expect(problem.detail).not.toContain('marker')
    expect((await as('token-before')).status).toBe(200)
    await expectProblem(await as('token-after'), 'forbidden')
    expect(await configuration()).toEqual({ ...before, last_reload: expect.objectContaining({ outcome: 'refused' }) })
    expect(await metrics()).toContain('vx11_config_last_reload_successful 0')
  })

  it('shows the hash and age of what is in force in status and metrics', async () => {
    const { clock, configuration, reload, set, metrics } = withMetrics(reloadable())
    const before = (await configuration()) as { hash: string; loaded_at: string }
    expect(before).toMatchObject({ last_reload: null, loaded_at: new Date(clock.now()).toISOString() })
    clock.jump(60_000)
    expect(await (await reload()).json()).toMatchObject({ status: 'unchanged', changed: [], hash: before.hash })
    expect(await configuration()).toMatchObject({ loaded_at: before.loaded_at, last_reload: { outcome: 'unchanged' } })
    set({ VX11_RATE_LIMIT_USER: '9', LOG_LEVEL: 'warn' })
    const applied = (await (await reload()).json()) as { hash: string }
    expect(applied).toMatchObject({ changed: ['VX11_RATE_LIMIT_USER'], needs_restart: ['LOG_LEVEL'] })
    expect(applied.hash).not.toBe(before.hash)
    expect(await configuration()).toMatchObject({ hash: applied.hash, loaded_at: new Date(clock.now()).toISOString() })
    const text = await metrics()
    expect(text).toContain(`vx11_config_info{hash="${applied.hash}"} 1`)
    expect(text).toContain(`vx11_config_loaded_timestamp_seconds ${clock.now() / 1000}`)
    expect(text).toContain('vx11_config_reloads_total{outcome="applied"} 1')
  })

  it('needs scope admin, and is an administrative act, also when it is refused', async () => {
    const { request, reload, services, set, authorized, settled } = reloadable()
    const headers = { 'x-vx11-token': tokens.operator }
    await expectProblem(await request(path, { method: 'POST', headers }), 'forbidden')
    set({ PORT: 'x' })
    await reload()
    set({ VX11_RATE_LIMIT_USER: '9' })
    await reload()
    await settled()
    const answer = await authorized('/operator/api/audit/acts?act=config.reload')
    const { acts } = (await answer.json()) as { acts: (Act & { principal: string })[] }
    expect(acts.map(({ principal, outcome, error }) => [principal, outcome, error])).toEqual(
      expect.arrayContaining([
        ['operator', 'refused', 'forbidden'],
        ['link', 'refused', 'configuration_invalid'],
        ['link', 'done', null],
      ]),
    )
    const done = acts.find(({ outcome }) => outcome === 'done')
    expect(done?.after).toEqual({
      ...{ hash: services.configuration.state().hash, changed: ['VX11_RATE_LIMIT_USER'], needs_restart: [] },
    })
  })

  it('answers 501 where nothing can be read anew', async () => {
    const gateway = testApp()
    await expectProblem(await gateway.authorized(path, { method: 'POST' }), 'not_implemented')
  })
})

describe('event streams', () => {
  it('end with the token that was taken out, and no others do', async () => {
    const two = (scopes: string[]) => [
      { name: 'night', token: 'token-of-night', scopes },
      { name: 'day', token: 'token-of-day', scopes: ['operator'] },
    ]
    const env = (names: string[], scopes = ['operator']) => ({
      VX11_TOKENS: JSON.stringify(two(scopes).filter(({ name }) => names.includes(name))),
    })
    const { as, reload, set, deps } = reloadable(env(['night', 'day']))
    const stream = async (token: string) => sseReader(await as(token, '/operator/api/events/stream'))
    const [night, day] = await Promise.all([stream('token-of-night'), stream('token-of-day')])
    for (const reader of [night, day]) expect(await reader.next()).toMatchObject({ comment: 'connected' })
    set(env(['night', 'day'], ['operator', 'admin']))
    await reload()
    expect(deps.openStreams.size).toBe(2)
    set(env(['day']))
    await reload()
    let last = await night.message()
    while (last && last.event !== 'shutdown') last = await night.message()
    expect(last).toMatchObject({ data: expect.stringContaining('token_removed') })
    expect(deps.openStreams.size).toBe(1)
    await day.cancel()
  })
})

describe('proxied bodies', () => {
  it('are cut with the token that was taken out, unless their length is known', async () => {
    const { as, network, reload, set } = reloadable(night('token-before', ['shub']))
    const sources = [{}, { 'content-length': '6' }].map((headers, nth) => {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined
      const body = new ReadableStream<Uint8Array>({
        start: (begun) => {
          controller = begun
        },
      })
      network.answer(`http://shub.test:8007/${nth}`, { status: 200, headers, body })
      return () => controller?.enqueue(new TextEncoder().encode('abc'))
    })
    const readers = await Promise.all(
      sources.map(async (send, nth) => {
        send()
        return (await as('token-before', `/shub/${nth}`)).body?.getReader()
      }),
    )
    for (const reader of readers) expect((await reader?.read())?.value).toHaveLength(3)
    set({})
    await reload()
    const [withoutLength, withLength] = readers
    await expect(withoutLength?.read()).rejects.toThrow()
    sources[1]?.()
    expect((await withLength?.read())?.value).toHaveLength(3)
    await withLength?.cancel()
  })
})

function withMetrics<Gateway extends ReturnType<typeof reloadable>>(gateway: Gateway) {
  return { ...gateway, metrics: async () => (await gateway.authorized('/metrics')).text() }
}
