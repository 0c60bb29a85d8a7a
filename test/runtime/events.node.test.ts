/** The stream of events through the real entries: both runtimes, two instances, and a process that is killed. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { type Acknowledged, follower, postEvents, tellAll } from '../support/event-load.ts'
import { type Gateway, startNodeGateway, startWorkerGateway } from '../support/gateways.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { type Sqld, startSqld } from '../support/sqld.ts'
import { idsIn, sseReader } from '../support/sse-reader.ts'
import { stuckMs } from '../support/stuck.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const stream = '/operator/api/events/stream'
/** Without what the gateway tells of itself, such as its maintenance. */
const posts = `${stream}?type=test`
const env = { VX11_RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'warn' }

const post = async (gateway: Gateway, payload: object, headers: Record<string, string> = {}) => {
  const body = JSON.stringify({ source: 'test', type: 'test', payload })
  const response = await gateway.fetch('/events/ingest', { method: 'POST', headers, body })
  return (await response.json()) as { stream_id: number; error?: string }
}

describe.each([
  ['Node', startNodeGateway],
  ['workerd', startWorkerGateway],
] as const)('events on %s', (_runtime, startGateway) => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway(env)
    await untilReady(gateway)
  })
  afterAll(() => gateway?.stop(), 30_000)

  it('come to every reader once, live and after a return', async () => {
    const readers = await Promise.all(Array.from({ length: 5 }, async () => sseReader(await gateway.fetch(posts))))
    for (const reader of readers) expect(await reader.next()).toMatchObject({ comment: 'connected' })
    const posted = await Promise.all(Array.from({ length: 20 }, (_, nth) => post(gateway, { nth })))
    const ids = posted.map(({ stream_id }) => stream_id).toSorted((a, b) => a - b)
    for (const reader of readers) {
      const told: number[] = []
      while (told.length < 20) told.push(...idsIn(await reader.message()))
      expect(told).toEqual(ids)
      await reader.cancel()
    }
    const back = sseReader(await gateway.fetch(stream, { headers: { 'last-event-id': String(ids[9]) } }))
    const missed: number[] = []
    while (missed.length < 10) missed.push(...idsIn(await back.message()))
    expect(missed).toEqual(ids.slice(10))
    await back.cancel()
  })

  it('are stored once under a key, and stand in an intact ledger', async () => {
    const key = { 'idempotency-key': 'runtime' }
    const twins = await Promise.all(Array.from({ length: 5 }, () => post(gateway, {}, key)))
    expect(new Set(twins.map(({ stream_id }) => stream_id)).size).toBe(1)
    expect(await post(gateway, { other: true }, key)).toMatchObject({ error: 'idempotency_key_reused' })
    const verdict = await (await gateway.fetch('/operator/api/ledger/verify')).json()
    expect(verdict).toMatchObject({ status: 'intact', broken: null })
  })

  it('open with a ticket, and answer HEAD', async () => {
    const ticket = (await (await gateway.fetch('/operator/api/events/sse-token', { method: 'POST' })).json()) as {
      sse_token: string
    }
    const opened = await fetch(`${gateway.url}${stream}?token=${ticket.sse_token}`)
    expect(opened.headers.get('content-type')).toContain('text/event-stream')
    await opened.body?.cancel()
    const head = await gateway.fetch(stream, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  })
})

describe('a Node instance that ends', () => {
  it('tells its readers their last id', async () => {
    const gateway = await startNodeGateway(env)
    await untilReady(gateway)
    const reader = sseReader(await gateway.fetch(stream))
    await reader.next()
    const { stream_id } = await post(gateway, {})
    expect(idsIn(await reader.message())).toEqual([stream_id])
    const stopped = gateway.stop()
    expect(await reader.message()).toMatchObject({ event: 'shutdown', id: String(stream_id) })
    expect(await reader.next()).toBeUndefined()
    await stopped
  })
})

