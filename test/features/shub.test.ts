import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { cachedReads } from '../../src/features/shub/cached-read.ts'
import { CacheCleared, RateLimitStatus } from '../../src/features/shub/schema.ts'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp, tokens } from '../support/test-app.ts'

const shub = 'http://shub.test:8007'
const healthy = jsonAnswer({ status: 'ok', module: 'shubniggurath', version: '7.0-FASE1' })

function withShub(env: Record<string, string> = {}) {
  const gateway = testApp({ env })
  gateway.network.answer(`${shub}/health`, healthy)
  gateway.network.answer(`${shub}/ready`, jsonAnswer({ ready: true }))
  gateway.network.answer(`${shub}/openapi.json`, jsonAnswer({ openapi: '3.1.0', paths: {} }))
  return gateway
}

it.each(Object.values(cachedReads(parseConfig({}))))(
  '$target of shub has an open route, which is cached',
  async (read) => {
    const answer = await withShub().request(`/shub${read.target}`)
    expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'MISS'])
  },
)

describe('GET /shub/health', () => {
  it('misses, then hits for 60 seconds, and tells the age', async () => {
    const gateway = withShub()
    const first = await gateway.request('/shub/health', { headers: { 'x-correlation-id': 'c-1' } })
    expect(await first.json()).toEqual({
      status: 'ok',
      module: 'shubniggurath',
      version: '7.0-FASE1',
      correlation_id: 'c-1',
    })
    expect([first.headers.get('x-cache'), first.headers.get('age')]).toEqual(['MISS', '0'])

    await gateway.clock.advance(59_999)
    const second = await gateway.request('/shub/health', { headers: { 'x-correlation-id': 'c-2' } })
    expect(await second.json()).toMatchObject({ status: 'ok', correlation_id: 'c-2' })
    expect([second.headers.get('x-cache'), second.headers.get('age')]).toEqual(['HIT', '59'])
    expect(gateway.network.exchanges).toHaveLength(1)

    await gateway.clock.advance(1)
    expect((await gateway.request('/shub/health')).headers.get('x-cache')).toBe('MISS')
    expect(gateway.network.exchanges).toHaveLength(2)
  })

  it('shares one upstream call between concurrent misses', async () => {
    const gateway = withShub()
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        gateway.request('/shub/health', { headers: { 'x-correlation-id': `c-${i}` } }),
      ),
    )
    const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<{ correlation_id: string }>))
    expect(new Set(bodies.map((body) => body.correlation_id)).size).toBe(40)
    expect(gateway.network.exchanges).toHaveLength(1)
  })

  it('is 503 when shub is down and nothing is cached', async () => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/health`, new TransportError('unreachable'))
    const body = await expectProblem(await gateway.request('/shub/health'), 'shub_unavailable')
    expect(body.detail).toBe('Audio engine service is temporarily unavailable')
  })

  it('is 503 on a timeout, as in v7', async () => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/health`, new TransportError('timeout'))
    await expectProblem(await gateway.request('/shub/health'), 'shub_unavailable')
  })

  it('passes an unhealthy answer on and does not keep it', async () => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/health`, jsonAnswer({ status: 'failing' }, 503))
    for (let i = 0; i < 2; i++) {
      const response = await gateway.request('/shub/health')
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ status: 'failing' })
    }
    expect(gateway.network.exchanges).toHaveLength(2)
  })

  it.each([
    ['no JSON', new TextEncoder().encode('Internal Server Error')],
    ['nothing', null],
    ['broken UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('is 502 when shub sends %s', async (_what, body) => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/health`, { status: 200, headers: {}, body })
    await expectProblem(await gateway.request('/shub/health'), 'gateway_error')
  })

  it('passes JSON that is no object on as it is and does not keep it', async () => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/health`, jsonAnswer(['ok']))
    expect(await (await gateway.request('/shub/health')).json()).toEqual(['ok'])
    expect((await gateway.request('/shub/health')).headers.get('x-cache')).toBe('MISS')
  })

  it('says how to wake a shub that is not configured', async () => {
    const gateway = testApp({ env: { SHUB_URL: '' } })
    const body = await expectProblem(await gateway.request('/shub/health'), 'shub_unavailable')
    expect(body.detail).toContain('SHUB_URL')
    await expectProblem(await gateway.authorized('/shub/status'), 'shub_unavailable')
  })

  it('asks every time when the cache is off', async () => {
    const gateway = withShub({ VX11_CACHE_ENABLED: 'false' })
    for (let i = 0; i < 3; i++) expect((await gateway.request('/shub/health')).headers.get('x-cache')).toBe('MISS')
    expect(gateway.network.exchanges).toHaveLength(3)
  })
})

describe('the other cached reads', () => {
  it('keeps readiness for 60 s and the schema for 300 s, unchanged', async () => {
    const gateway = withShub()
    expect(await (await gateway.request('/shub/ready')).json()).toEqual({ ready: true })
    expect(await (await gateway.request('/shub/openapi.json')).json()).toEqual({ openapi: '3.1.0', paths: {} })
    await gateway.clock.advance(60_000)
    expect((await gateway.request('/shub/ready')).headers.get('x-cache')).toBe('MISS')
    expect((await gateway.request('/shub/openapi.json')).headers.get('x-cache')).toBe('HIT')
    await gateway.clock.advance(240_000)
    expect((await gateway.request('/shub/openapi.json')).headers.get('x-cache')).toBe('MISS')
  })
})

describe('POST /shub/cache/clear', () => {
  it('forgets what was cached and counts it', async () => {
    const gateway = withShub()
    await gateway.request('/shub/health')
    await gateway.request('/shub/ready')
    const cleared = v.parse(
      CacheCleared,
      await (await gateway.authorized('/shub/cache/clear', { method: 'POST' })).json(),
    )
    expect(cleared).toEqual({ status: 'cleared', keys_deleted: 2, timestamp: 1_800_000_000 })
    expect((await gateway.request('/shub/health')).headers.get('x-cache')).toBe('MISS')
  })

  it('counts nothing when nothing is cached', async () => {
    const response = await withShub().authorized('/shub/cache/clear', { method: 'POST' })
    expect(await response.json()).toMatchObject({ keys_deleted: 0 })
  })

  it('is another route with another method', async () => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/cache/clear`, jsonAnswer({ detail: 'Not Found' }, 404))
    const response = await gateway.authorized('/shub/cache/clear')
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Not Found' })
  })
})

