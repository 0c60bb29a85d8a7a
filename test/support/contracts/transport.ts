/** What every transport promises, asked against the echo server (test/support/echo-server.ts). */
import { expect, it } from 'vitest'
import { GatewayError, TransportError } from '../../../src/errors/gateway-error.ts'
import type { HeaderFields, Transport, TransportInit, UpstreamAnswer } from '../../../src/ports/index.ts'
import type { Echo, Seen } from '../echo-server.ts'
import { stuckMs } from '../stuck.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** From test/support/echo-setup.ts. */
    echoUrl: string
  }
}

export interface TransportTraits {
  /** False where every broken connection is reported with one and the same error. */
  namesFailures: boolean
  /** False where a body that JavaScript reads is decoded on the way. */
  readsRawBytes: boolean
  /** False where the silence of a body cannot be seen without touching it. */
  limitsIdleTime: boolean
  /** False where headers may be as large as they like. */
  limitsHeaderSize: boolean
}

export const limits = { connectMs: 2000, firstByteMs: 5000, idleMs: 5000 }

/** A GET without a body. */
export const transportInit = (over: Partial<TransportInit> = {}): TransportInit => ({
  method: 'GET',
  headers: {},
  body: null,
  limits,
  ...over,
})
const bodyless = (method: string, headers: HeaderFields = {}) => transportInit({ method, headers })
const withBody = (body: NonNullable<TransportInit['body']>, headers: HeaderFields = {}) =>
  transportInit({ method: 'POST', headers, body })

