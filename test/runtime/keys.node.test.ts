/** Keys over two real instances: a revocation ends what the key holds open everywhere, and a kill loses no key. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { type EndlessUpstream, startEndlessUpstream } from '../support/endless-upstream.ts'
import { startFreezableRoad } from '../support/freezable-road.ts'
import { type Gateway, startNodeGateway, startWorkerIsolates } from '../support/gateways.ts'
import { startRedis } from '../support/redis.ts'
import { startSqld } from '../support/sqld.ts'
import { sseReader } from '../support/sse-reader.ts'
import { connect } from '../support/websocket-client.ts'

interface Made {
  id: string
  key: string
}

const sqld = await startSqld()
afterAll(() => sqld?.stop())

async function startNodes(env: Record<string, string>): Promise<[Gateway, Gateway]> {
  await migrateDatabase({ url: sqld?.url ?? '' })
  const shared = { ...env, VX11_DATABASE_URL: sqld?.url ?? '' }
  return Promise.all([startNodeGateway(shared), startNodeGateway(shared)])
}

async function create(gateway: Gateway, scopes = ['operator', 'shub'], headers = {}): Promise<Made> {
  const body = JSON.stringify({ name: 'runtime', scopes })
  return (await (await gateway.fetch('/operator/api/keys', { method: 'POST', headers, body })).json()) as Made
}

const revoke = (gateway: Gateway, { id }: Made) => gateway.fetch(`/operator/api/keys/${id}`, { method: 'DELETE' })

const reroll = (gateway: Gateway, { id }: Made) =>
  gateway.fetch(`/operator/api/keys/${id}/reroll`, { method: 'POST', body: '{}' })

const statusAt = async ({ url }: Gateway, { key }: Made) =>
  (await fetch(`${url}/operator/api/whoami`, { headers: { 'x-vx11-token': key } })).status

/** Everything that a key can hold open at one instance; each resolves to how it ended. */
async function holdOpen({ url }: Gateway, { key }: Made): Promise<Promise<unknown>[]> {
  const headers = { 'x-vx11-token': key }
  const events = sseReader(await fetch(`${url}/operator/api/events/stream?type=none`, { headers }))
  expect(await events.next()).toMatchObject({ comment: 'connected' })
  const proxied = sseReader(await fetch(`${url}/shub/stream`, { headers }))
  expect(await proxied.next()).toEqual({ data: 'first' })
  const own = await connect(`${url}/ws`, { headers })
  expect(JSON.parse(String(await own.next()))).toMatchObject({ type: 'connected' })
  const relayed = await connect(`${url}/shub/socket`, { headers })
  relayed.socket.send('hello')
  expect(await relayed.next()).toBe('hello')
  const lastBlock = async () => {
    for (;;) {
      const block = await events.next()
      if (block?.event === 'shutdown') return JSON.parse(block.data ?? '').reason
      if (!block) return 'without a word'
    }
  }
  const cut = proxied.next().then(
    (block) => (block === undefined ? 'cut' : block),
    () => 'cut',
  )
  return [lastBlock(), cut, own.closed, relayed.closed]
}

describe.each([
  ['two Node processes', startNodes, sqld !== null],
  ['two isolates of workerd', startWorkerIsolates, true],
] as const)('keys at %s', (_what, start, canStart) => {
  let gateways: Gateway[] = []
  let upstream: EndlessUpstream

  beforeAll(async () => {
    if (!canStart) return
    upstream = await startEndlessUpstream()
    gateways = await start({ SHUB_URL: upstream.url, LOG_LEVEL: 'warn' })
  })
  afterAll(async () => {
    for (const gateway of new Set(gateways)) await gateway.stop()
    await upstream?.close()
  }, 30_000)

  it.skipIf(!canStart)('end everywhere with what they hold open, proxied streams and sockets, too', async () => {
    const [one, two] = gateways as [Gateway, Gateway]
    const [lost, kept] = [await create(one), await create(one)]
    for (const gateway of gateways) await expect.poll(() => statusAt(gateway, lost)).toBe(200)
    const held = (await Promise.all(gateways.map((gateway) => holdOpen(gateway, lost)))).flat()
    const stays = await connect(`${two.url}/ws`, { headers: { 'x-vx11-token': kept.key } })
    await stays.next()
    expect((await revoke(one, lost)).status).toBe(200)
    const closed = [1008, 'key revoked']
    const ends = ['key_revoked', 'cut', closed, closed]
    expect(await Promise.all(held)).toEqual([...ends, ...ends])
    for (const gateway of gateways) await expect.poll(() => statusAt(gateway, lost)).toBe(403)
    await expect.poll(() => upstream.open()).toBe(0)
    expect(await statusAt(two, kept)).toBe(200)
    stays.socket.send('ping')
    expect(await stays.next()).toBe('pong')
    stays.socket.close()
  })
})

const redis = await startRedis()
afterAll(() => redis?.stop())

/** The second one's way to the database is `road`. */
async function startNodesWithHub(road: string, env: Record<string, string>): Promise<[Gateway, Gateway]> {
  await migrateDatabase({ url: sqld?.url ?? '' })
  const start = (database: string) =>
    startNodeGateway({ VX11_DATABASE_URL: database, VX11_REDIS_URL: redis?.url ?? '', ...env })
  return Promise.all([start(sqld?.url ?? ''), start(road)])
}