describe('GET /shub/rate-limit/status', () => {
  it('tells what is left without the token in it', async () => {
    const gateway = withShub()
    const response = await gateway.request('/shub/rate-limit/status', { headers: { 'x-vx11-gw-token': tokens.shub } })
    const text = await response.text()
    expect(text).not.toContain(tokens.shub)
    expect(v.parse(RateLimitStatus, JSON.parse(text)).rate_limit).toEqual({
      enabled: true,
      identifier: 'gateway',
      limit: 100,
      requests_in_window: 1,
      remaining: 99,
      ttl_seconds: 1,
    })
  })

  it('says so when limits are off', async () => {
    const response = await withShub({ VX11_RATE_LIMIT_ENABLED: '0' }).authorized('/shub/rate-limit/status')
    expect(await response.json()).toMatchObject({ rate_limit: { enabled: false } })
  })
})

describe('the shub proxy', () => {
  const answer = (init: Partial<UpstreamAnswer>): UpstreamAnswer => ({ status: 200, headers: {}, body: null, ...init })

  it('forwards the raw path and query below shub’s own paths', async () => {
    const gateway = withShub()
    const target = '/shub/shub/engines/a%20b;v=1?q=%2F..%2F&q=a+b&empty='
    gateway.network.answer(`${shub}/shub/engines/a%20b;v=1?q=%2F..%2F&q=a+b&empty=`, jsonAnswer([]))
    expect((await gateway.authorized(target)).status).toBe(200)
  })

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND'])('carries %s', async (method) => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/api/thing`, answer({ status: 204 }))
    expect((await gateway.authorized('/shub/api/thing', { method })).status).toBe(204)
    expect(gateway.network.exchanges.at(-1)?.init.method).toBe(method)
  })

  it('passes an upstream’s own error through untouched', async () => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/api/analyze`, jsonAnswer({ detail: 'Analysis failed' }, 500))
    const response = await gateway.authorized('/shub/api/analyze', { method: 'POST', body: '{}' })
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({ detail: 'Analysis failed' })
  })

  it('passes redirects to the caller', async () => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/old`, answer({ status: 302, headers: { location: 'http://elsewhere.example/' } }))
    const response = await gateway.authorized('/shub/old')
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://elsewhere.example/'])
    expect(gateway.network.exchanges).toHaveLength(1)
  })

  it('lets no credential of the gateway travel on, and sends its own', async () => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/status`, answer({}))
    await gateway.request('/shub/status', {
      headers: {
        'x-vx11-gw-token': tokens.shub,
        'x-vx11-token': 'callers-own',
        cookie: 'session=1',
        authorization: 'Bearer window-token',
        'x-correlation-id': 'c-1',
        'x-forwarded-for': '1.2.3.4',
        'x-vx11-signature': 'forged',
      },
    })
    const sent = gateway.network.exchanges.at(-1)?.init.headers
    expect(sent).toMatchObject({
      'x-vx11-token': tokens.link,
      authorization: 'Bearer window-token',
      'x-correlation-id': 'c-1',
      'x-forwarded-by': 'tentaculo_link',
      'x-forwarded-for': '192.0.2.1',
    })
    for (const name of ['x-vx11-gw-token', 'cookie', 'x-vx11-signature', 'host']) expect(sent).not.toHaveProperty(name)
  })

  it('keeps a bearer that was the gateway’s token', async () => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/status`, answer({}))
    await gateway.request('/shub/status', { headers: { authorization: `Bearer ${tokens.shub}` } })
    expect(gateway.network.exchanges.at(-1)?.init.headers).not.toHaveProperty('authorization')
  })

  it('keeps every Set-Cookie and drops what belongs to the connection', async () => {
    const gateway = withShub()
    const headers = {
      'set-cookie': ['a=1', 'b=2; Path=/'],
      connection: 'close, x-hop',
      'x-hop': '1',
      'alt-svc': 'h3',
      'x-kept': 'yes',
    }
    gateway.network.answer(`${shub}/status`, answer({ headers }))
    const response = await gateway.authorized('/shub/status')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; Path=/'])
    expect(response.headers.get('x-kept')).toBe('yes')
    for (const name of ['connection', 'x-hop', 'alt-svc']) expect(response.headers.has(name)).toBe(false)
  })

  it.each([
    ['unreachable', 'shub_unavailable'],
    ['timeout', 'shub_unavailable'],
    ['reset', 'shub_unavailable'],
    ['malformed', 'gateway_error'],
  ] as const)('answers an upstream that is %s with %s', async (failure, code) => {
    const gateway = withShub()
    gateway.network.answer(`${shub}/status`, new TransportError(failure))
    await expectProblem(await gateway.authorized('/shub/status'), code)
  })

  it('hands the body on as a stream and refuses one over the limit', async () => {
    const gateway = withShub({ VX11_MAX_BODY_BYTES: '10' })
    const received: string[] = []
    gateway.network.answer(`${shub}/api/upload`, async ({ init }) => {
      received.push(await new Response(init.body as ReadableStream | null).text())
      return answer({})
    })
    const send = (body: string) =>
      gateway.authorized('/shub/api/upload', {
        method: 'POST',
        body,
        headers: { 'content-length': String(body.length) },
      })
    expect((await send('0123456789')).status).toBe(200)
    await expectProblem(await send('0123456789a'), 'body_too_large')
    expect(received).toEqual(['0123456789'])
  })

  it('counts a body that does not tell its length', async () => {
    const gateway = withShub({ VX11_MAX_BODY_BYTES: '10' })
    gateway.network.answer(`${shub}/api/upload`, async ({ init }) => {
      try {
        await new Response(init.body as ReadableStream | null).text()
      } catch {
        throw new TransportError('body_too_large')
      }
      return answer({})
    })
    const send = (text: string) => {
      const body = new Response(text).body
      return gateway.authorized('/shub/api/upload', { method: 'POST', body, duplex: 'half' } as RequestInit)
    }
    expect((await send('0123456789')).status).toBe(200)
    await expectProblem(await send('0123456789a'), 'body_too_large')
  })
})
