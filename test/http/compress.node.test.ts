/** The gateway's own answers are compressed on Node, by what the caller takes; proxied ones and streams are not. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { zlibCompress } from '../../src/adapters/zlib/compress.ts'
import { chosenCoding } from '../../src/http/answer/compress.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const app = () => testApp({ deps: { compress: zlibCompress } })
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

describe('an answer of the gateway’s own', () => {
  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('comes as %s', async (coding, decompress) => {
    const plain = await app().request('/openapi.json')
    const packed = await app().request('/openapi.json', { headers: { 'accept-encoding': coding } })
    expect(plain.headers.has('content-encoding')).toBe(false)
    expect(packed.headers.get('content-encoding')).toBe(coding)
    const [whole, small] = [await bytesOf(plain), await bytesOf(packed)]
    expect(small.byteLength).toBeLessThan(whole.byteLength / 4)
    expect(decompress(small).equals(whole)).toBe(true)
    for (const answer of [plain, packed]) {
      expect(answer.headers.get('vary')).toBe('Accept-Encoding')
      expect(answer.headers.get('etag')).toBe(plain.headers.get('etag'))
      expect(answer.headers.get('x-correlation-id')).toBeTruthy()
    }
  })

  it('stays as it is when it is short, and when nothing is left of it', async () => {
    const short = await app().request('/health', { headers: { 'accept-encoding': 'gzip' } })
    expect(short.headers.has('content-encoding')).toBe(false)
    expect(await short.json()).toMatchObject({ status: 'ok' })
    const tag = (await app().request('/docs')).headers.get('etag') ?? ''
    const known = await app().request('/docs', { headers: { 'accept-encoding': 'gzip', 'if-none-match': tag } })
    expect([known.status, known.headers.has('content-encoding')]).toEqual([304, false])
  })
})

describe('an answer that is somebody else’s or never ends', () => {
  it('passes as the upstream sent it', async () => {
    const gateway = app()
    gateway.network.answer('http://madre.test:8001/madre/long', jsonAnswer({ text: 'x'.repeat(5000) }))
    const answer = await gateway.authorized('/madre/long', { headers: { 'accept-encoding': 'br, gzip' } })
    expect(answer.status).toBe(200)
    expect(answer.headers.has('content-encoding')).toBe(false)
  })

  it('streams events at once', async () => {
    const answer = await app().authorized('/operator/api/events/stream', { headers: { 'accept-encoding': 'br' } })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    expect(answer.headers.has('content-encoding')).toBe(false)
    await answer.body?.cancel()
  })
})

describe('the coding', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['identity', null],
    ['deflate', null],
    ['gzip, br', 'br'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['*;q=0', null],
    ['br;q=0, *', 'gzip'],
    ['identity;q=1, gzip;q=0.5', null],
    ['GZIP ; Q=0.8', 'gzip'],
    ['gzip;q=NaN', null],
    ['gzip;q=1e9', null],
  ])('for %s is %s', (accepted, coding) => {
    expect(chosenCoding(accepted)).toBe(coding)
  })
})
