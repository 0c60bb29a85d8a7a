/** What all simulators share: manners, bodies, the record of requests, and faults. */
import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { jsonPost, runningMadre, runningShub, runningSwitch } from './running.ts'

describe.each([
  ['madre', runningMadre],
  ['switch', runningSwitch],
  ['shub', runningShub],
] as const)('%s has the manners of FastAPI', (_name, begin) => {
  it('answers health as JSON with its length', async () => {
    const { url } = await begin()
    const response = await fetch(`${url}/health`)
    expect(response.status).toBe(200)
    expect(response.headers.get('server')).toBe('uvicorn')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('content-length')).toBe(String((await response.arrayBuffer()).byteLength))
  })

  it('lists its paths in /openapi.json', async () => {
    const { url } = await begin()
    const { openapi, paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string; paths: object }
    expect(openapi).toMatch(/^3\./)
    expect(Object.keys(paths)).toContain('/health')
  })

  it('knows no other path', async () => {
    const { url } = await begin()
    const response = await fetch(`${url}/healthz`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Not Found' })
  })

  it.each(['DELETE', 'OPTIONS', 'HEAD'])('refuses %s where only GET is', async (method) => {
    const { url } = await begin()
    const response = await fetch(`${url}/health`, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET')
    if (method !== 'HEAD') expect(await response.json()).toEqual({ detail: 'Method Not Allowed' })
  })
})

describe('a JSON body', () => {
  const chat = async (init: RequestInit) => {
    const { url } = await runningMadre()
    const response = await fetch(`${url}/madre/chat`, { method: 'POST', ...init })
    return { status: response.status, body: await response.json() }
  }
  const jsonType = { 'content-type': 'application/json' }

  it.each([
    ['without body', {}, { type: 'missing', loc: ['body'] }],
    [
      'without a field',
      { body: '{"a":1}', headers: jsonType },
      { type: 'missing', loc: ['body', 'message'], input: { a: 1 } },
    ],
    ['with a field of another type', { body: '{"message":7}', headers: jsonType }, { type: 'string_type', input: 7 }],
    ['with broken JSON', { body: '{', headers: jsonType }, { type: 'json_invalid', msg: 'JSON decode error' }],
    ['without its type', { body: '{"message":"x"}' }, { type: 'model_attributes_type', input: '{"message":"x"}' }],
    ['that is a list', { body: '[]', headers: jsonType }, { type: 'model_attributes_type', loc: ['body'], input: [] }],
  ])('%s is 422 with a list of issues', async (_what, init, issue) => {
    expect(await chat(init)).toEqual({ status: 422, body: { detail: [expect.objectContaining(issue)] } })
  })

  it('may hold unknown fields and empty text', async () => {
    expect((await chat(jsonPost({ message: '', unknown: 1 }))).status).toBe(200)
  })
})

describe('the record of requests', () => {
  it('keeps the raw target and every header as it came', async () => {
    const simulator = await runningShub()
    const { promise, resolve } = Promise.withResolvers<void>()
    httpRequest(
      {
        port: simulator.port,
        path: '/a%2Fb/%2e%2e?x=1&x=%20',
        setHost: false,
        headers: ['Host', 'h', 'X-Two', 'a', 'x-two', 'b'],
      },
      (response) => response.resume().once('end', resolve),
    ).end()
    await promise
    expect(simulator.requests).toMatchObject([{ method: 'GET', path: '/a%2Fb/%2e%2e?x=1&x=%20', bodyBytes: 0 }])
    expect(simulator.requests[0]?.headers.slice(0, 3)).toEqual([
      ['Host', 'h'],
      ['X-Two', 'a'],
      ['x-two', 'b'],
    ])
  })

  it('counts the body, also of a request that nobody answers', async () => {
    const simulator = await runningShub()
    await fetch(`${simulator.url}/nowhere`, { method: 'POST', body: 'x'.repeat(100_000) })
    expect(simulator.requests[0]?.bodyBytes).toBe(100_000)
    await expect(simulator.requests[0]?.outcome).resolves.toBe('answered')
  })

  it('tells when the caller left', async () => {
    const simulator = await runningShub()
    simulator.misbehave({ kind: 'stall' })
    const arrived = simulator.nextRequest()
    const leaving = new AbortController()
    const call = fetch(`${simulator.url}/health`, { signal: leaving.signal })
    const recorded = await arrived
    leaving.abort()
    await expect(call).rejects.toThrow('abort')
    await expect(recorded.outcome).resolves.toBe('broken')
  })
})

describe('a fault', () => {
  /** The name and code of what broke a call; the text of its body when nothing did. */
  const outcomeOf = async (call: Promise<Response>): Promise<string> => {
    try {
      return await (await call).text()
    } catch (error) {
      const cause = (error as Error).cause as NodeJS.ErrnoException | undefined
      return `${cause?.name} ${cause?.code}`
    }
  }

  it('of a status is text by default, as after an unhandled exception', async () => {
    const { url, misbehave } = await runningMadre()
    misbehave({ kind: 'status', status: 500 })
    const response = await fetch(`${url}/health`)
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toBe('Internal Server Error')
  })

  it('of a status can bring its own body and headers', async () => {
    const { url, misbehave } = await runningMadre()
    misbehave({ kind: 'status', status: 503, body: '{"detail":"later"}', headers: { 'retry-after': '2' } })
    const response = await fetch(`${url}/health`)
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      503,
      '2',
      { detail: 'later' },
    ])
  })

  it('of a status without body has none', async () => {
    const { url, misbehave } = await runningMadre()
    misbehave({ kind: 'status', status: 204 })
    const response = await fetch(`${url}/health`)
    expect([response.status, await response.text(), response.headers.has('content-length')]).toEqual([204, '', false])
  })

  it('of the wrong content calls itself JSON', async () => {
    const { url, misbehave } = await runningMadre()
    misbehave({ kind: 'not-json' })
    const response = await fetch(`${url}/health`)
    expect(response.headers.get('content-type')).toBe('application/json')
    await expect(response.json()).rejects.toThrow(SyntaxError)
  })

  it.each([
    [{ kind: 'garbage' }, /^HTTPParserError/],
    [{ kind: 'reset' }, /(ECONNRESET|UND_ERR_SOCKET)$/],
    [{ kind: 'cut' }, /(ECONNRESET|UND_ERR_SOCKET)$/],
  ] as const)('of %j breaks the exchange', async (fault, code) => {
    const { url, misbehave, requests } = await runningMadre()
    misbehave(fault)
    expect(await outcomeOf(fetch(`${url}/health`))).toMatch(code)
    await expect(requests[0]?.outcome).resolves.toBe('broken')
  })

  it('of half an answer gives its head, then stays silent', async () => {
    const simulator = await runningMadre()
    simulator.misbehave({ kind: 'stall', after: 'half' })
    const response = await fetch(`${simulator.url}/health`)
    expect(response.status).toBe(200)
    const body = response.text()
    await simulator.close()
    await expect(body).rejects.toThrow()
  })

  it('of a lie sends more than it promised', async () => {
    const { url, misbehave } = await runningMadre()
    misbehave({ kind: 'lie' })
    // Which of the two it is depends on how the bytes arrive.
    expect(await outcomeOf(fetch(`${url}/health`))).toMatch(/^(\{"$|HTTPParserError)/)
  })

  it('of a drip gives the right answer in pieces', async () => {
    const { url, misbehave } = await runningSwitch()
    misbehave({ kind: 'drip', everyMs: 1, bytes: 40 })
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', module: 'switch' })
  })

  it('of slowness gives the right answer, and ends with the server', async () => {
    const simulator = await runningSwitch()
    simulator.misbehave({ kind: 'slow', ms: 1 })
    expect((await fetch(`${simulator.url}/health`)).status).toBe(200)
    simulator.misbehave({ kind: 'slow', ms: 3_600_000 })
    const arrived = simulator.nextRequest()
    const call = fetch(`${simulator.url}/health`)
    await arrived
    await simulator.close()
    await expect(call).rejects.toThrow()
  })

  it('can be counted, kept to a path, and taken back', async () => {
    const { url, misbehave } = await runningMadre()
    const statuses = async (...paths: string[]) => {
      const seen: number[] = []
      for (const path of paths) seen.push((await fetch(url + path)).status)
      return seen
    }
    misbehave({ kind: 'status', status: 503, times: 2 })
    expect(await statuses('/health', '/health', '/health')).toEqual([503, 503, 200])
    misbehave({ kind: 'status', status: 502, path: '/status' })
    expect(await statuses('/health', '/status', '/status')).toEqual([200, 502, 502])
    misbehave(null)
    expect(await statuses('/status')).toEqual([200])
  })
})
