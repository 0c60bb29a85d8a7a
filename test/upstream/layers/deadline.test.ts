import { describe, expect, it } from 'vitest'
import type { UpstreamInit } from '../../../src/ports/index.ts'
import { keepsDeadline, readsDeadline } from '../../../src/upstream/layers/deadline.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { get, scriptedUpstream } from '../scripted-upstream.ts'

const withHeader = (value: string): UpstreamInit => ({ ...get, headers: { 'x-vx11-deadline-ms': value } })

function setup() {
  const clock = fakeClock()
  const { upstream, tries } = scriptedUpstream(200)
  const keeps = keepsDeadline(upstream, 'madre', clock)
  return { clock, tries, upstream, keeps, send: readsDeadline(keeps, clock) }
}

describe('a caller’s deadline', () => {
  it('shortens every limit that is longer, and travels on', async () => {
    const { send, tries } = setup()
    await send('/a', { ...withHeader('5000'), limits: { firstByteMs: 45_000 } })
    expect(tries[0]?.init).toMatchObject({
      limits: { connectMs: 2000, firstByteMs: 5000, idleMs: 5000 },
      headers: { 'x-vx11-deadline-ms': '5000' },
    })
  })

  it('lengthens nothing', async () => {
    const { send, tries } = setup()
    await send('/a', { ...withHeader('600000'), limits: { firstByteMs: 2000 } })
    expect(tries[0]?.init.limits).toEqual({ connectMs: 2000, firstByteMs: 2000, idleMs: 30_000 })
  })

  it('is less with every try, and ends them', async () => {
    const { clock, tries, upstream } = setup()
    const keeps = keepsDeadline(upstream, 'madre', clock)
    const deadlineAt = clock.monotonic() + 1000
    await keeps('/a', { ...get, deadlineAt })
    await clock.advance(999)
    await keeps('/a', { ...get, deadlineAt })
    await clock.advance(1)
    await expect(keeps('/a', { ...get, deadlineAt })).rejects.toMatchObject({
      code: 'upstream_timeout',
      cause: { failure: 'timeout' },
    })
    expect(tries.map(({ init }) => init.headers['x-vx11-deadline-ms'])).toEqual(['1000', '1'])
  })

  it.each(['0', '-1', '600001', '1.5', '5s', ''])('is refused when it is %j', async (value) => {
    const { send, tries } = setup()
    await expect(send('/a', withHeader(value))).rejects.toMatchObject({
      code: 'validation_error',
      details: { issues: [{ loc: ['header', 'x-vx11-deadline-ms'] }] },
    })
    expect(tries).toEqual([])
  })

  it('costs nothing where there is none', async () => {
    const { send, tries } = setup()
    await send('/a', get)
    expect(tries[0]?.init).toBe(get)
  })
})
