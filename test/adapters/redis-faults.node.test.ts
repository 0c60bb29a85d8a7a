/** Redis that answers and refuses, freezes, or is another database than configured: seen, stood in for, healed. */
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { redisStores } from '../../src/entry/node/redis-stores.ts'
import type { LimitRule, Log } from '../../src/ports/index.ts'
import { freePort } from '../support/free-port.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

const server = await startRedis()
const rule: LimitRule = { name: 'faults', limit: 3, windowMs: 3_600_000 }
const leavers: Array<() => Promise<unknown>> = []

afterEach(async () => {
  for (const leave of leavers.splice(0).reverse()) await leave()
})

afterAll(() => server?.stop())

/** Speaks to the server as its administrator. */
async function administer(target: RedisServer, ...commands: string[][]): Promise<void> {
  const client = new Redis(target.url)
  for (const [name = '', ...args] of commands) await client.call(name, ...args)
  client.disconnect()
}

/** A busy machine may take its time, but where the time itself is what is tested. */
function storesOn(url: string, timeoutMs?: number) {
  const lines: [event: string, fields: object | undefined][] = []
  const line = (event: string, fields?: object) => void lines.push([event, fields])
  const log: Log = { debug: line, info: line, warn: line, error: line }
  const stores = redisStores(url, systemClock(), log, timeoutMs ?? 10_000)
  leavers.push(() => stores.close())
  const fault = () =>
    stores.readiness.redis().then(
      () => null,
      (error: { fault?: string }) => error.fault,
    )
  const shared = () => expect.poll(fault).toBeNull()
  return { ...stores, lines, fault, shared }
}

const takes = async ({ limiter }: ReturnType<typeof storesOn>, key: string, count: number) => {
  const verdicts = []
  for (let i = 0; i < count; i++) verdicts.push(await limiter.take(key, rule))
  return verdicts
}

const faults: [fault: string, begin: string[][], end: string[][]][] = [
  ['read_only', [['REPLICAOF', '127.0.0.1', '1']], [['REPLICAOF', 'NO', 'ONE']]],
  ['out_of_memory', [['CONFIG', 'SET', 'maxmemory', '1']], [['CONFIG', 'SET', 'maxmemory', '0']]],
  ['no_permission', [['ACL', 'SETUSER', 'default', '-set']], [['ACL', 'SETUSER', 'default', '+@all']]],
]

describe.skipIf(!server)('Redis that answers and refuses writes', () => {
  it.each(faults)('%s: is seen by its word, stood in for, and healed without a restart', async (fault, begin, end) => {
    const stores = storesOn(server?.url ?? '')
    await stores.shared()
    stores.lines.length = 0
    const others = [stores.limiter.isUnavailable?.(), (await takes(stores, `${fault}-before`, 1))[0]?.fallback]
    expect(others).toEqual([false, undefined])
    await administer(server as RedisServer, ...begin)
    leavers.push(() => administer(server as RedisServer, ...end))
    const verdicts = await takes(stores, fault, 5)
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false])
    expect(verdicts.every(({ fallback }) => fallback)).toBe(true)
    expect(await stores.fault()).toBe(fault)
    expect(stores.limiter.isUnavailable?.()).toBe(true)
    expect(await stores.cache.read('anything')).toBeNull()

    await administer(server as RedisServer, ...end)
    await expect.poll(() => stores.limiter.isUnavailable?.()).toBe(false)
    expect((await takes(stores, `${fault}-after`, 1))[0]).toMatchObject({ allowed: true, remaining: 2 })
    const began = stores.lines.filter(([event]) => event === 'redis_unavailable')
    expect(began.length).toBeGreaterThanOrEqual(1)
    expect(began.length).toBeLessThanOrEqual(4)
    expect(stores.lines.filter(([event]) => event === 'redis_available_again')).toEqual([
      ['redis_available_again', { count: expect.any(Number) }],
    ])
  })

  it('cannot_persist: is seen by its word, and ends when snapshots are not asked for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'redis-disk-'))
    const snapshots = await startRedis(['--dir', folder])
    leavers.push(async () => snapshots?.stop())
    const stores = storesOn(snapshots?.url ?? '')
    await stores.shared()
    await rm(folder, { recursive: true })
    await administer(snapshots as RedisServer, ['CONFIG', 'SET', 'save', '3600 1'], ['BGSAVE'])
    await expect.poll(() => stores.fault()).toBe('cannot_persist')
    expect((await takes(stores, 'snapshots', 1))[0]).toMatchObject({ allowed: true, fallback: true })
    await administer(snapshots as RedisServer, ['CONFIG', 'SET', 'save', ''])
    await stores.shared()
  })

  it('is seen without any request', async () => {
    const stores = storesOn(server?.url ?? '')
    await stores.shared()
    await administer(server as RedisServer, ['CONFIG', 'SET', 'maxmemory', '1'])
    leavers.push(() => administer(server as RedisServer, ['CONFIG', 'SET', 'maxmemory', '0']))
    await expect.poll(() => stores.limiter.isUnavailable?.()).toBe(true)
  })
})

