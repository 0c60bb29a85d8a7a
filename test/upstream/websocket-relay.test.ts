/** The relay between two ends that exist on paper only, and a clock that the test moves. */
import { describe, expect, it } from 'vitest'
import { Relay, type RelayEnd, type Relaying, relayRules } from '../../src/upstream/websocket/relay.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { fakePeer } from '../support/websocket-peer.ts'

function startRelay(platform: 'node' | 'workerd' = 'node', rules = {}, more: Partial<Relaying> = {}) {
  const clock = fakeClock()
  const caller = fakePeer(platform)
  const upstream = fakePeer(platform)
  const ends: RelayEnd[] = []
  let finished = 0
  const relay = new Relay(caller, upstream, {
    clock,
    rules: { ...relayRules, ...rules },
    ended: (end) => ends.push(end),
    finished: () => finished++,
    ...more,
  })
  return { clock, caller, upstream, relay, ends, finished: () => finished }
}

describe('messages', () => {
  it('go to the other end, in order and unchanged', () => {
    const { caller, upstream } = startRelay()
    const bytes = new Uint8Array([1, 2])
    caller.events.message('a')
    caller.events.message(bytes)
    caller.events.message('')
    upstream.events.message('b')
    expect(upstream.sent).toEqual(['a', bytes, ''])
    expect(caller.sent).toEqual(['b'])
  })

  it.each([
    ['bytes', new Uint8Array(10), new Uint8Array(11)],
    ['letters', 'x'.repeat(10), 'x'.repeat(11)],
    ['letters of two bytes', 'é'.repeat(5), `${'é'.repeat(5)}x`],
    ['letters of four bytes', '😀😀xx', '😀😀xxx'],
    ['half a letter, which is sent as three bytes', 'xxxxxxx\ud800', 'xxxxxxxx\ud800'],
  ])('may be as long as the limit in %s, and no longer', (_what, longest, tooLong) => {
    const { caller, upstream, ends } = startRelay('node', { maxMessageBytes: 10 })
    upstream.events.message(longest)
    expect(caller.sent).toEqual([longest])
    upstream.events.message(tooLong)
    expect(caller.sent).toHaveLength(1)
    for (const peer of [caller, upstream]) expect(peer.closes).toEqual([[1009, 'message too big']])
    expect(ends).toEqual([{ by: 'gateway', code: 1009, messages: 1 }])
  })

  it('stop once the closing has begun', () => {
    const { caller, upstream, relay } = startRelay()
    relay.goAway()
    caller.events.message('late')
    expect(upstream.sent).toEqual([])
  })
})

describe('closing', () => {
  it.each([
    [1000, 'done', [1000, 'done']],
    [1001, '', [1001, '']],
    [1014, 'x', [1014, 'x']],
    [3000, 'y', [3000, 'y']],
    [4999, 'z', [4999, 'z']],
    [1005, '', [undefined, '']],
    [1006, '', [1011, 'the other end was lost']],
    [1015, '', [1011, 'the other end was lost']],
    [1004, 'w', [1011, 'the other end was lost']],
    [2999, 'w', [1011, 'the other end was lost']],
    [999, 'w', [1011, 'the other end was lost']],
    [5000, 'w', [1011, 'the other end was lost']],
  ])('passes %i on in the form that may be sent', (code, reason, told) => {
    const { caller, upstream, ends, finished } = startRelay()
    upstream.events.closed(code, reason)
    expect(caller.closes).toEqual([told])
    expect(upstream.closes).toEqual([])
    expect(ends).toEqual([{ by: 'upstream', code, messages: 0 }])
    expect(finished()).toBe(0)
    caller.events.closed(told[0] === undefined ? 1005 : Number(told[0]), '')
    expect(caller.closes).toHaveLength(1)
    expect([ends.length, finished()]).toEqual([1, 1])
  })

  it('asks both ends to leave, once', () => {
    const { caller, upstream, relay, ends } = startRelay()
    relay.goAway()
    relay.goAway()
    for (const peer of [caller, upstream]) expect(peer.closes).toEqual([[1001, 'going away']])
    expect(ends).toEqual([{ by: 'gateway', code: 1001, messages: 0 }])
  })

  it('ends the connections of whoever does not answer in time', async () => {
    const { clock, caller, upstream, relay, finished } = startRelay()
    relay.goAway()
    upstream.events.closed(1001, '')
    await clock.advance(relayRules.closeWithinMs - 1)
    expect(caller.terminated).toBe(false)
    await clock.advance(1)
    expect([caller.terminated, finished()]).toEqual([true, 1])
  })

  it('leaves no timer behind', async () => {
    const { clock, caller, upstream } = startRelay()
    caller.events.closed(1000, '')
    upstream.events.closed(1000, '')
    await Promise.resolve()
    expect(clock.pendingSleeps()).toBe(0)
  })

  it('tells the other end when one is terminated', () => {
    const { relay, caller, upstream, finished } = startRelay()
    relay.terminate()
    expect([caller.terminated, upstream.terminated, finished()]).toEqual([true, true, 1])
  })
})

