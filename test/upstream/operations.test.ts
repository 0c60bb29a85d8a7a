import { describe, expect, it } from 'vitest'
import type { UpstreamName } from '../../src/config/config.ts'
import type { UpstreamInit } from '../../src/ports/index.ts'
import { windowFirstByteMs, withOperations } from '../../src/upstream/operations.ts'
import { get, scriptedUpstream } from './scripted-upstream.ts'

const windowServices = new Array(10).fill('service')

async function sent(name: UpstreamName, target: string, init: UpstreamInit = get) {
  const { upstream, tries } = scriptedUpstream(200)
  await withOperations(upstream, name, { windowServices })(target, init)
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
    const limits = { connectMs: 2000, firstByteMs: seconds * 1000, idleMs: 30_000 }
    expect((await sent(name, target, { ...get, method }))?.limits).toEqual(limits)
  })

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
