import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { durableObjectEvents, type EventsObject } from '../../src/adapters/durable-object/events.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { StoredEvent } from '../../src/ports/index.ts'
import { eventHubContract } from '../support/contracts/event-hub.ts'
import { someEvent } from '../support/event-log.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      EVENTS: DurableObjectNamespace<EventsObject>
    }
  }
}

testDatabase()

/** Other tests' news may still be on its way. */
const idsOf = (events: readonly StoredEvent[]) =>
  events.filter(({ type }) => type.startsWith('shared.')).map(({ id }) => id)

const isolate = () => durableObjectEvents(env.EVENTS, systemClock())
const [one, other] = [isolate(), isolate()]

eventHubContract('durable object', () => ({ one: one.hub, other: other.hub }))

describe('the events object', () => {
  it('stores for all isolates in one order, sharing commits, and tells all of them', async () => {
    const heard: number[] = []
    const leave = await other.hub.subscribe(({ events }) => heard.push(...idsOf(events)))
    const appended = await Promise.all(
      Array.from({ length: 60 }, (_, nth) => (nth % 2 ? one : other).append([someEvent({ type: `shared.${nth}` })])),
    )
    const ids = appended.map(({ first }) => first)
    expect(new Set(ids).size).toBe(60)
    await expect.poll(() => heard.length).toBe(60)
    expect(heard).toEqual(ids.toSorted((a, b) => a - b))
    leave()
  })

  it('says how many events wait for their commit', async () => {
    const seen = async () => {
      const appended = Promise.all(Array.from({ length: 40 }, () => one.append([someEvent()])))
      const waiting = await other.waiting()
      await appended
      return waiting
    }
    await expect.poll(seen).toBeGreaterThan(0)
    expect(await other.waiting()).toBe(0)
  })

  it('says by its code what went wrong', async () => {
    const once = { key: 'durable', request: 'one' }
    const first = await one.append([someEvent()], once)
    expect(await other.append([someEvent()], once)).toMatchObject({ first: first.first, count: 1 })
    await expect(other.append([someEvent()], { ...once, request: 'another' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
  })

  it('keeps the newest notice of each key, also over its sleep', async () => {
    const notice = (scope: 'shub' | 'operator') => ({
      ...{ id: 'asked', scopes: [scope], limits: { user: 5 }, credentials: [{ mark: 'm', notAfterMs: 1 }] },
    })
    expect(await one.keyNotices.ask?.('asked')).toBeNull()
    for (const scope of ['operator', 'shub'] as const)
      await one.append([someEvent()], undefined, { keys: [notice(scope)] })
    await evictDurableObject(env.EVENTS.get(env.EVENTS.idFromName('events')))
    expect(await other.keyNotices.ask?.('asked')).toEqual(notice('shub'))
  })

  it('is asked for where it is configured to be made, and anywhere else by default', async () => {
    const hints: unknown[] = []
    const namespace = new Proxy(env.EVENTS, {
      get(target, name) {
        if (name === 'idFromName') return (id: string) => target.idFromName(id)
        return (id: DurableObjectId, options?: DurableObjectNamespaceGetDurableObjectOptions) => {
          hints.push(options)
          return target.get(id, options)
        }
      },
    })
    for (const location of ['weur', null] as const)
      await durableObjectEvents(namespace, systemClock(), location).append([someEvent()])
    expect(hints).toEqual([{ locationHint: 'weur' }, {}])
  })
})