describe('two Node instances with Redis and a libSQL server', () => {
  let sqld: Sqld | null
  let redis: RedisServer | null
  let gateways: Gateway[] = []
  beforeAll(async () => {
    ;[sqld, redis] = await Promise.all([startSqld(), startRedis()])
    if (!sqld || !redis) return
    await migrateDatabase(sqld)
    const shared = { ...env, VX11_DATABASE_URL: sqld.url, VX11_REDIS_URL: redis.url }
    gateways = await Promise.all([startNodeGateway(shared), startNodeGateway(shared)])
    for (const gateway of gateways) await untilReady(gateway)
  })
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    await Promise.all([sqld?.stop(), redis?.stop()])
  })

  it('tell readers of either what is posted to both, once and in one order', async ({ skip }) => {
    const [one, other] = gateways
    if (!one || !other) return skip()
    const readers = await Promise.all([one, other].map(async (gateway) => sseReader(await gateway.fetch(posts))))
    for (const reader of readers) await reader.next()
    const posted: number[] = []
    const told: number[][] = [[], []]
    for (let nth = 0; nth < 20; nth++) {
      const answers = await Promise.all([one, other, one, other].map((gateway) => post(gateway, {})))
      posted.push(...answers.map(({ stream_id }) => stream_id))
      for (const [index, reader] of readers.entries()) {
        const seen = told[index] ?? []
        while (seen.length < posted.length) seen.push(...idsIn(await reader.message()))
        expect(seen).toEqual(posted.toSorted((a, b) => a - b))
      }
    }
    for (const reader of readers) await reader.cancel()
  })

  it('lose nothing of what both store while Redis dies and comes back, and tell nothing twice', async ({ skip }) => {
    const [one, other] = gateways
    if (!one || !other || !redis) return skip()
    const { acknowledged, told } = await tellAll([one.url, other.url], 3, async ({ more, told }) => {
      await more(30)
      await redis?.kill()
      await more(30)
      await told()
      await redis?.start()
      await more(30)
    })
    // Ids have no gaps, so that every one of them is an event.
    const all = Array.from({ length: Math.max(...acknowledged.map(({ id }) => id)) }, (_, index) => index + 1)
    expect(told).toEqual([all, all])
    expect(new Set(acknowledged.map(({ id }) => id)).size).toBe(acknowledged.length)
    const verdict = await (await one.fetch('/operator/api/ledger/verify')).json()
    expect(verdict).toMatchObject({ status: 'intact' })
    expect((verdict as { linked: number }).linked).toBeGreaterThanOrEqual(all.length)
  })
})

describe('a Node process that is killed while it stores', () => {
  it('has every acknowledged event once, an intact ledger, and readers that miss nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'events-killed-'))
    const database = `file:${join(folder, 'vx11.db')}`
    const acknowledged: Acknowledged[] = []
    const reading = follower()
    let names = 0
    for (let kill = 0; kill < 3; kill++) {
      const gateway = await startNodeGateway({ ...env, VX11_DATABASE_URL: database })
      await untilReady(gateway)
      const followed = reading.follow(gateway.url)
      let dead = false
      const enough = acknowledged.length + 100 + 37 * kill
      const posting = Array.from({ length: 16 }, () =>
        postEvents(
          gateway.url,
          () => `event-${names++}`,
          () => dead,
          (event) => {
            acknowledged.push(event)
            if (acknowledged.length === enough) dead = gateway.process.kill('SIGKILL')
          },
        ),
      )
      await Promise.all([...posting, followed])
      await gateway.stop()
    }
    const gateway = await startNodeGateway({ ...env, VX11_DATABASE_URL: database })
    await untilReady(gateway)
    const followed = reading.follow(gateway.url)
    const stored = new Map<number, string>()
    let next: number | null = 999_999_999
    while (next !== null) {
      const page = (await (
        await gateway.fetch(`/operator/api/events?limit=1000&type=load&before=${next}`)
      ).json()) as Page
      for (const { stream_id, payload } of page.events) stored.set(stream_id, payload.name)
      next = page.next
    }
    for (const { id, name } of acknowledged) expect(stored.get(id)).toBe(name)
    expect(new Set(stored.values()).size).toBe(stored.size)
    const fromFirst = [...stored.keys()].toSorted((a, b) => a - b).filter((id) => id >= (reading.ids[0] ?? 0))
    await expect.poll(() => reading.ids.filter((id) => stored.has(id))).toEqual(fromFirst)
    await gateway.stop()
    await followed
    const { stdout } = await promisify(execFile)(
      join(root, 'node_modules/.bin/node'),
      ['dist/tentaculo.js', 'db', 'verify-ledger'],
      {
        cwd: root,
        env: { ...process.env, VX11_DATABASE_URL: database },
      },
    )
    expect(stdout).toContain('intact')
    await rm(folder, { recursive: true, force: true })
  })
})

const untilReady = (gateway: Gateway) =>
  vi.waitFor(
    async () => {
      const { status } = await gateway.fetch('/readyz')
      if (status !== 200) throw new Error(`${status}`)
    },
    { timeout: stuckMs },
  )

interface Page {
  events: { stream_id: number; payload: { name: string } }[]
  next: number | null
}
