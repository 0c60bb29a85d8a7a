import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { closeRedis, redisConnection } from '../../src/adapters/redis/connection.ts'
import { redisLimiter } from '../../src/adapters/redis/limiter.ts'
import type { LimitRule } from '../../src/ports/index.ts'
import { freePort } from '../support/free-port.ts'
import { startRedis } from '../support/redis.ts'
import { stuckMs } from '../support/stuck.ts'

const server = await startRedis()
const rule: LimitRule = { name: 'outage', limit: 100, windowMs: 3_600_000 }
const leavers: Array<() => Promise<void>> = []

function connect(url = server?.url ?? '') {
  const errors: Error[] = []
  const client = redisConnection(url, (error) => errors.push(error))
  leavers.push(() => closeRedis(client))
  const becomesReady = () =>
    client.status === 'ready' ? Promise.resolve() : new Promise<void>((ready) => client.once('ready', ready))
  return { client, errors, becomesReady, limiter: redisLimiter(client) }
}

/** How long the work took to fail; fails itself when it does not. */
async function msToReject(work: unknown): Promise<number> {
  const began = performance.now()
  await expect(work).rejects.toThrow()
  return performance.now() - began
}

afterEach(async () => {
  server?.thaw()
  await Promise.all(leavers.splice(0).map((leave) => leave()))
})
afterAll(() => server?.stop())

describe.skipIf(!server)('Redis in trouble', () => {
  it('rejects fast while the server is gone, and works again once it is back, with the full allowance', async () => {
    const { limiter, errors, becomesReady, client } = connect()
    await becomesReady()
    for (let request = 0; request < 60; request++) await limiter.take('key', rule)
    await server?.kill()
    expect(await msToReject(limiter.take('key', rule))).toBeLessThan(stuckMs)
    expect(await msToReject(limiter.peek('key', rule))).toBeLessThan(stuckMs)
    expect(await msToReject(limiter.ping())).toBeLessThan(stuckMs)
    await new Promise((reconnecting) => client.once('connecting', reconnecting))
    expect(await msToReject(limiter.take('key', rule))).toBeLessThan(stuckMs)

    await server?.start()
    await becomesReady()
    const verdicts = await Promise.all(Array.from({ length: 150 }, () => limiter.take('key', rule)))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(100)
    expect(errors.length).toBeLessThanOrEqual(1)
  })

  it('does not repeat what was under way when the connection broke', async () => {
    const { limiter, becomesReady, client } = connect()
    const other = connect()
    await Promise.all([becomesReady(), other.becomesReady()])
    await limiter.take('repeated', rule)
    const underWay = limiter.take('repeated', rule)
    client.stream.destroy()
    await expect(underWay).rejects.toThrow()
    await new Promise((ready) => client.once('ready', ready))
    expect((await limiter.peek('repeated', rule)).remaining).toBeGreaterThanOrEqual(98)
  })

  it('waits for a server that hangs once, then fails at once until it answers again', async () => {
    const { limiter, client, becomesReady } = connect()
    await becomesReady()
    await limiter.take('hung', rule)
    server?.freeze()
    const waits = await Promise.all(Array.from({ length: 50 }, () => msToReject(limiter.take('hung', rule))))
    expect(Math.max(...waits)).toBeLessThan(stuckMs)
    await new Promise((dropped) => setImmediate(dropped))
    expect(await msToReject(limiter.take('hung', rule))).toBeLessThan(stuckMs)
    server?.thaw()
    await new Promise<void>((ready) => client.once('ready', () => ready()))
    expect(await limiter.take('hung', rule)).toMatchObject({ allowed: true })
  })

  it('keeps its connection when our own process was the one that stalled', async () => {
    const { limiter, client, becomesReady } = connect()
    await becomesReady()
    const socket = client.stream
    server?.freeze()
    const takes = [limiter.take('stalled', rule), limiter.take('stalled', rule)].map(msToReject)
    await new Promise((sent) => setImmediate(sent))
    server?.thaw()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
    await Promise.all(takes)
    await new Promise((polled) => setImmediate(polled))
    expect(await limiter.take('stalled', rule)).toMatchObject({ allowed: true })
    expect(client.stream).toBe(socket)
  })

  it('reports an outage once, not every attempt, and a later one again', async () => {
    const { errors, becomesReady, client } = connect()
    await becomesReady()
    for (const outage of [1, 2]) {
      await server?.kill()
      for (let attempt = 0; attempt < 3; attempt++) await new Promise((close) => client.once('close', close))
      expect(errors).toHaveLength(outage)
      await server?.start()
      await becomesReady()
    }
  })

  it('starts without a server and finds it later', async () => {
    await server?.kill()
    const { limiter, errors, becomesReady } = connect()
    expect(await msToReject(limiter.take('early', rule))).toBeLessThan(stuckMs)
    await expect.poll(() => errors.length).toBe(1)
    await server?.start()
    await becomesReady()
    expect(await limiter.take('early', rule)).toMatchObject({ allowed: true })
  })

  it('closes without waiting, whatever state it is in', async () => {
    const open = connect()
    await open.becomesReady()
    await closeRedis(open.client)
    await closeRedis(open.client)
    await expect(open.limiter.take('closed', rule)).rejects.toThrow()
    const lost = connect(`redis://127.0.0.1:${await freePort()}`)
    await closeRedis(lost.client)
    await expect.poll(() => lost.client.status).toBe('end')
    expect([open.errors, lost.errors.length <= 1]).toEqual([[], true])
  })

  it('speaks TLS to rediss:// and refuses a certificate that nobody signed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vx11-tls-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    const port = await freePort()
    const secure = await startRedis([
      '--tls-port',
      `${port}`,
      '--tls-cert-file',
      cert,
      '--tls-key-file',
      key,
      '--tls-auth-clients',
      'no',
    ])
    const url = `rediss://127.0.0.1:${port}`

    const stranger = connect(url)
    await expect.poll(() => stranger.errors.map(String)).toEqual([expect.stringMatching(/self.signed/)])
    const trusted = tls.getCACertificates()
    tls.setDefaultCACertificates([...trusted, readFileSync(cert, 'utf8')])
    const friend = connect(url)
    await friend.becomesReady()
    expect(await friend.limiter.take('secret', rule)).toMatchObject({ allowed: true, remaining: 99 })

    tls.setDefaultCACertificates(trusted)
    await Promise.all(leavers.splice(0).map((leave) => leave()))
    await secure?.stop()
    rmSync(folder, { recursive: true })
  })
})
