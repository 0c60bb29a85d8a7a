import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const scrape = async (gateway: ReturnType<typeof testApp>) => (await gateway.authorized('/metrics')).text()

/** Names and order that dashboards and alert rules know (contract G8). */
const v7Names = [
  'shub_proxy_requests_total',
  'cache_hit_total',
  'cache_miss_total',
  'cache_hit_rate',
  'shub_proxy_latency_p50',
  'shub_proxy_latency_p95',
  'shub_proxy_latency_p99',
  'rate_limit_rejections',
  'vx11_uptime_seconds',
]

describe('GET /metrics', () => {
  it('keeps v7’s names, in v7’s order, with HELP and TYPE', async () => {
    const text = await scrape(testApp())
    const positions = v7Names.map((name) => text.indexOf(`# TYPE ${name} `))
    expect(positions).not.toContain(-1)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    for (const name of v7Names) expect(text).toContain(`# HELP ${name} `)
  })

  it('counts cache look-ups and tells the rate in percent', async () => {
    const gateway = testApp()
    gateway.network.answer('http://shub.test:8007/health', jsonAnswer({ status: 'ok' }))
    for (let i = 0; i < 4; i++) await gateway.request('/shub/health')
    const text = await scrape(gateway)
    expect(text).toContain('cache_hit_total 3')
    expect(text).toContain('cache_miss_total 1')
    expect(text).toContain('cache_hit_rate 75')
  })

  it('counts what shub answered and what it failed to, under a bounded label', async () => {
    const gateway = testApp()
    gateway.network.answer('http://shub.test:8007/a:b', async () => {
      await gateway.clock.advance(40)
      return jsonAnswer({})
    })
    gateway.network.answer('http://shub.test:8007/down', new TransportError('unreachable'))
    await gateway.authorized('/shub/a:b')
    await gateway.authorized('/shub/down', { method: 'POST' })
    const text = await scrape(gateway)
    expect(text).toContain('shub_proxy_requests_total{status="200",path="/shub/*",method="GET"} 1')
    expect(text).toContain('shub_proxy_requests_total{status="503",path="/shub/*",method="POST"} 1')
    expect(text).toContain('shub_proxy_latency_p99 40')
    expect(text).not.toContain('a:b')
  })

  it('makes no label of what an upstream, or a caller, invents', async () => {
    const gateway = testApp({ env: { VX11_RATE_LIMIT_ENABLED: 'no' } })
    const linesOf = async () => (await scrape(gateway)).split('\n').length
    const ask = async (status: number, method = 'POST') => {
      gateway.network.answer('http://shub.test:8007/odd', jsonAnswer({}, status))
      await gateway.authorized('/shub/odd', { method })
    }
    for (const status of [219, 319, 419, 519]) await ask(status)
    const before = await linesOf()
    // None of them is a registered one.
    for (let status = 230; status < 600; status++) if (/^.[3-8][2-9]$/.test(`${status}`)) await ask(status)
    for (const method of ['PROPFIND', 'LOCK', 'MKCOL']) await ask(200, method)
    for (const method of ['COPY', 'MOVE']) await gateway.request(`/no/${method}`, { method })
    // One more kind of method, and of route.
    expect((await linesOf()) - before).toBeLessThan(120)
    expect(await scrape(gateway)).not.toMatch(/PROPFIND|MOVE|status="(232|589)"/)
  })

  it('counts refusals by rule', async () => {
    const gateway = testApp({ env: { VX11_RATE_LIMIT_DEFAULT: '1' } })
    for (let i = 0; i < 3; i++) await gateway.request('/docs')
    const text = await scrape(gateway)
    expect(text).toContain('rate_limit_rejections 2')
    expect(text).toContain('vx11_rate_limit_rejections_total{rule="public"} 2')
  })

  it('survives paths and methods made to break it, without a series for each', async () => {
    const gateway = testApp({ env: { VX11_RATE_LIMIT_ENABLED: 'no' } })
    for (const path of ['/a"b', '/a:b', '/%7Bx%7D', '/x'.repeat(500), '/shub/q"uote', '/shub/new%0aline']) {
      await gateway.authorized(path)
      await gateway.authorized(path, { method: 'PROPFIND' })
    }
    const text = await scrape(gateway)
    expect((await gateway.authorized('/metrics')).status).toBe(200)
    expect(text).toContain('route="unmatched",status="404"')
    expect(text).toContain('method="OTHER"')
    expect(text).not.toMatch(/uote|PROPFIND|new%0a/)
  })

  it('tells the uptime in whole seconds', async () => {
    const gateway = testApp()
    await gateway.clock.advance(90_500)
    expect(await scrape(gateway)).toContain('vx11_uptime_seconds 90')
  })

  it('says that it is off when it is', async () => {
    expect(await scrape(testApp({ env: { VX11_METRICS_ENABLED: 'false' } }))).toBe('# Metrics disabled\n')
  })

  it('has gauges of the state, absent where nothing is measured', async () => {
    const gateway = testApp()
    const readingOf = async (name: string) => new RegExp(`^${name} (\\S+)$`, 'm').exec(await scrape(gateway))?.[1]
    const none = { window_id: null, created_at: null, deadline: null, active_services: [] }
    gateway.network.answer('http://madre.test:8001/health', jsonAnswer({ status: 'ok' }))
    gateway.network.answer('http://madre.test:8001/madre/power/state', jsonAnswer({ policy: 'solo_madre', ...none }))
    gateway.network.answer('http://shub.test:8007/health', new TransportError('unreachable'))
    expect(await readingOf('vx11_module_up{module="madre"}')).toBe('1')
    expect(await readingOf('vx11_module_up{module="shub"}')).toBe('0')
    expect(await readingOf('vx11_module_expected{module="shub"}')).toBe('1')
    expect(await readingOf('vx11_module_up{module="mcp"}')).toBeUndefined()
    expect(await readingOf('vx11_window_open')).toBe('0')
    expect(await readingOf('vx11_degraded')).toBe('1')
    expect(await readingOf('vx11_event_streams')).toBe('0')
    for (const name of ['vx11_backup_age_seconds', 'vx11_window_left_seconds'])
      expect(await readingOf(name)).toBeUndefined()
  })

  it('measures the gateway’s own calls, by purpose', async () => {
    const gateway = testApp()
    gateway.network.answer('http://shub.test:8007/health', jsonAnswer({ status: 'ok' }))
    await gateway.request('/shub/health')
    await gateway.deps.healthChecks.check('shub')
    const text = await scrape(gateway)
    const count = (purpose: string) =>
      `vx11_upstream_exchange_duration_seconds_count{upstream="shub",purpose="${purpose}",method="GET",status="200"} 1`
    expect(text).toContain(count('health'))
    expect(text).toContain(count('probe'))
    // V7's own names count what callers were answered.
    expect(text).not.toContain('shub_proxy_requests_total{')
  })
})