describe('back-pressure', () => {
  it('does not read the fast end while the slow one has too much unsent, and does again', () => {
    const { caller, upstream } = startRelay()
    caller.bufferedAmount = relayRules.highWaterBytes
    upstream.events.message('fits')
    expect(upstream.paused).toBe(false)
    caller.bufferedAmount++
    upstream.events.message('one too many')
    expect([upstream.paused, caller.paused]).toEqual([true, false])
    caller.bufferedAmount = relayRules.highWaterBytes / 4 + 1
    caller.events.alive()
    expect(upstream.paused).toBe(true)
    caller.bufferedAmount--
    caller.events.alive()
    expect(upstream.paused).toBe(false)
  })

  it('reads both ends again when the closing begins, for the answers', () => {
    const { caller, upstream, relay } = startRelay()
    caller.bufferedAmount = relayRules.highWaterBytes + 1
    upstream.events.message('x')
    relay.goAway()
    expect(upstream.paused).toBe(false)
  })

  it('goes on without it where the platform cannot let an end wait', () => {
    const { caller, upstream } = startRelay('workerd')
    caller.bufferedAmount = 2 ** 30
    upstream.events.message('x')
    upstream.events.message('y')
    expect(caller.sent).toEqual(['x', 'y'])
  })
})

describe('pings', () => {
  it('go to both ends, and an answer keeps the connection', async () => {
    const { clock, caller, upstream } = startRelay()
    await clock.advance(relayRules.pingEveryMs - 1)
    expect(caller.pings).toBe(0)
    for (let i = 1; i <= 5; i++) {
      await clock.advance(i === 1 ? 1 : relayRules.pingEveryMs)
      expect([caller.pings, upstream.pings]).toEqual([i, i])
      caller.events.alive()
      upstream.events.message('as good as a pong')
    }
    expect([caller.terminated, upstream.terminated]).toEqual([false, false])
  })

  it.each(['caller', 'upstream'] as const)('drop a silent %s and tell the other end', async (silent) => {
    const { clock, ends, ...peers } = startRelay()
    const other = silent === 'caller' ? peers.upstream : peers.caller
    await clock.advance(relayRules.pingEveryMs)
    other.events.alive()
    await clock.advance(relayRules.pingEveryMs)
    expect(peers[silent].terminated).toBe(true)
    expect(other.closes).toEqual([[1011, 'the other end was lost']])
    expect(ends).toEqual([{ by: silent, code: 1006, messages: 0 }])
  })

  it('spare an end that is not read, and give it a whole interval afterwards', async () => {
    const { clock, caller, upstream } = startRelay()
    await clock.advance(relayRules.pingEveryMs)
    caller.bufferedAmount = relayRules.highWaterBytes + 1
    upstream.events.message('x')
    for (let i = 0; i < 3; i++) {
      await clock.advance(relayRules.pingEveryMs - 1)
      caller.events.alive()
      await clock.advance(1)
    }
    expect(upstream.terminated).toBe(false)
    caller.bufferedAmount = 0
    caller.events.alive()
    await clock.advance(relayRules.pingEveryMs)
    expect(upstream.terminated).toBe(false)
    caller.events.alive()
    await clock.advance(relayRules.pingEveryMs)
    expect(upstream.terminated).toBe(true)
  })

  it('are left to the platform where it sends them itself or not at all', async () => {
    const { clock, caller, upstream } = startRelay('workerd')
    await clock.advance(relayRules.pingEveryMs * 3)
    expect([caller.terminated, upstream.terminated]).toEqual([false, false])
  })
})

describe('idleness', () => {
  it.each(['node', 'workerd'] as const)(
    'closes with 1001 after ten minutes without a message (%s)',
    async (platform) => {
      const { clock, caller, upstream, ends } = startRelay(platform, { pingEveryMs: relayRules.idleMs * 10 })
      await clock.advance(relayRules.idleMs - 1)
      caller.events.message('still here')
      await clock.advance(relayRules.idleMs - 1)
      upstream.events.message('me too')
      await clock.advance(relayRules.idleMs - 1)
      expect(ends).toEqual([])
      await clock.advance(1)
      for (const peer of [caller, upstream]) expect(peer.closes).toEqual([[1001, 'idle']])
      expect(ends).toEqual([{ by: 'gateway', code: 1001, messages: 2 }])
    },
  )

  it('is not ended by pongs', async () => {
    const { clock, caller, upstream, ends } = startRelay()
    for (let passed = 0; passed < relayRules.idleMs; passed += relayRules.pingEveryMs) {
      caller.events.alive()
      upstream.events.alive()
      await clock.advance(relayRules.pingEveryMs)
    }
    expect(ends).toEqual([{ by: 'gateway', code: 1001, messages: 0 }])
  })
})

describe('a power window', () => {
  it('closes with 1008 when it ends', async () => {
    let end = () => {}
    const windowEnd = () => new Promise<void>((done) => (end = done))
    const { caller, upstream, ends } = startRelay('node', {}, { windowEnd })
    caller.events.message('x')
    end()
    await Promise.resolve()
    for (const peer of [caller, upstream]) expect(peer.closes).toEqual([[1008, 'power window closed']])
    expect(ends).toEqual([{ by: 'gateway', code: 1008, messages: 1 }])
  })

  it('is no longer needed by a relay whose caller’s credential ended', async () => {
    for (const [end, reason] of [
      ['revoked', 'key revoked'],
      ['expired', 'token expired'],
    ] as const) {
      const { caller, upstream, ends } = startRelay('node', {}, { credentialEnd: async () => end })
      await Promise.resolve()
      await Promise.resolve()
      for (const peer of [caller, upstream]) expect(peer.closes).toEqual([[1008, reason]])
      expect(ends).toEqual([{ by: 'gateway', code: 1008, messages: 0 }])
    }
  })

  it('is told when nobody waits for its end any more', () => {
    let closing: AbortSignal | undefined
    const windowEnd = (signal: AbortSignal) => {
      closing = signal
      return new Promise<void>(() => {})
    }
    const { relay } = startRelay('node', {}, { windowEnd })
    expect(closing?.aborted).toBe(false)
    relay.goAway()
    expect(closing?.aborted).toBe(true)
  })
})
