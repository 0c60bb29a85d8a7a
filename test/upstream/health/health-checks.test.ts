import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/config/config.ts'
import type { Upstream } from '../../../src/ports/index.ts'
import { healthChecks } from '../../../src/upstream/health/health-checks.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { jsonAnswer } from '../../support/fake-network.ts'
import { fakeRandom } from '../../support/fake-random.ts'

function setup() {
  const clock = fakeClock()
  const asked: number[] = []
  const turns: string[] = []
  const upstream = { status: 'ok', slow: false }
  const shub: Upstream = async () => {
    asked.push(clock.now())
    if (upstream.slow) return new Promise(() => {})
    return jsonAnswer({ status: upstream.status, version: '7.0' })
  }
  const checks = healthChecks({
    config: { upstreams: parseConfig({}).upstreams, upstreamToken: null, upstreamHeaders: {} },
    probes: { shub },
    clock,
    random: { ...fakeRandom(), fraction: () => 0.5 },
    turned: (name, { from, to }) => turns.push(`${name} ${from} ${to}`),
  })
  /** What a timer would do for a while. */
  const tick = async (times: number) => {
    const delays: number[] = []
    for (let i = 0; i < times; i++) {
      const delay = await checks.check('shub')
      delays.push(delay)
      await clock.advance(delay)
    }
    return delays
  }
  return { clock, asked, turns, upstream, checks, tick }
}

describe('healthChecks', () => {
  it('ask every five seconds, and closer while a failure is new', async () => {
    const { tick, upstream, turns } = setup()
    expect(await tick(2)).toEqual([5000, 5000])
    upstream.status = 'down'
    expect(await tick(7)).toEqual([1000, 1000, 2000, 2000, 2000, 5000, 5000])
    upstream.status = 'ok'
    expect(await tick(2)).toEqual([5000, 5000])
    expect(turns).toEqual(['shub unknown up', 'shub up down', 'shub down up'])
  })

  it('give a reading again for five seconds, whoever asks', async () => {
    const { checks, clock, asked } = setup()
    const readings = await Promise.all(Array.from({ length: 20 }, () => checks.read('shub')))
    expect(readings[0]).toMatchObject({ up: true, version: '7.0', latencyMs: 0, checkedAt: clock.now(), reason: null })
    await clock.advance(4999)
    await checks.read('shub')
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    await checks.read('shub')
    expect(asked).toHaveLength(2)
  })

  it('do not ask on a timer what somebody asked a moment ago', async () => {
    const { checks, clock, asked } = setup()
    await checks.read('shub')
    await clock.advance(2000)
    expect(await checks.check('shub')).toBe(3000)
    expect(asked).toHaveLength(1)
  })

  it('know nothing of a dormant upstream', async () => {
    const { checks } = setup()
    expect(checks.names).toEqual(['shub'])
    expect(await checks.read('hermes')).toBeNull()
  })

  it('do not wait for another request’s question for ever', async () => {
    const { checks, clock, asked, upstream } = setup()
    upstream.slow = true
    void checks.read('shub')
    const second = checks.read('shub')
    await clock.whenSleeping()
    upstream.slow = false
    await clock.advance(3000)
    expect((await second)?.up).toBe(true)
    expect(asked).toHaveLength(2)
  })
})
