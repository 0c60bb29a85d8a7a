/** Who may have how many WebSockets to upstreams, and which places come free without a word. */
import { expect, it } from 'vitest'
import { Relay, relayRules } from '../../src/upstream/websocket/relay.ts'
import { SocketSlots } from '../../src/upstream/websocket/socket-slots.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { fakePeer } from '../support/websocket-peer.ts'

function places(maxPerPrincipal: number, maxTotal: number) {
  const clock = fakeClock()
  const room = new SocketSlots(clock, { maxPerPrincipal, maxTotal })
  const relay = () => {
    const [caller, upstream] = [fakePeer('workerd'), fakePeer('workerd')]
    const rules = { ...relayRules, idleMs: Number.POSITIVE_INFINITY }
    const carrying = new Relay(caller, upstream, { clock, rules, ended: () => {}, finished: () => {} })
    return { relay: carrying, say: () => caller.events.message('x') }
  }
  return { clock, relay, take: (owner: string) => room.take(owner) }
}

const ownFull = expect.objectContaining({
  code: 'too_many_requests',
  details: expect.objectContaining({ retryAfterMs: 10_000 }),
})
const full = expect.objectContaining({
  code: 'service_overloaded',
  details: expect.objectContaining({ retryAfterMs: 10_000 }),
})

it('bounds those of one principal, and of all', () => {
  const { take } = places(2, 3)
  const first = take('a')
  take('a')
  expect(() => take('a')).toThrow(ownFull)
  take('b')
  expect(() => take('b')).toThrow(full)
  first.leave()
  first.leave()
  take('b')
  expect(() => take('c')).toThrow(full)
})

it('keeps the place of a relay when the handshake is over, and no other', () => {
  const { take, relay } = places(1, 1)
  const refused = take('a')
  refused.leaveUnlessGiven()
  const place = take('a')
  place.give(relay().relay)
  place.leaveUnlessGiven()
  expect(() => take('a')).toThrow(full)
  place.leave()
  take('a')
})

it('gives away the place of a handshake that was never heard of again', async () => {
  const { take, clock } = places(1, 10)
  take('a')
  await clock.advance(37_000)
  expect(() => take('a')).toThrow(ownFull)
  await clock.advance(1)
  take('a')
})

it('gives away the place of a relay that can no longer be alive', async () => {
  const { take, clock, relay } = places(1, 10)
  const { relay: carrying, say } = relay()
  take('a').give(carrying)
  await clock.advance(600_000)
  say()
  await clock.advance(635_000)
  expect(() => take('a')).toThrow(ownFull)
  await clock.advance(1)
  take('a')
})