async function startIsolatesApart(road: string, env: Record<string, string>): Promise<[Gateway, Gateway]> {
  await migrateDatabase({ url: sqld?.url ?? '' })
  return startWorkerIsolates({ VX11_DATABASE_URL: sqld?.url ?? '', OTHER_DATABASE_URL: road, ...env })
}

describe.each([
  ['a Node process, by Redis,', startNodesWithHub, sqld !== null && redis !== null],
  ['an isolate of workerd, by the events object,', startIsolatesApart, sqld !== null],
] as const)('keys at %s whose own database is frozen', (_what, start, canStart) => {
  it.skipIf(!canStart)('end with what they hold open when they are revoked or rerolled elsewhere', async () => {
    const upstream = await startEndlessUpstream()
    const road = await startFreezableRoad(sqld?.url ?? '')
    const gateways = await start(road.url, { SHUB_URL: upstream.url, LOG_LEVEL: 'warn' })
    try {
      const [one, two] = gateways
      const [lost, rerolled, kept] = [await create(one), await create(one), await create(one)]
      for (const key of [lost, rerolled, kept]) await expect.poll(() => statusAt(two, key)).toBe(200)
      const held = (await Promise.all([holdOpen(two, lost), holdOpen(two, rerolled)])).flat()
      road.freeze()
      expect((await revoke(one, lost)).status).toBe(200)
      const { key } = (await (await reroll(one, rerolled)).json()) as Made
      const closed = [1008, 'key revoked']
      const ends = ['key_revoked', 'cut', closed, closed]
      expect(await Promise.all(held)).toEqual([...ends, ...ends])
      for (const ended of [lost, rerolled]) await expect.poll(() => statusAt(two, ended)).toBe(403)
      expect(await statusAt(two, kept)).toBe(200)
      road.thaw()
      await expect.poll(() => statusAt(two, { ...rerolled, key })).toBe(200)
      for (const ended of [lost, rerolled]) expect(await statusAt(two, ended)).toBe(403)
    } finally {
      for (const gateway of new Set(gateways)) await gateway.stop()
      await Promise.all([road.close(), upstream.close()])
    }
  })
})

describe.skipIf(!sqld)('keys of a Node process whose database freezes', () => {
  it('go on as they were known: good ones are taken, revoked ones are refused', async () => {
    await migrateDatabase({ url: sqld?.url ?? '' })
    const gateway = await startNodeGateway({ VX11_DATABASE_URL: sqld?.url ?? '', LOG_LEVEL: 'warn' })
    try {
      const [good, bad] = [await create(gateway), await create(gateway)]
      await revoke(gateway, bad)
      expect([await statusAt(gateway, good), await statusAt(gateway, bad)]).toEqual([200, 403])
      sqld?.freeze()
      for (let asked = 0; asked < 20; asked++) {
        expect([await statusAt(gateway, good), await statusAt(gateway, bad)]).toEqual([200, 403])
      }
      sqld?.thaw()
      await expect.poll(async () => (await create(gateway)).key).toBeTypeOf('string')
    } finally {
      sqld?.thaw()
      await gateway.stop()
    }
  })
})

describe('keys of a Node process that is killed again and again', () => {
  it('are made once each, with one audit and one event, when their makers ask again', async () => {
    const gateway = await startNodeGateway({ VX11_RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'warn' })
    try {
      const count = 40
      const names = Array.from({ length: count }, (_, nth) => `k-${nth}`)
      /** Asks until somebody answers. */
      const make = async (name: string): Promise<{ id: string; key: string | null }> => {
        for (;;) {
          const headers = { 'idempotency-key': name }
          const body = JSON.stringify({ name, scopes: ['operator'] })
          const answer = await gateway
            .fetch('/operator/api/keys', { method: 'POST', headers, body })
            .catch(() => undefined)
          if (answer?.status === 201) return (await answer.json()) as { id: string; key: string | null }
          await new Promise((done) => setTimeout(done, 20))
        }
      }
      const making = (async () => {
        const made = []
        for (const name of names) made.push(await make(name))
        return made
      })()
      for (let kill = 0; kill < 4; kill++) {
        await new Promise((done) => setTimeout(done, 50 + 30 * kill))
        await gateway.restart('SIGKILL')
      }
      const made = await making
      const list = (await (await gateway.fetch('/operator/api/keys?limit=200')).json()) as {
        keys: { id: string; name: string }[]
      }
      expect(list.keys.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
      const told = async (type: string) => {
        const answer = await gateway.fetch(`/operator/api/events?type=${type}&limit=1000`)
        return ((await answer.json()) as { events: unknown[] }).events.length
      }
      expect([await told('gateway.key.created'), await told('gateway.audit')]).toEqual([count, count])
      const ids = new Map(list.keys.map(({ id, name }) => [name, id]))
      for (const [nth, { id, key }] of made.entries()) {
        expect(id).toBe(ids.get(`k-${nth}`))
        if (key !== null) expect(await statusAt(gateway, { id, key })).toBe(200)
      }
    } finally {
      await gateway.stop()
    }
  })
})
