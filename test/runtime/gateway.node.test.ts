/** The same questions to the real Node server and to the real Worker, in front of real simulated upstreams. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, runtimes, startDevWorker, token } from '../support/gateways.ts'
import { isGatewaysOwn } from '../support/own-questions.ts'
import { startMadre } from '../support/simulators/madre.ts'
import { startShub } from '../support/simulators/shub.ts'
import type { Simulator } from '../support/simulators/simulator.ts'

describe.each(runtimes)('the gateway on %s', (runtime, startGateway) => {
  let gateway: Gateway
  let madre: Simulator
  let shub: Simulator

  beforeAll(async () => {
    madre = await startMadre({ token })
    shub = await startShub({ token })
    gateway = await startGateway({
      MADRE_URL: madre.url,
      SHUB_URL: shub.url,
      SWITCH_URL: `http://127.0.0.1:${await freePort()}`,
      VX11_RATE_LIMIT_PROTECTED: '1000',
      VX11_UPSTREAM_HEADERS: '{"shub":{"CF-Access-Client-Id":"it\'s me"}}',
      VX11_MAX_BODY_BYTES: String(16 * 2 ** 20),
    })
  })
  afterAll(async () => {
    await Promise.all([gateway?.stop(), madre?.close(), shub?.close()])
  })

  it('is healthy and ready', async () => {
    expect(await (await fetch(`${gateway.url}/health`)).json()).toEqual({
      status: 'ok',
      module: 'tentaculo_link',
      version: '7.0',
    })
    const ready = await fetch(`${gateway.url}/readyz`)
    expect(await ready.json()).toMatchObject({ status: 'ready', checks: { database: { ok: true } } })
  })

  it('serves shub’s health from the upstream once, then from the cache', async () => {
    const first = await fetch(`${gateway.url}/shub/health`, { headers: { 'x-correlation-id': 'c-1' } })
    expect(first.headers.get('x-cache')).toBe('MISS')
    expect(await first.json()).toMatchObject({ status: 'ok', module: 'shubniggurath', correlation_id: 'c-1' })
    const second = await fetch(`${gateway.url}/shub/health`, { headers: { 'x-correlation-id': 'c-2' } })
    expect(second.headers.get('x-cache')).toBe('HIT')
    expect(await second.json()).toMatchObject({ correlation_id: 'c-2' })
    const cleared = await gateway.fetch('/shub/cache/clear', { method: 'POST' })
    expect(await cleared.json()).toMatchObject({ status: 'cleared', keys_deleted: 1 })
  })

  it('asks for a token, then gives shub’s own answer', async () => {
    await expectProblem(await fetch(`${gateway.url}/shub/status`), 'forbidden')
    const response = await gateway.fetch('/shub/status', { headers: { 'x-correlation-id': 'c-3' } })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ health: { status: 'operational' } })
    const asked = shub.requests.findLast(({ path }) => path === '/status')
    const sent = asked?.headers.map(([name]) => name.toLowerCase()) ?? []
    expect(sent.filter((name) => name === 'x-correlation-id')).toHaveLength(1)
    expect(sent.filter((name) => name === 'x-vx11-token')).toHaveLength(1)
    expect(asked?.headers).toContainEqual(['cf-access-client-id', "it's me"])
  })

  it('sums VX11 up as it is', async () => {
    const status = (await (await fetch(`${gateway.url}/vx11/status`)).json()) as Record<string, unknown>
    expect(status).toMatchObject({
      status: 'ok',
      mode: 'solo_madre',
      madre_available: true,
      switch_available: false,
      modules: { shub: { status: 'ok' }, switch: { status: 'off_by_policy' }, hermes: { status: 'dormant' } },
    })
  })

  it.each([1, 1000, 65_536, 65_537, 8 * 2 ** 20])('streams %i bytes to shub and back unharmed', async (size) => {
    const body = Buffer.alloc(size, 'abcdefg')
    const response = await gateway.fetch('/shub/echo', { method: 'POST', body })
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
  })

  it('hands events on as they come', async () => {
    const response = await gateway.fetch('/shub/sse')
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toMatch(/^(data|id|event|retry):/)
    await reader?.cancel()
  })

  it('refuses a body over the limit, declared or not', async () => {
    const tooLarge = 16 * 2 ** 20 + 1
    expect(await declareBody(gateway.url, tooLarge)).toBe(413)
    const outcome = await sendChunked(gateway, tooLarge)
    expect([413, 'broken off']).toContain(outcome)
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200)
  })

  it('answers HEAD, unknown paths and wrong methods', async () => {
    const head = await fetch(`${gateway.url}/health`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    await expectProblem(await fetch(`${gateway.url}/nowhere`), 'not_found')
    const wrong = await fetch(`${gateway.url}/health`, { method: 'POST' })
    expect(wrong.headers.get('allow')).toBe('GET, HEAD')
    await expectProblem(wrong, 'method_not_allowed')
  })

  it('answers no bad input with 500', async () => {
    const asked = () => shub.requests.filter(({ path }) => !isGatewaysOwn(path)).length
    const before = asked()
    for (const target of [
      '/shub/a%2fb',
      '/shub/a%5cb',
      '/shub/a%00',
      '/shub/%0d%0ax',
      '/%',
      '/shub/%zz',
      '/%ff',
      '/a%c0%ae',
    ]) {
      const status = await rawStatus(gateway.url, target)
      expect([400, 404], target).toContain(status)
    }
    expect(asked()).toBe(before)
  })

  it('says that shub is down when it is', async () => {
    await gateway.fetch('/shub/cache/clear', { method: 'POST' })
    shub.misbehave({ kind: 'reset' })
    try {
      const body = await expectProblem(await fetch(`${gateway.url}/shub/health`), 'shub_unavailable')
      expect(body.detail).toBe('Audio engine service is temporarily unavailable')
    } finally {
      shub.misbehave(null)
    }
    expect((await fetch(`${gateway.url}/shub/health`)).status).toBe(200)
  })

  it('describes itself', async () => {
    const document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as { openapi: string; paths: object }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toContain('/shub/health')
    expect(await (await fetch(`${gateway.url}/docs`)).text()).toContain('getShubHealth')
  })

  it('writes JSON lines without the token', () => {
    const lines = gateway.output().split('\n')
    const requests = lines.filter((line) => line.includes('"event":"request"'))
    expect(requests.length, runtime).toBeGreaterThan(5)
    for (const line of requests) expect(JSON.parse(line.slice(line.indexOf('{')))).toHaveProperty('correlation_id')
    expect(requests.join('\n')).not.toContain(token)
  })
})

describe('npm run dev:worker', () => {
  it('leaves no door of the runtime open: neither SQL, nor cron, nor a caller’s own address', async () => {
    const gateway = await startDevWorker({ VX11_RATE_LIMIT_IP: '20' })
    try {
      const explorer = await fetch(`${gateway.url}/cdn-cgi/local/explorer/api/d1/database`)
      expect([explorer.status, await explorer.json()]).toMatchObject([404, { error: 'not_found' }])
      expect((await fetch(`${gateway.url}/cdn-cgi/local/scheduled`)).status).toBe(500)
      const statuses = new Set<number>()
      for (let i = 0; i < 40; i++) {
        const headers = { 'cf-connecting-ip': `192.0.2.${i}` }
        statuses.add((await fetch(`${gateway.url}/vx11/overview`, { headers })).status)
      }
      expect(statuses).toEqual(new Set([401, 429]))
    } finally {
      await gateway.stop()
    }
  })
})

describe.each(runtimes)('the allowance on %s', (_runtime, startGateway) => {
  it('lets exactly 100 of 150 concurrent protected requests through, and says when to come back', async () => {
    const shub = await startShub({ token })
    const gateway = await startGateway({ SHUB_URL: shub.url })
    try {
      const startedAt = Date.now()
      const answers = await Promise.all(Array.from({ length: 150 }, () => gateway.fetch('/shub/status')))
      // One more is due for every 600 ms that the burst took.
      const refilled = Math.floor((Date.now() - startedAt) / 600)
      const passed = answers.filter(({ status }) => status !== 429).length
      expect(passed).toBeGreaterThanOrEqual(100)
      expect(passed).toBeLessThanOrEqual(100 + refilled)
      const refused = answers.find(({ status }) => status === 429)
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      // A busy machine makes the gateway try one again, under the same correlation id.
      const asked = shub.requests.filter(({ path }) => path === '/status')
      const idOf = ({ headers }: (typeof asked)[number]) =>
        headers.find(([name]) => name.toLowerCase() === 'x-correlation-id')?.[1]
      expect(new Set(asked.map(idOf)).size).toBe(passed)
    } finally {
      await Promise.all([gateway.stop(), shub.close()])
    }
  })
})

/** The status; `broken off` when the gateway closed the connection while the body was still being sent. */
async function sendChunked(gateway: Gateway, length: number): Promise<number | 'broken off'> {
  let sent = 0
  const body = new ReadableStream({
    pull(controller) {
      if (sent >= length) return controller.close()
      sent += 2 ** 20
      controller.enqueue(new Uint8Array(2 ** 20))
    },
  })
  try {
    const response = await gateway.fetch('/shub/echo', { method: 'POST', body, duplex: 'half' } as RequestInit)
    await response.arrayBuffer()
    return response.status
  } catch {
    return 'broken off'
  }
}

/** Sends the head alone: the answer must not wait for the body. */
function declareBody(url: string, length: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-vx11-token': token, 'content-length': String(length) }
    let status = 0
    const sending = request(`${url}/shub/echo`, { method: 'POST', headers }, (response) => {
      status = response.statusCode ?? 0
      resolve(status)
      sending.destroy()
    })
    sending.on('error', (error) => status || reject(error))
    sending.flushHeaders()
  })
}

/** Sends the target as it is; fetch would normalise it. */
function rawStatus(url: string, target: string): Promise<number> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: target, headers: { 'x-vx11-token': token } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}
