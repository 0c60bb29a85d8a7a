import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeRedis, redisConnection } from '../../src/adapters/redis/connection.ts'
import { eventChannel, redisEventHub } from '../../src/adapters/redis/event-hub.ts'
import type { EventHub, EventNews } from '../../src/ports.ts'
import { eventHubContract } from '../support/contracts/event-hub.ts'
import { startRedis } from '../support/redis.ts'

const server = await startRedis()

describe.skipIf(!server)('redisEventHub', () => {
  const connections: ReturnType<typeof redisConnection>[] = []
  const connect = () => {
    const connection = redisConnection(server?.url ?? '', () => {})
    connections.push(connection)
    return connection
  }
  const hubOf = (name: string) => redisEventHub({ client: connect(), subscriber: connect(), name })
  let one: EventHub
  let other: EventHub

  /** Both listen when one hears the other. */
  async function bothListen(): Promise<void> {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      let heard = 0
      const leave = await to.subscribe(() => heard++)
      await vi.waitFor(
        () => {
          from.publish({ newest: 1, events: [] })
          if (heard === 0) throw new Error('not heard yet')
        },
        { timeout: 10_000 },
      )
      leave()
    }
  }

  beforeAll(async () => {
    one = hubOf('one')
    other = hubOf('other')
    await bothListen()
  })
  afterAll(async () => {
    await Promise.all(connections.map(closeRedis))
    await server?.stop()
  })

  eventHubContract('redis', () => ({ one, other }))

  it('tells its own instance while Redis is down, and the others again when it is back', async () => {
    const heard: EventNews[] = []
    const leave = await one.subscribe((news) => heard.push(news))
    await server?.kill()
    one.publish({ newest: 5000, events: [] })
    expect(heard.map(({ newest }) => newest)).toEqual([5000])
    await server?.start()
    await bothListen()
    leave()
  }, 20_000)

  it('does not mind what others write on its channel', async () => {
    const heard: EventNews[] = []
    const leave = await one.subscribe((news) => heard.push(news))
    const stranger = connections[0]
    for (const text of ['', 'x', 'x {', 'x null', 'x {"newest":"1","events":[]}', 'x {"newest":1}'])
      await stranger?.publish(eventChannel, text)
    other.publish({ newest: 6000, events: [] })
    await expect.poll(() => heard.map(({ newest }) => newest).filter((newest) => newest !== 1)).toEqual([6000])
    leave()
  })
})