describe.skipIf(!server)('a failover', () => {
  it('is followed by a new connection, though the old one still answers', async () => {
    const replica = await startRedis()
    leavers.push(async () => replica?.stop())
    await administer(replica as RedisServer, ['REPLICAOF', '127.0.0.1', '1'])
    const name = await movingName(replica?.port ?? 0)
    const stores = storesOn(`redis://127.0.0.1:${name.port}`)
    await expect.poll(() => stores.fault()).toBe('read_only')
    name.leadTo(server?.port ?? 0)
    await expect.poll(() => stores.limiter.isUnavailable?.()).toBe(false)
    expect((await takes(stores, 'failover', 1))[0]?.fallback).toBeUndefined()
  })
})

describe.skipIf(!server)('a database number that the server does not have', () => {
  it('is said, and nothing is written into another database', async () => {
    await administer(server as RedisServer, ['FLUSHALL'])
    const stores = storesOn(`${server?.url}/99`)
    await expect.poll(() => stores.fault()).toBe('wrong_database')
    await stores.cache.write('key', { value: 1 }, 60_000)
    expect((await takes(stores, 'wrong', 1))[0]).toMatchObject({ allowed: true, fallback: true })
    const client = new Redis(server?.url ?? '')
    leavers.push(async () => client.disconnect())
    expect(await client.dbsize()).toBe(0)
  })

  it('is used when the server has it', async () => {
    const stores = storesOn(`${server?.url}/3`)
    await stores.shared()
    await takes(stores, 'third', 1)
    const client = new Redis(`${server?.url}/3`)
    leavers.push(async () => client.disconnect())
    expect(await client.keys('vx11:limit:*third*')).toHaveLength(1)
  })
})

describe.skipIf(!server)('a frozen Redis', () => {
  it('costs one wait, then none until it answers again', async () => {
    const stores = storesOn(server?.url ?? '', 250)
    await stores.shared()
    server?.freeze()
    leavers.push(async () => server?.thaw())
    expect((await takes(stores, 'frozen', 1))[0]?.fallback).toBe(true)
    // Synchronous but for a microtask: no timer can have run between the call and the verdict.
    let waited = false
    setImmediate(() => {
      waited = true
    })
    const verdicts = await takes(stores, 'frozen', 4)
    expect(await stores.cache.read('anything')).toBeNull()
    expect(waited).toBe(false)
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, true, false, false])
    server?.thaw()
    await expect.poll(() => stores.limiter.isUnavailable?.()).toBe(false)
  })
})

/** One port that leads to one server and later to another, as a name does; connections that are open stay. */
async function movingName(target: number) {
  let current = target
  const sockets = new Set<net.Socket>()
  const proxy = net.createServer((socket) => {
    const upstream = net.connect(current, '127.0.0.1')
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end.on('error', () => {})
      end.on('close', () => [socket, upstream].forEach((each) => void each.destroy()))
    }
    socket.pipe(upstream).pipe(socket)
  })
  const port = await freePort()
  await new Promise<void>((listening) => proxy.listen(port, '127.0.0.1', listening))
  leavers.push(async () => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  return {
    port,
    leadTo: (next: number) => {
      current = next
    },
  }
}
