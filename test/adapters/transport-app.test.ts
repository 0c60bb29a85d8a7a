import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { appTransport } from '../../src/adapters/fetch/app-transport.ts'
import { GatewayError } from '../../src/errors/gateway-error.ts'
import { failureOf, limits, pieces, textOf, transportInit } from '../support/contracts/transport.ts'

describe('an app as a transport', () => {
  let heard: AbortSignal | undefined
  const app = new Hono()
    .get('/hello', (c) => c.json({ url: c.req.url, header: c.req.header('x-one') }, 201, { 'x-two': 'b' }))
    .post('/length', async (c) => c.text(String((await c.req.arrayBuffer()).byteLength)))
    .get(
      '/cookies',
      () =>
        new Response(null, {
          headers: [
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        }),
    )
    .get('/away', (c) => c.redirect('/hello'))
    .get('/deaf', (c) => {
      heard = c.req.raw.signal
      return new Promise<Response>(() => {})
    })
  app.onError((_, c) => c.text('broken', 500))
  const throwing = { fetch: () => Promise.reject(new Error('the binding is broken')) }
  const transport = appTransport(app)

  it('carries method, path, headers, status and body', async () => {
    const answer = await transport('http://madre/hello?a=%2F', transportInit({ headers: { 'x-one': ['a', 'b'] } }))
    expect(answer).toMatchObject({ status: 201, headers: { 'x-two': 'b', 'content-type': 'application/json' } })
    expect(JSON.parse(await textOf(answer))).toEqual({ url: 'http://madre/hello?a=%2F', header: 'a, b' })
  })

  it('carries bytes and streams', async () => {
    const bytes = await transport('http://madre/length', transportInit({ method: 'POST', body: new Uint8Array(5) }))
    expect(await textOf(bytes)).toBe('5')
    const stream = await transport('http://madre/length', transportInit({ method: 'POST', body: pieces(3, 1000) }))
    expect(await textOf(stream)).toBe('3000')
  })

  it('keeps cookies apart and does not follow redirects', async () => {
    expect((await transport('http://madre/cookies', transportInit())).headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(await transport('http://madre/away', transportInit())).toMatchObject({
      status: 302,
      headers: { location: '/hello' },
    })
  })

  it('gives up on an app that does not answer, and tells it', async () => {
    const answer = transport('http://madre/deaf', transportInit({ limits: { ...limits, firstByteMs: 20 } }))
    expect(await failureOf(answer)).toBe('timeout')
    expect(heard?.aborted).toBe(true)
  })

  it('gives up when the caller leaves', async () => {
    const leaving = new AbortController()
    const answer = transport('http://madre/deaf', transportInit({ signal: leaving.signal }))
    leaving.abort()
    expect(await failureOf(answer)).toBe('aborted')
    expect(await failureOf(transport('http://madre/deaf', transportInit({ signal: AbortSignal.abort() })))).toBe(
      'aborted',
    )
  })

  it('fails with a TransportError when the app throws', async () => {
    expect(await failureOf(appTransport(throwing)('http://madre/', transportInit()))).toBe('reset')
  })

  it('does not hang on a body that breaks', async () => {
    const body = pieces(1, 10, new GatewayError('body_too_large'))
    const answer = await transport('http://madre/length', transportInit({ method: 'POST', body })).catch(
      (error) => error,
    )
    expect(answer.failure ?? answer.status).toSatisfy((outcome) => outcome === 500 || outcome === 'reset')
  })
})
