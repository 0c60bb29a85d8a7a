/** The whole app while its wall clock is set: spans go by the monotonic clock, and moments of the future are none. */
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { isDue, weekMs } from '../../src/modules/maintenance/run.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const jumps = [
  ['-90 d', -90 * dayMs],
  ['-2 h', -2 * hourMs],
  ['+2 h', 2 * hourMs],
  ['+10 y', 3653 * dayMs],
] as const

const shub = 'http://shub.test:8007'
const madre = 'http://madre.test:8001'
const healthy = jsonAnswer({ status: 'ok' })
const powerState = `${madre}/madre/power/state`

function vx11(env: Record<string, string> = {}) {
  const gateway = testApp({ env: { SWITCH_URL: 'http://switch.test:8002', ...env } })
  for (const host of [shub, madre, 'http://switch.test:8002']) gateway.network.answer(`${host}/health`, healthy)
  gateway.network.answer(powerState, jsonAnswer({ policy: 'solo_madre', window_id: null, active_services: ['madre'] }))
  gateway.network.answer(`${shub}/status`, healthy)
  const asked = (url: string) => gateway.network.exchanges.filter((exchange) => exchange.url === url).length
  return { ...gateway, asked }
}

/** There, and back again: both are jumps. */
const both = jumps.flatMap(([name, ms]) => [
  [name, [ms]],
  [`${name} and back`, [ms, -ms]],
]) as [string, number[]][]

describe.each(both)('a clock that is set by %s', (_name, steps) => {
  it('never serves a cached health answer beyond its 60 seconds', async () => {
    const gateway = vx11()
    await gateway.request('/shub/health')
    for (const step of steps) {
      gateway.clock.jump(step)
      await gateway.clock.advance(60_000)
      gateway.network.answer(`${shub}/health`, new TransportError('unreachable'))
      await expectProblem(await gateway.request('/shub/health'), 'shub_unavailable')
      gateway.network.answer(`${shub}/health`, healthy)
      expect((await gateway.request('/shub/health')).headers.get('x-cache')).toBe('MISS')
    }
  })

  it('goes on checking health at its pace, by timers that do not overflow', async () => {
    const { deps, clock, asked } = vx11()
    await deps.healthChecks.check('shub')
    for (const step of steps) {
      clock.jump(step)
      const before = asked(`${shub}/health`)
      const dueInMs = await deps.healthChecks.check('shub')
      expect(asked(`${shub}/health`)).toBe(before)
      expect(dueInMs).toBeGreaterThan(0)
      expect(dueInMs).toBeLessThan(120_000)
      await clock.advance(dueInMs)
      await deps.healthChecks.check('shub')
      expect(asked(`${shub}/health`)).toBe(before + 1)
    }
  })

  it('asks again for the power state and for stale readings', async () => {
    const gateway = vx11()
    await gateway.authorized('/operator/power/state')
    for (const step of steps) {
      gateway.clock.jump(step)
      const before = gateway.asked(powerState)
      await gateway.clock.advance(2001)
      await gateway.authorized('/operator/power/state')
      expect(gateway.asked(powerState)).toBeGreaterThan(before)
      gateway.network.answer(`${shub}/health`, new TransportError('unreachable'))
      await gateway.clock.advance(5001)
      expect(await (await gateway.authorized('/vx11/overview')).json()).toMatchObject({ degraded: true })
      gateway.network.answer(`${shub}/health`, healthy)
    }
  })

  it('neither forgives a limit nor prolongs it', async () => {
    const gateway = vx11({ VX11_RATE_LIMIT_PROTECTED: '2' })
    const status = async () => (await gateway.authorized('/shub/status')).status
    for (let i = 0; i < 2; i++) expect(await status()).toBe(200)
    for (const step of steps) {
      gateway.clock.jump(step)
      expect(await status()).toBe(429)
      await gateway.clock.advance(30_000)
      expect(await status()).toBe(200)
    }
  })

  it('keeps an open circuit for its cool-down, and no longer', async () => {
    const gateway = vx11({ VX11_BREAKER_FAILURES: '2' })
    for (const step of steps) {
      gateway.network.answer(`${shub}/status`, new TransportError('timeout'))
      for (let i = 0; i < 3; i++) {
        await gateway.authorized('/shub/status')
        await gateway.clock.advance(500)
      }
      expect(gateway.deps.upstreamStates().shub?.circuit).toBe('open')
      gateway.network.answer(`${shub}/status`, healthy)
      gateway.clock.jump(step)
      await expectProblem(await gateway.authorized('/shub/status'), 'shub_unavailable')
      const { openUntil } = gateway.deps.upstreamStates().shub ?? {}
      expect((openUntil ?? 0) - gateway.clock.now()).toBeGreaterThan(0)
      expect((openUntil ?? 0) - gateway.clock.now()).toBeLessThanOrEqual(60_000)
      await gateway.clock.advance(60_001)
      expect((await gateway.authorized('/shub/status')).status).toBe(200)
    }
  })

  it('measures what a request took', async () => {
    const gateway = vx11()
    for (const step of steps) {
      gateway.network.answer(`${shub}/status`, () => {
        gateway.clock.jump(step)
        return healthy
      })
      await gateway.authorized('/shub/status')
    }
    const requests = gateway.logLines.filter(({ event }) => event === 'request')
    for (const { duration_ms } of requests) expect(duration_ms).toBe(0)
    for (const { durationMs } of gateway.recorded) expect(durationMs).toBe(0)
  })

  it('counts uptime as time that passed', async () => {
    const gateway = vx11()
    await gateway.clock.advance(5000)
    for (const step of steps) gateway.clock.jump(step)
    expect(await (await gateway.authorized('/metrics')).text()).toContain('\nvx11_uptime_seconds 5\n')
  })
})

describe('moments of the future', () => {
  const now = 1_800_000_000_000

  it('do not put off the weekly maintenance', () => {
    expect(isDue(now - weekMs, now)).toBe(true)
    expect(isDue(now - weekMs + 1, now)).toBe(false)
    expect(isDue(now + 60_000, now)).toBe(false)
    for (const [, ms] of jumps.filter(([, step]) => step > 0)) expect(isDue(now + ms, now)).toBe(true)
  })
})
