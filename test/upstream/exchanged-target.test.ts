/** An address that a reload exchanges while requests are under way: neither side fails because of the other. */
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { one, other, twoAddresses } from './addresses/two-addresses.ts'
import { answerOf, get, post } from './scripted-upstream.ts'

type Upstream = ReturnType<typeof twoAddresses>

function exchange({ config, followTargets }: Pick<Upstream, 'config' | 'followTargets'>, url: string): void {
  config.upstreams = { ...config.upstreams, shub: { kind: 'url', url } }
  followTargets()
}

/** Answers when the test says so. */
function held() {
  const ends: ((error: Error) => void)[] = []
  const answer = () => new Promise<UpstreamAnswer>((_, reject) => void ends.push(reject))
  return {
    answer,
    fail: (failure: 'reset' | 'unreachable') => ends.splice(0).map((end) => end(new TransportError(failure))),
  }
}

describe('an exchanged address', () => {
  it.each(['reset', 'unreachable'] as const)(
    'takes the next try of what was under way at several (%s)',
    async (failure) => {
      const upstream = twoAddresses()
      const { answer, fail } = held()
      upstream.answer('/a', answer, answer)
      upstream.network.answer('http://third:8007/a', answerOf(200))
      const asked = upstream.shub('/a', get)
      exchange(upstream, 'http://third:8007')
      fail(failure)
      expect(await asked).toMatchObject({ status: 200 })
      expect(upstream.network.exchanges.at(-1)?.url).toBe('http://third:8007/a')
    },
  )

  it('is not refused for what fails late at the one before', async () => {
    const upstream = twoAddresses({ SHUB_URL: one })
    const { answer, fail } = held()
    upstream.network.answer(`${one}/a`, new TransportError('unreachable'))
    for (let nth = 0; nth < 4; nth++) {
      await upstream.shub('/a', post).catch(() => {})
      await upstream.clock.advance(400)
    }
    upstream.network.answer(`${one}/a`, answer)
    const late = [upstream.shub('/a', post), upstream.shub('/a', post)]
    upstream.network.answer(`${other}/a`, answerOf(200))
    exchange(upstream, other)
    fail('unreachable')
    await Promise.allSettled(late)
    expect(upstream.state()).toMatchObject({ circuit: 'closed', failures: 0 })
    expect(await upstream.shub('/a', post)).toMatchObject({ status: 200 })
  })
})
