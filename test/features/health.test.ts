import { describe, expect, it } from 'vitest'
import { DatabaseFailure } from '../../src/db/failure.ts'
import { testApp } from '../support/test-app.ts'

const broken = () => Promise.reject(new Error('SQLITE_CORRUPT: marker-of-the-store'))

describe('GET /health', () => {
  it('answers the constant that VX11’s modules compare, and touches nothing', async () => {
    const gateway = testApp({ deps: { readiness: { database: broken } } })
    const response = await gateway.request('/health')
    expect(await response.json()).toEqual({ status: 'ok', module: 'tentaculo_link', version: '7.0' })
    expect(gateway.network.exchanges).toEqual([])
  })
})

describe('GET /readyz', () => {
  it('is ready when every store answers', async () => {
    const gateway = testApp({ deps: { readiness: { database: async () => {}, redis: async () => {} } } })
    const response = await gateway.request('/readyz')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const passed = { ok: true, latency_ms: 0, reason: null }
    expect(await response.json()).toEqual({ status: 'ready', checks: { database: passed, redis: passed } })
  })

  it('is not ready when a store fails, and keeps the store’s words to the log', async () => {
    const gateway = testApp({ deps: { readiness: { database: broken, redis: async () => {} } } })
    const response = await gateway.request('/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({
      status: 'not_ready',
      checks: { database: { ok: false, reason: 'unavailable' }, redis: { ok: true } },
    })
    expect(JSON.stringify(gateway.logLines)).toContain('marker-of-the-store')
  })

  it('says in one word why a database cannot be used, and the sentence to the log alone', async () => {
    const locked = () => Promise.reject(new DatabaseFailure('locked', 'file:/marker-of-the-path is locked'))
    const gateway = testApp({ deps: { readiness: { database: locked } } })
    const response = await gateway.request('/readyz')
    expect(response.status).toBe(503)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ checks: { database: { ok: false, reason: 'locked' } } })
    expect(text).not.toContain('marker')
    expect(JSON.stringify(gateway.logLines)).toContain('marker-of-the-path')
  })

  it('is degraded without a database where no events of callers are stored', async () => {
    const gateway = testApp({ deps: { readiness: { database: broken } }, env: { VX11_EVENTS_ENABLED: 'false' } })
    const response = await gateway.request('/readyz')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'degraded', checks: { database: { ok: false } } })
  })

  it('does not wait longer than two seconds for a store', async () => {
    const gateway = testApp({ deps: { readiness: { database: () => new Promise(() => {}) } } })
    const answering = gateway.request('/readyz')
    await gateway.clock.whenSleeping()
    await gateway.clock.advance(2000)
    const response = await answering
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ checks: { database: { latency_ms: 2000, reason: 'timeout' } } })
    expect(gateway.clock.pendingSleeps()).toBe(0)
  })

  it('looks once for callers at the same moment, and again for the next', async () => {
    let looks = 0
    const counted = async () => {
      looks++
    }
    const gateway = testApp({ deps: { readiness: { database: counted } } })
    await Promise.all(Array.from({ length: 50 }, () => gateway.request('/readyz')))
    expect(looks).toBe(1)
    await gateway.request('/readyz')
    expect(looks).toBe(2)
  })

  it.each(['draining', 'closing'] as const)('is off while the gateway is %s', async (phase) => {
    const gateway = testApp({ deps: { lifecycle: { phase } } })
    const response = await gateway.request('/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'draining' })
    expect((await gateway.request('/livez')).status).toBe(200)
  })
})

describe('which build it is', () => {
  it('stands in /livez and in the metrics', async () => {
    const gateway = testApp()
    const build = (await (await gateway.request('/livez')).json()) as { version: string }
    // Run from its sources, a program has no commit.
    expect(build).toEqual({ status: 'alive', version: expect.stringMatching(/^\d+\.\d+\.\d+$/), commit: null })
    const metrics = await (await gateway.authorized('/metrics')).text()
    expect(metrics).toContain(`\nvx11_build_info{version="${build.version}",commit=""} 1\n`)
  })
})
