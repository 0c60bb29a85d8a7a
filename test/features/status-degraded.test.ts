/** Every status route while VX11 is ill, hangs, or is asked by a thousand. */
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import type { Deps } from '../../src/ports/index.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { degradedViews, general, hosts, isDegraded, paths, type StatusApp, statusApp } from '../support/status-app.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()
const vx11 = (deps: Partial<Deps> = {}, env: Record<string, string> = {}) => statusApp(database(), deps, env)
const hangs = () => new Promise<never>(() => {})

describe('degraded', () => {
  const alwaysUp = { redis: async () => {} }

  it.each<[string, boolean, (gateway: StatusApp) => void]>([
    ['all that should run answers', false, () => {}],
    ['switch sleeps by policy', false, ({ down }) => down('switch')],
    ['switch runs without a window', false, ({ up }) => up('switch')],
    ['madre is down', true, ({ down }) => down('madre')],
    [
      'madre does not report its power state',
      true,
      ({ network }) => network.answer(`${hosts.madre}/madre/power/state`, jsonAnswer({}, 500)),
    ],
    ['shub, which is configured, is down', true, ({ down }) => down('shub')],
    ['shub starts', true, ({ up }) => up('shub', { status: 'initializing' })],
    ['a service of the open window is down', true, ({ power }) => power(['switch'])],
    [
      'the services of the open window are up',
      false,
      ({ power, up }) => {
        power(['switch'])
        up('switch')
      },
    ],
    ['the window lists a service that nobody configured', false, ({ power }) => power(['hermes'])],
  ])('is told alike by every view: %s', async (_what, degraded, change) => {
    const gateway = vx11({ readiness: alwaysUp })
    change(gateway)
    expect(await degradedViews(gateway)).toEqual(new Set([degraded]))
  })

  it('is told when a gate is open and its module away', async () => {
    expect(await degradedViews(vx11({}, { HORMIGUERO_ENABLED: 'true' }))).toEqual(new Set([true]))
  })

  const broken = async () => {
    throw new Error('secret words of the store')
  }
  it.each<[string, () => Partial<Deps>, string]>([
    ['the database', () => ({ database: { ...database(), ping: broken } }), 'database: unavailable'],
    ['Redis', () => ({ readiness: { redis: broken } }), 'redis: unavailable'],
    ['the limit store', () => ({ limiter: { ...testApp().deps.limiter, ping: broken } }), 'limiter: unavailable'],
  ])('is told when %s is away, and coarsely', async (_store, deps, reason) => {
    const gateway = vx11(deps())
    expect(await degradedViews(gateway)).toEqual(new Set([true]))
    expect((await gateway.read('/vx11/status')).reasons).toEqual([reason])
    for (const path of paths) expect(await (await gateway.authorized(path)).text()).not.toContain('secret')
  })
})

describe('when everything hangs', () => {
  const everything = () =>
    vx11(
      {
        database: {
          ping: hangs,
          close: async () => {},
          open: () => {
            throw new Error('no database')
          },
        },
        limiter: { ...testApp().deps.limiter, ping: hangs },
        readiness: { redis: hangs },
      },
      {
        HERMES_URL: 'http://hermes.test',
        MCP_URL: 'http://mcp.test',
        SPAWNER_URL: 'http://spawner.test',
        MANIFESTATOR_URL: 'http://m.test',
        OPERATOR_URL: 'http://o.test',
      },
    )

  it.each(paths)('GET %s answers within 2.5 s, with reasons', async (path) => {
    const gateway = everything()
    const targets = Object.values(gateway.deps.config.upstreams).flatMap((target) =>
      target.kind === 'url' ? [target.url] : [],
    )
    expect(targets).toHaveLength(9)
    for (const url of targets) {
      for (const question of ['health', 'madre/power/state']) {
        gateway.network.answer(`${url.replace(/\/$/, '')}/${question}`, hangs)
      }
    }
    const asked = gateway.read(path)
    await gateway.clock.whenSleeping(3)
    await gateway.clock.advance(2500)
    const answer = await asked
    if (general.includes(path)) expect(isDegraded(answer)).toBe(true)
    expect(JSON.stringify(answer)).toMatch(/timeout|not_measured_in_time/)
  })

  it('shows what was measured in the last 15 s, and nothing older', async () => {
    const gateway = vx11()
    const before = (await gateway.read('/vx11/status')).modules.shub
    gateway.network.answer(`${hosts.shub}/health`, hangs)
    await gateway.clock.advance(5000)
    const asked = gateway.read('/vx11/status')
    await gateway.clock.whenSleeping(1)
    await gateway.clock.advance(2500)
    expect((await asked).modules.shub).toEqual(before)
    await gateway.clock.advance(10_000)
    const later = gateway.read('/vx11/status')
    await gateway.clock.whenSleeping(1)
    await gateway.clock.advance(2500)
    expect((await later).modules.shub).toMatchObject({ up: false, checked_at: null, reason: 'not_measured_in_time' })
  })
})

describe('a thousand readers', () => {
  it('cost each service one probe, and each store one look', async () => {
    const looks = { database: 0, redis: 0 }
    const ping = (store: keyof typeof looks) => async () => void looks[store]++
    const gateway = vx11({ database: { ...database(), ping: ping('database') }, readiness: { redis: ping('redis') } })
    const storm = () =>
      Promise.all(
        Array.from({ length: 1000 }, (_, index) => gateway.read(paths[index % paths.length] ?? '/vx11/status')),
      )
    const asked = () => {
      const counts = new Map<string, number>()
      for (const { url } of gateway.network.exchanges) counts.set(url, (counts.get(url) ?? 0) + 1)
      return [...counts.values()]
    }
    await storm()
    expect(asked()).toEqual([1, 1, 1, 1, 1])
    expect(looks).toEqual({ database: 1, redis: 1 })
    await gateway.clock.advance(5000)
    await storm()
    expect(asked()).toEqual([2, 2, 2, 2, 2])
    expect(looks).toEqual({ database: 2, redis: 2 })
  })
})
