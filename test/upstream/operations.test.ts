import { describe, expect, it } from 'vitest'
import { parseConfig, type UpstreamName } from '../../src/config/config.ts'
import type { UpstreamIdle } from '../../src/config/upstreams/idle.ts'
import type { UpstreamInit } from '../../src/ports/index.ts'
import { windowFirstByteMs, withOperations } from '../../src/upstream/operations.ts'
import { get, scriptedUpstream } from './scripted-upstream.ts'

const windowServices = new Array(10).fill('service')

async function sent(name: UpstreamName, target: string, init: UpstreamInit = get, own: UpstreamIdle['own'] = {}) {
  const { upstream, tries } = scriptedUpstream(200)
  await withOperations(upstream, name, { windowServices, upstreamIdle: { eventStreamMs: 300_000, own } })(target, init)
  return tries[0]?.init
}

describe('withOperations', () => {
  it.each<[UpstreamName, string, string, number]>([
    ['shub', 'GET', '/health', 2],
    ['switch', 'HEAD', '/health', 2],
    ['shub', 'GET', '/ready?deep=1', 3],
    ['shub', 'GET', '/status', 5],
    ['shub', 'POST', '/api/analyze', 30],
    ['shub', 'POST', '/api/mastering', 60],
    ['shub', 'POST', '/api/batch/submit', 120],
    ['madre', 'POST', '/madre/power/window/open', 350],
    ['madre', 'POST', '/madre/power/window/close?x=1', 350],
    ['madre', 'POST', '/madre/chat', 45],
    ['switch', 'POST', '/switch/chat', 35],
    ['switch', 'POST', '/switch/task', 65],
    ['shub', 'GET', '/api/mastering', 30],
    ['shub', 'POST', '/madre/chat', 30],
    ['madre', 'GET', '/madre/power/state', 30],
    ['hermes', 'GET', '/anything', 30],
  ])('gives %s %s %s its %i seconds', async (name, method, target, seconds) => {
    const limits = { connectMs: 2000, firstByteMs: seconds * 1000, idleMs: 30_000, streamIdleMs: 300_000 }
    expect((await sent(name, target, { ...get, method }))?.limits).toEqual(limits)
  })

  it('gives a body the silence that its operation may have', async () => {
    const env = { VX11_UPSTREAM_IDLE: '{"shub": 60, "shub /api/*": 90, "shub POST /api/a": 120, "shub /api/a": 100}' }
    const { own } = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'a-token-for-this-test-alone', ...env }).upstreamIdle
    const idleOf = async (name: UpstreamName, method: string, target: string) =>
      (await sent(name, target, { ...get, method }, own))?.limits?.idleMs
    expect(await idleOf('shub', 'GET', '/b')).toBe(60_000)
    expect(await idleOf('shub', 'GET', '/api/b?c')).toBe(90_000)
    expect(await idleOf('shub', 'GET', '/api/a')).toBe(100_000)
    expect(await idleOf('shub', 'POST', '/api/a?b')).toBe(120_000)
    expect(await idleOf('madre', 'POST', '/api/a')).toBe(30_000)
  })

  it.each(['1', '{"nobody": 5}', '{"shub": "5"}', '{"shub": 0}', '{"shub api": 5}', '[]', '{'])(
    'is not configured with %s',
    (text) => {
      expect(() => parseConfig({ VX11_UPSTREAM_IDLE: text })).toThrow('VX11_UPSTREAM_IDLE')
    },
  )

  it('knows what is vital', async () => {
    const purposeOf = async (name: UpstreamName, target: string, init = get) =>
      (await sent(name, target, init))?.purpose
    expect(await purposeOf('shub', '/health')).toBe('health')
    expect(await purposeOf('shub', '/ready')).toBe('health')
    expect(await purposeOf('madre', '/madre/power/window/open', { ...get, method: 'POST' })).toBe('admin')
    expect(await purposeOf('madre', '/madre/power/service/switch/start')).toBe('admin')
    expect(await purposeOf('shub', '/madre/power/state')).toBeUndefined()
    expect(await purposeOf('shub', '/status')).toBeUndefined()
  })

  it('lets the caller know better', async () => {
    const init: UpstreamInit = { ...get, limits: { firstByteMs: 70_000 }, purpose: 'admin' }
    expect(await sent('shub', '/health', init)).toMatchObject({
      limits: { connectMs: 2000, firstByteMs: 70_000, idleMs: 30_000 },
      purpose: 'admin',
    })
  })

  it('gives a window time for each of its services', () => {
    expect([0, 1, 2, 10].map(windowFirstByteMs)).toEqual([60_000, 60_000, 70_000, 350_000])
  })
})