export function transportContract(transport: Transport, base: () => string, traits: TransportTraits): void {
  const get = (path: string, over: Partial<TransportInit> = {}) => transport(base() + path, transportInit(over))
  const echo = async (path: string, init: TransportInit) =>
    JSON.parse(await textOf(await transport(base() + path, init))) as Echo
  const seen = async (key: string) => JSON.parse(await textOf(await get(`/seen?key=${key}`))) as Seen

  it('sends the method, the raw path and the query as they are', async () => {
    const target = "/echo/a%20b//c;p=1/'%C3%A9%7E?x=%2F&y=%00&z=a+b&&="
    for (const method of ['GET', 'DELETE', 'OPTIONS', 'PATCH', 'POST', 'PUT'])
      expect(await echo(target, bodyless(method))).toMatchObject({ method, target, bodyBytes: 0 })
  })

  it('sends the headers it was given and no credentials of its own', async () => {
    const { rawHeaders } = await echo('/echo', bodyless('GET', { 'x-one': '1', 'x-two': ['a', 'b'] }))
    expect(valuesOf(rawHeaders, 'x-one')).toEqual(['1'])
    expect(valuesOf(rawHeaders, 'x-two').join(', ')).toBe('a, b')
    expect(valuesOf(rawHeaders, 'host')).toEqual([new URL(base()).host])
    expect(valuesOf(rawHeaders, 'authorization')).toEqual([])
  })

  it('sends bytes whole, with their own length', async () => {
    const body = new TextEncoder().encode('twelve bytes')
    const answer = await echo('/echo', withBody(body, { 'content-length': '3' }))
    expect(answer.bodyBytes).toBe(12)
    expect(valuesOf(answer.rawHeaders, 'content-length')).toEqual(['12'])
  })

  it('sends a stream of unknown length chunked', async () => {
    const answer = await echo('/echo', withBody(pieces(3, 1000)))
    expect(answer.bodyBytes).toBe(3000)
    expect(valuesOf(answer.rawHeaders, 'transfer-encoding')).toEqual(['chunked'])
  })

  it('sends a stream of known length with that length', async () => {
    const answer = await echo('/echo', withBody(pieces(3, 1000), { 'content-length': '3000' }))
    expect(answer.bodyBytes).toBe(3000)
    expect(valuesOf(answer.rawHeaders, 'content-length')).toEqual(['3000'])
    expect(valuesOf(answer.rawHeaders, 'transfer-encoding')).toEqual([])
  })

  it('sends no length when the caller announced a body that does not travel', async () => {
    const { rawHeaders } = await echo('/echo', bodyless('GET', { 'content-length': '5' }))
    expect(valuesOf(rawHeaders, 'content-length')).toEqual([])
  })

  it('keeps several Set-Cookie apart and other repeated fields complete', async () => {
    const { headers } = await get('/twice')
    expect(headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2'])
    expect([headers['x-twice']].flat().join(', ')).toBe('one, two')
  })

  it.each(['gzip', 'br'])('leaves %s encoded, with the length of the encoded bytes', async (encoding) => {
    const answer = await get(`/${encoding}`)
    const { length } = await bytesOf(answer)
    expect(answer.headers['content-encoding']).toBe(encoding)
    if (traits.readsRawBytes) expect(answer.headers['content-length']).toBe(String(length))
    else expect(Number(answer.headers['content-length'])).toBeLessThan(length)
  })

  it('has no body but keeps the length for HEAD and 304', async () => {
    const head = await get('/gzip', { method: 'HEAD' })
    expect(head.body).toBeNull()
    expect(Number(head.headers['content-length'])).toBeGreaterThan(0)
    const notModified = await get('/status?code=304&header=content-length:%20500')
    expect(notModified).toMatchObject({ status: 304, body: null, headers: { 'content-length': '500' } })
  })

  it.each([204, 205])('has no body for %i', async (code) => {
    expect(await get(`/status?code=${code}`)).toMatchObject({ status: code, body: null })
  })

  it('passes redirects on', async () => {
    const answer = await get('/status?code=302&header=location:%20/echo')
    expect(answer).toMatchObject({ status: 302, headers: { location: '/echo' } })
    await bytesOf(answer)
  })

  it('passes an error of the upstream on, body included', async () => {
    const answer = await get('/status?code=503&header=content-length:%204&body=down')
    expect([answer.status, await textOf(answer)]).toEqual([503, 'down'])
  })

  it('ignores interim responses', async () => {
    expect(await textOf(await get('/hints'))).toBe('after the hints')
  })

  it.each(['600', '999'])('calls status %s malformed', async (code) => {
    expect(await failureOf(get(`/status?code=${code}`))).toBe('malformed')
  })

  it('streams a long body, length known or not', async () => {
    for (const path of ['/bytes?count=3000000&length', '/bytes?count=3000000'])
      expect(await bytesOf(await get(path))).toHaveLength(3_000_000)
  })

  it('carries 64 MiB both ways at once without keeping them', async () => {
    const answer = await transport(`${base()}/mirror`, withBody(pieces(1024, 65_536)))
    expect(await countOf(answer)).toBe(64 * 1024 * 1024)
  })

  it.each(['/drip?count=3&gap=30', '/drip?count=3&gap=30&length'])(
    'does not hold back the first byte of %s',
    async (path) => {
      const answer = await get(path)
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
      const sizes: number[] = []
      for (let part = await reader.read(); !part.done; part = await reader.read()) sizes.push(part.value.length)
      expect([sizes[0], sizes.reduce((sum, size) => sum + size)]).toEqual([1, 3])
    },
  )

  it('gives a body whose last bytes come a moment later complete', async () => {
    expect(await textOf(await get('/two-segments'))).toBe('late')
  })

  it('lets the upstream go when the reader leaves', async () => {
    const answer = await get('/endless?key=reader-leaves')
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await reader.cancel()
    await expect.poll(() => seen('reader-leaves')).toMatchObject({ left: true })
  })

  it('lets the upstream go when the signal says so before the answer', async () => {
    const leaving = new AbortController()
    const answer = get('/deaf?key=leaves-early', { signal: leaving.signal })
    await expect.poll(() => seen('leaves-early')).toMatchObject({ arrived: true })
    leaving.abort()
    expect(await failureOf(answer)).toBe('aborted')
    await expect.poll(() => seen('leaves-early')).toMatchObject({ left: true })
  })

  it('errors the body and lets the upstream go when the signal says so in the middle', async () => {
    const leaving = new AbortController()
    const answer = await get('/endless?key=leaves-late', { signal: leaving.signal })
    leaving.abort()
    await expect(countOf(answer)).rejects.toThrow()
    await expect.poll(() => seen('leaves-late')).toMatchObject({ left: true })
  })

  it('does nothing when the signal has spoken already', async () => {
    expect(await failureOf(get('/echo?key=never', { signal: AbortSignal.abort() }))).toBe('aborted')
    expect(await seen('never')).toMatchObject({ arrived: false })
  })

  it('gives up on an upstream that does not begin to answer', async () => {
    const startedAt = Date.now()
    const answer = get('/deaf?key=too-late', { limits: { ...limits, firstByteMs: 150 } })
    expect(await failureOf(answer)).toBe('timeout')
    expect(Date.now() - startedAt).toBeLessThan(stuckMs)
    await expect.poll(() => seen('too-late')).toMatchObject({ left: true })
  })

  it.runIf(traits.limitsIdleTime)('gives up on a body that falls silent, and not on one that goes on', async () => {
    const idle = { limits: { ...limits, idleMs: 2000 } }
    expect(await countOf(await get('/drip?count=5&gap=60', idle))).toBe(5)
    const silent = await get('/drip?count=2&gap=60000', idle)
    await expect(countOf(silent)).rejects.toMatchObject({ failure: 'timeout' })
  })

  it.runIf(traits.limitsIdleTime)('does not take a slow reader for a silent upstream', async () => {
    const answer = await get('/bytes?count=20000000', { limits: { ...limits, idleMs: 1000 } })
    await new Promise((resume) => setTimeout(resume, 400))
    expect(await countOf(answer)).toBe(20_000_000)
  })

  it('fails when the connection is lost before the answer', async () => {
    for (const path of ['/reset', '/close']) expect(await failureOf(get(path))).toBe('reset')
  })

  it('fails when nobody listens', async () => {
    const failure = await failureOf(transport('http://127.0.0.1:9/', bodyless('GET')))
    expect(failure).toBe(traits.namesFailures ? 'unreachable' : 'reset')
  })

  it.each(['/garbage', '/two-lengths'])('fails on %s', async (path) => {
    expect(await failureOf(get(path).then(bytesOf))).toBe(traits.namesFailures ? 'malformed' : 'reset')
  })

  it.runIf(traits.limitsHeaderSize)('calls headers without end malformed', async () => {
    expect(await failureOf(get('/huge-header'))).toBe('malformed')
  })

  // On a busy machine the end comes with the head, and there is no answer at all.
  it.each(['/cut', '/cut?length'])('never takes the body of %s for whole', async (path) => {
    await expect(get(path).then(bytesOf)).rejects.toThrow()
  })

  it('gives an answer that comes before the request is complete', async () => {
    const body = pieces(Number.POSITIVE_INFINITY, 1000)
    const answer = await transport(`${base()}/early`, withBody(body))
    expect([answer.status, await textOf(answer)]).toEqual([413, 'early'])
  })

  it.each([
    ['of unknown length', {}],
    ['of known length', { 'content-length': '5000' }],
  ])('never ends an upload as if it were whole because it is answered, %s', async (_, headers) => {
    const key = `early-${Object.keys(headers).join() || 'chunked'}`
    const isAnswered = () => expect.poll(() => seen(key)).toMatchObject({ arrived: true })
    const answer = await transport(`${base()}/early-reading?key=${key}`, withBody(pieces(5, 1000, isAnswered), headers))
    expect(await textOf(answer)).toBe('early')
    await expect.poll(() => seen(key)).toHaveProperty('upload')
    const { upload, bodyBytes } = await seen(key)
    expect(upload === 'broken off' || bodyBytes === 5000).toBe(true)
  })

  it.each([
    ['of unknown length', {}],
    ['of known length', { 'content-length': '5000' }],
  ])('never completes a request whose body breaks, %s', async (_, headers) => {
    const key = Object.keys(headers).join() || 'chunked'
    const broken = pieces(2, 1000, new Error('the caller left'))
    const answer = transport(`${base()}/sink?key=broken-${key}`, withBody(broken, headers))
    expect(['aborted', 'reset']).toContain(await failureOf(answer))
    // It may not have arrived at all; what must not be seen is one that was read to its end.
    await expect.poll(async () => (await seen(`broken-${key}`)).left).not.toBe(false)
  })

  it('tells a body over the limit from a caller that left', async () => {
    const answer = transport(`${base()}/sink`, withBody(pieces(2, 1000, new GatewayError('body_too_large'))))
    expect(await failureOf(answer)).toBe('body_too_large')
  })

  it('goes on working after all of this', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => echo(`/echo?n=${n}`, bodyless('GET'))))
    expect(answers.map(({ target }) => target)).toEqual(Array.from({ length: 50 }, (_, n) => `/echo?n=${n}`))
  })
}

