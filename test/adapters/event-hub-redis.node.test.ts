import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeRedis, redisConnection } from '../../src/adapters/redis/connection.ts'
import { eventChannel, redisEventHub } from '../../src/adapters/redis/event-hub.ts'
import type { CommitNotice, EventHub } from '../../src/ports/index.ts'
import { eventHubContract } from '../support/contracts/event-hub.ts'
import { startRedis } from '../support/redis.ts'
import { stuckMs } from '../support/stuck.ts'

const server = await startRedis()

describe.skipIf(!server)('redisEventHub', () => {
  const connections: ReturnType<typeof redisConnection>[] = []
  const connect = () => {
    const connection = redisConnection(server?.url ?? '', () => {}, stuckMs)
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
        { timeout: stuckMs },
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
    const heard: CommitNotice[] = []
    const leave = await one.subscribe((news) => heard.push(news))
    await server?.kill()
    one.publish({ newest: 5000, events: [] })
    expect(heard.map(({ newest }) => newest)).toEqual([5000])
    await server?.start()
    await bothListen()
    leave()
  })

  it('hears again when its connection had gone dumb, though it stayed open', async () => {
    const relays: Socket[] = []
    const proxy = createServer((socket) => {
      const relay = connectTo(server?.port ?? 0, '127.0.0.1')
      socket.pipe(relay).pipe(socket)
      for (const end of [socket, relay]) end.on('error', () => {})
      relays.push(relay)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    const subscriber = redisConnection(`redis://127.0.0.1:${port}`, () => {})
    const behindProxy = redisEventHub({ client: connect(), subscriber, name: 'behind', pingEveryMs: 50 })
    let heard = 0
    await behindProxy.subscribe(() => heard++)
    const hears = async () => {
      const before = heard
      await vi.waitFor(
        () => {
          one.publish({ newest: 1, events: [] })
          expect(heard).toBeGreaterThan(before)
        },
        { timeout: stuckMs },
      )
    }
    await hears()
    await wait(400)
    expect(relays.length).toBe(1)
    relays[0]?.unpipe().pause()
    await expect.poll(() => relays.length).toBe(2)
    await hears()
    await closeRedis(subscriber)
    proxy.close()
    for (const relay of relays) relay.destroy()
  })

  it('does not mind what others write on its channel', async () => {
    const heard: CommitNotice[] = []
    const leave = await one.subscribe((news) => heard.push(news))
    const stranger = connections[0]
    for (const text of [
      '',
      'x',
      'x {',
      'x null',
      'x {"newest":"1","events":[]}',
      'x {"newest":1}',
      'x {"newest":9000,"events":[],"ledger":{}}',
    ])
      await stranger?.publish(eventChannel, text)
    other.publish({ newest: 6000, events: [] })
    await expect.poll(() => heard.map(({ newest }) => newest).filter((newest) => newest !== 1)).toEqual([6000])
    leave()
  })
})
