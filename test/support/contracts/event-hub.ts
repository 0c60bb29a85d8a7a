/** What every EventHub must hold to. */
import { describe, expect, it } from 'vitest'
import type { CommitNotice, EventHub, StoredEvent } from '../../../src/ports/index.ts'
import { someEvent } from '../event-log.ts'

/** Two instances of one gateway; `drop` breaks the connections of both, where there are any. */
export interface HubSubject {
  one: EventHub
  other: EventHub
}

const stored = (id: number, size = 1): StoredEvent => ({
  ...someEvent({ payload: { text: '☃'.repeat(size) } }),
  ...{ id, eventId: `evt_${id}`, at: 1_800_000_000_000 },
})
const news = (id: number, size?: number): CommitNotice => ({
  newest: id,
  events: [stored(id, size)],
  ledger: { id, hash: 'a'.repeat(64) },
  keys: [{ id: 'key', scopes: ['operator'], limits: { user: 5 }, credentials: [{ mark: 'm', notAfterMs: null }] }],
})

export function eventHubContract(name: string, subject: () => HubSubject): void {
  /** Hubs outlive a test: ids separate its events from others'. */
  let made = 1000
  const freshId = () => ++made

  async function listenTo(hub: EventHub) {
    const heard: CommitNotice[] = []
    const leave = await hub.subscribe((each) => heard.push(each))
    return { heard, leave, newest: () => [...new Set(heard.map(({ newest }) => newest))] }
  }

  describe(`${name}: event hub contract`, () => {
    it('tells every listener of every instance, in the order of one publisher', async () => {
      const { one, other } = subject()
      const listeners = [await listenTo(one), await listenTo(one), await listenTo(other)]
      const ids = [freshId(), freshId(), freshId()]
      for (const id of ids) one.publish(news(id))
      for (const { newest } of listeners) await expect.poll(newest).toEqual(ids)
      expect(listeners[2]?.heard[0]).toEqual(news(ids[0] ?? 0))
      for (const { leave } of listeners) leave()
    })

    it('tells nobody who left', async () => {
      const { one, other } = subject()
      const [stays, leaves] = [await listenTo(other), await listenTo(other)]
      leaves.leave()
      one.publish(news(freshId()))
      await expect.poll(() => stays.heard.length).toBe(1)
      expect(leaves.heard).toEqual([])
      stays.leave()
    })

    it('tells of large events at least how far the stream goes', async () => {
      const { one, other } = subject()
      const far = await listenTo(other)
      const id = freshId()
      one.publish(news(id, 400_000))
      await expect.poll(far.newest).toEqual([id])
      expect(far.heard[0]?.keys).toEqual(news(id).keys)
      far.leave()
    })

    it('publishes where nobody listens', () => {
      expect(() => subject().one.publish(news(freshId()))).not.toThrow()
    })
  })
}
