import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { forgetWindows } from './modules/embedded-madre/madres.ts'
import { jsonAnswer } from './support/fake-network.ts'
import { testApp } from './support/test-app.ts'

const shubUrl = 'http://shub.test:8007'

describe('the gateway tells', () => {
  it('when a module stops answering and when it is back, once each', async () => {
    const gateway = testApp()
    const { healthChecks } = gateway.deps
    const look = async (times: number) => {
      for (let time = 0; time < times; time++) {
        await gateway.clock.advance(120_000)
        await healthChecks.check('shub')
      }
    }
    gateway.network.answer(`${shubUrl}/health`, jsonAnswer({ status: 'ok' }))
    await look(5)
    gateway.network.answer(`${shubUrl}/health`, jsonAnswer({}, 503))
    await look(8)
    gateway.network.answer(`${shubUrl}/health`, jsonAnswer({ status: 'ok' }))
    await look(8)
    expect(gateway.announced.map(({ type, module, state }) => [type, module, state?.is])).toEqual([
      ['gateway.module.up', 'shub', 'up'],
      ['gateway.module.down', 'shub', 'down'],
      ['gateway.module.up', 'shub', 'up'],
    ])
    expect(gateway.announced[1]).toMatchObject({ severity: 'crit', payload: { up: false, reason: 'status_503' } })
  })

  it('when a breaker opens and closes, and not that it probes', async () => {
    const gateway = testApp()
    const url = 'http://shub.test:8007/broken'
    gateway.network.answer(url, jsonAnswer({}, 500))
    for (let time = 0; time < 7; time++) {
      await gateway.authorized('/shub/broken')
      await gateway.clock.advance(250)
    }
    await gateway.clock.advance(60_000)
    await gateway.authorized('/shub/broken')
    gateway.network.answer(url, jsonAnswer({}))
    await gateway.clock.advance(60_000)
    expect((await gateway.authorized('/shub/broken')).status).toBe(200)
    const told = gateway.announced.map(({ type, module }) => `${type} ${module}`)
    // The failed probe opened it again: the same state, which is stored once.
    expect(told).toEqual(['gateway.breaker.opened shub', 'gateway.breaker.opened shub', 'gateway.breaker.closed shub'])
    expect(new Set(gateway.announced.slice(0, 2).map(({ state }) => JSON.stringify(state))).size).toBe(1)
  })

  it('a storm of refusals once a minute', async () => {
    const gateway = testApp({ env: { VX11_RATE_LIMIT_IP: '10' } })
    const flood = async (requests: number) => {
      for (let time = 0; time < requests; time++) await gateway.request('/vx11/status')
    }
    const storms = () => gateway.announced.filter(({ type }) => type === 'gateway.limit.storm')
    await flood(10 + 99)
    expect(storms()).toEqual([])
    await flood(300)
    expect(storms()).toMatchObject([{ payload: { rule: 'ip', refused: 100, shadow: false } }])
    await gateway.clock.advance(60_000)
    await flood(110)
    expect(storms()).toHaveLength(2)
  })
})

describe('windows', () => {
  const database = testDatabase()
  beforeEach(() => forgetWindows(database()))
  const open = { method: 'POST', body: JSON.stringify({ services: ['switch'], ttl_sec: 60 }) }

  it('of the embedded madre are told as they open, expire and close, whoever looks', async () => {
    const gateway = testApp({ env: { MADRE_URL: 'embedded' }, deps: { database: database() } })
    await gateway.authorized('/operator/api/window/open', open)
    await gateway.clock.advance(60_000)
    for (let time = 0; time < 3; time++) await gateway.authorized('/operator/api/window/status')
    await gateway.authorized('/operator/api/window/open', open)
    await gateway.authorized('/operator/api/window/close', { method: 'POST', body: '{}' })
    const { events } = await gateway.deps.events.read({ limit: 100, order: 'oldest_first' })
    const told = events.filter(({ type }) => type.startsWith('gateway.window.'))
    expect(told.map(({ type }) => type.slice('gateway.window.'.length))).toEqual([
      'opened',
      'expired',
      'opened',
      'closed',
    ])
    expect(told[0]?.payload).toMatchObject({ services: ['switch'], deadline: '2027-01-15T08:01:00.000Z' })
  })

  it('of a real madre are told when its state is seen to change', async () => {
    const gateway = testApp()
    const state = 'http://madre.test:8001/madre/power/state'
    const look = async () => {
      await gateway.clock.advance(2000)
      await gateway.authorized('/operator/api/window/status')
    }
    const at = (ms: number) => new Date(gateway.clock.now() + ms).toISOString()
    gateway.network.answer(state, jsonAnswer({ policy: 'solo_madre', active_services: ['madre'] }))
    await look()
    const window = { policy: 'windowed', active_services: ['switch'] }
    gateway.network.answer(state, jsonAnswer({ ...window, window_id: 'w-1', deadline: at(5000) }))
    await look()
    await look()
    gateway.network.answer(state, jsonAnswer({ ...window, window_id: 'w-2' }))
    await look()
    gateway.network.answer(state, jsonAnswer({ policy: 'solo_madre', active_services: ['madre'] }))
    await gateway.clock.advance(5000)
    await look()
    gateway.network.answer(state, jsonAnswer({}, 500))
    await look()
    const told = gateway.announced.filter(({ type }) => type.startsWith('gateway.window.'))
    expect(told.map(({ once }) => once)).toEqual([
      'window:w-1:opened',
      expect.stringMatching(/^window:w-1:(closed|expired)$/),
      'window:w-2:opened',
      'window:w-2:closed',
    ])
  })
})
