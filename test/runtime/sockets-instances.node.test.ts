/** /ws over two Node instances that share a Redis and a libSQL server, and readers that are slow for real. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { type Gateway, residentMiB, startNodeGateway, startWorkerGateway } from '../support/gateways.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { alert } from '../support/socket-hall.ts'
import { type Sqld, startSqld } from '../support/sqld.ts'
import { stuckMs } from '../support/stuck.ts'
import { type Client, connect } from '../support/websocket-client.ts'

const nextJson = async ({ next }: Pick<Client, 'next'>) => JSON.parse(String(await next()))

const [redis, sqld] = [await startRedis(), await startSqld()]

afterAll(async () => {
  await Promise.all([redis?.stop(), sqld?.stop()])
})

describe.skipIf(!redis || !sqld)('two instances', () => {
  let gateways: Gateway[] = []

  beforeAll(async () => {
    await migrateDatabase(sqld as Sqld)
    const env = { VX11_REDIS_URL: (redis as RedisServer).url, VX11_DATABASE_URL: (sqld as Sqld).url }
    gateways = await Promise.all([startNodeGateway(env), startNodeGateway(env)])
    const isReady = async (url: string) => expect((await fetch(`${url}/readyz`)).status).toBe(200)
    for (const { url } of gateways) await vi.waitFor(() => isReady(url), stuckMs)
  })
  afterAll(async () => {
    await Promise.all(gateways.map((each) => each.stop()))
  })

  it('tell the sockets of both what either stores, each event once and in one order', async () => {
    const clients = await Promise.all(gateways.map(({ url }) => connect(`${url}/ws?client_id=same`)))
    // The name is the same on both: they are told apart all the same.
    for (const client of clients) expect(await nextJson(client)).toMatchObject({ client_id: 'same' })
    const listeners = await Promise.all(gateways.map(({ url }) => connect(`${url}/ws?client_id=listener`)))
    for (const listener of listeners) await listener.next()
    for (let n = 0; n < 25; n++)
      for (const [i, { socket }] of clients.entries()) socket.send(JSON.stringify(alert(`${i}-${n}`)))
    const heard = await Promise.all(
      listeners.map(async (listener) => {
        const frames: { alert_id: string; stream_id: number }[] = []
        while (frames.length < 50) frames.push(await nextJson(listener))
        return frames
      }),
    )
    const ids = heard.map((frames) => frames.map(({ stream_id }) => stream_id))
    expect(ids[0]).toEqual(ids[1])
    expect(ids[0]).toEqual([...new Set(ids[0])].toSorted((a, b) => a - b))
    expect(new Set(heard[0]?.map(({ alert_id }) => alert_id)).size).toBe(50)
    for (const { socket } of [...clients, ...listeners]) socket.close()
  })

  it('lose nothing while Redis is away: sockets are told from the database', async () => {
    const [one, other] = gateways
    const listener = await connect(`${other?.url}/ws`)
    await listener.next()
    await redis?.kill()
    const sender = await connect(`${one?.url}/ws`)
    await sender.next()
    for (let n = 0; n < 5; n++) sender.socket.send(JSON.stringify(alert(`away-${n}`)))
    const heard: string[] = []
    while (heard.length < 5) heard.push((await nextJson(listener)).alert_id)
    expect(heard).toEqual(['away-0', 'away-1', 'away-2', 'away-3', 'away-4'])
    await redis?.start()
    for (const { socket } of [sender, listener]) socket.close()
  })
})

describe.each([
  ['Node', startNodeGateway],
  ['workerd', startWorkerGateway],
] as const)('a reader that stops reading on %s', (runtime, startGateway) => {
  it('harms nobody, and hears everything when it goes on', async () => {
    const gateway = await startGateway({ VX11_RATE_LIMIT_USER: '100000' })
    try {
      const [slow, fast] = [await connect(`${gateway.url}/ws?type=bulk`), await connect(`${gateway.url}/ws?type=bulk`)]
      for (const client of [slow, fast]) await client.next()
      slow.socket.pause()
      const sent: number[] = []
      // workerd notices a silent reader by 16 MB of its own.
      for (let batch = 0; batch < (runtime === 'Node' ? 8 : 20); batch++) {
        sent.push(...(await ingestBulk(gateway, 400)))
        fast.socket.send('ping')
      }
      expect(await hear(fast, sent.length)).toEqual(sent)
      if (runtime === 'Node') expect(await residentMiB(gateway.process.pid ?? 0)).toBeLessThan(256)
      slow.socket.resume()
      if (runtime === 'Node') expect(await hear(slow, sent.length)).toEqual(sent)
      else expect(await hearAgainAndAgain(gateway, slow, sent.length)).toEqual(sent)
      for (const { socket } of [slow, fast]) socket.close()
    } finally {
      await gateway.stop()
    }
  })
})

async function ingestBulk(gateway: Gateway, count: number): Promise<number[]> {
  const items = Array.from({ length: count }, () => ({ source: 's', type: 'bulk', payload: { x: 'x'.repeat(2000) } }))
  const response = await gateway.fetch('/events/ingest/batch', { method: 'POST', body: JSON.stringify(items) })
  const { results } = (await response.json()) as { results: { stream_id: number }[] }
  return results.map(({ stream_id }) => stream_id)
}

async function hear(client: Client, count: number): Promise<number[]> {
  const ids: number[] = []
  while (ids.length < count) {
    const text = String(await client.next())
    if (text !== 'pong') ids.push(JSON.parse(text).stream_id)
  }
  return ids
}

/** workerd cannot tell what is unread: there a silent reader is sent away, and comes back with its last id. */
async function hearAgainAndAgain(gateway: Gateway, first: Client, count: number): Promise<number[]> {
  const ids: number[] = []
  let client = first
  while (ids.length < count) {
    const text = await client.next().catch(() => null)
    const frame = JSON.parse(String(text))
    if (frame?.channel === 'event') ids.push(frame.stream_id)
    if (text !== null) continue
    expect((await client.closed)[0]).toBe(1013)
    client = await connect(`${gateway.url}/ws?type=bulk&since=${ids.at(-1)}`)
  }
  expect(client).not.toBe(first)
  client.socket.close()
  return ids
}
