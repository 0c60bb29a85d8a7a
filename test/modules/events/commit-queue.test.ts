/** How much may wait for a commit, and for how long. */
import { describe, expect, it } from 'vitest'
import type { GatewayError } from '../../../src/errors/gateway-error.ts'
import { CommitQueue } from '../../../src/modules/events/store/commit-queue.ts'
import { someEvent } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'

function waitingIn(queue: CommitQueue, payloadBytes: number, events = 1) {
  const outcome: { code?: string; retryAfterMs?: number | undefined } = {}
  queue.add({
    events: Array.from({ length: events }, () => someEvent({ payload: { text: 'x'.repeat(payloadBytes) } })),
    once: undefined,
    resolve: () => {},
    reject({ code, details }: GatewayError) {
      outcome.code ??= code
      outcome.retryAfterMs ??= details.retryAfterMs
    },
  })
  return outcome
}

const refused = { code: 'events_unavailable', retryAfterMs: 1000 }

describe('the queue in front of a commit', () => {
  it('refuses what exceeds its bytes, and has room again when a commit is done', () => {
    const queue = new CommitQueue(fakeClock())
    const large = Array.from({ length: 34 }, () => waitingIn(queue, 2 ** 20 - 1000))
    expect(large.filter(({ code }) => code === undefined)).toHaveLength(32)
    expect(large.at(-1)).toEqual(refused)
    expect(queue.take()).toHaveLength(8)
    expect(waitingIn(queue, 2 ** 20 - 1000)).toEqual(refused)
    queue.done()
    expect(waitingIn(queue, 2 ** 20 - 1000)).toEqual({})
  })

  it('refuses what exceeds its events', () => {
    const queue = new CommitQueue(fakeClock())
    expect(Array.from({ length: 40 }, () => waitingIn(queue, 10, 500)).every(({ code }) => code === undefined)).toBe(
      true,
    )
    expect(waitingIn(queue, 10)).toEqual(refused)
    expect(queue.take()).toHaveLength(2)
  })

  it('refuses after ten seconds what waits and what is under way', async () => {
    const clock = fakeClock()
    const queue = new CommitQueue(clock)
    const underWay = waitingIn(queue, 10)
    queue.take()
    const waiting = waitingIn(queue, 10)
    await clock.advance(6000)
    const later = waitingIn(queue, 10)
    await clock.advance(4000)
    expect([underWay, waiting]).toEqual([{}, {}])
    await clock.advance(1000)
    expect([underWay, waiting, later]).toEqual([refused, refused, {}])
    queue.done()
    expect(queue.take()).toHaveLength(1)
  })

  it('takes a single member of any size', () => {
    const queue = new CommitQueue(fakeClock())
    waitingIn(queue, 20 * 2 ** 20)
    waitingIn(queue, 10)
    expect(queue.take()).toHaveLength(1)
  })
})