/** `count` pieces of `size` bytes, as they are asked for; then the end, or the error. The others may wait for a reason. */
export function pieces(
  count: number,
  size: number,
  then?: Error | (() => Promise<unknown>),
): ReadableStream<Uint8Array> {
  const error = then instanceof Error ? then : undefined
  let sent = 0
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (sent > 0 && typeof then === 'function') await then()
      if (sent++ < count) controller.enqueue(new Uint8Array(size).fill(120))
      else if (error) controller.error(error)
      else controller.close()
    },
  })
}

export async function bytesOf({ body }: UpstreamAnswer): Promise<Uint8Array> {
  return body instanceof ReadableStream
    ? new Uint8Array(await new Response(body).arrayBuffer())
    : (body ?? new Uint8Array())
}

export const textOf = async (answer: UpstreamAnswer): Promise<string> => new TextDecoder().decode(await bytesOf(answer))

export async function countOf({ body }: UpstreamAnswer): Promise<number> {
  if (!(body instanceof ReadableStream)) return body?.byteLength ?? 0
  const reader = body.getReader()
  let count = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) count += part.value.length
  return count
}

/** Rejections are TransportErrors only; anything else fails the test. */
export async function failureOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => 'no failure',
    (reason: unknown) => reason,
  )
  if (!(error instanceof TransportError)) throw error
  return error.failure
}

const valuesOf = (rawHeaders: string[], name: string) =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
