/** The TypeScript client inside each runtime, on the app itself; against its entries it is tested in test/runtime/. */
import { describe, expect, it } from 'vitest'
import { canonicalTypes } from '../clients/typescript/src/canonical.ts'
import { createClient, GatewayProblem, Unreachable } from '../clients/typescript/src/index.ts'
import { BlockParser } from '../clients/typescript/src/sse.ts'
import { canonicalTypes as gatewaysTypes } from '../src/modules/events/shape/canonical.ts'
import { testApp, tokens } from './support/test-app.ts'

const client = (token?: string) => {
  const { app } = testApp()
  return createClient({ url: 'http://gateway.test', token, fetch: async (url, init) => app.request(url, init) })
}

describe('the TypeScript client', () => {
  it('reads answers, and problems', async () => {
    expect(await client().getLiveness()).toMatchObject({ status: 'alive' })
    expect((await client(tokens.operator).getWhoAmI()).name).toBe('operator')
    const refused = await client()
      .getWhoAmI()
      .then(String, (error: unknown) => error)
    expect(refused).toBeInstanceOf(GatewayProblem)
    expect(refused).toMatchObject({ status: 401, code: 'auth_required' })
  })

  it('follows events until its signal', async () => {
    const vx11 = client(tokens.link)
    const stored: number[] = []
    for (const number of [1, 2, 3]) {
      const { stream_id } = await vx11.ingestEvent({ body: { source: 'test', type: 'a.b', payload: { number } } })
      stored.push(stream_id)
    }
    const reader = new AbortController()
    const heard: number[] = []
    for await (const { stream_id } of vx11.events({ since: 0, signal: reader.signal })) {
      heard.push(stream_id)
      if (heard.length === 3) reader.abort()
    }
    expect(heard).toEqual(stored)
  })

  it('sends over a socket what the gateway stores there', () => {
    expect([...canonicalTypes]).toEqual(Object.keys(gatewaysTypes))
  })

  it('follows no redirect', async () => {
    const asked: string[] = []
    const vx11 = createClient({
      url: 'http://gateway.test',
      token: tokens.link,
      fetch: async (url) => {
        asked.push(url)
        return new Response(null, { status: 307, headers: { location: 'http://elsewhere.test/' } })
      },
    })
    await expect(vx11.getHealth()).rejects.toMatchObject({ status: 307, code: 'http_307' })
    expect(asked).toEqual(['http://gateway.test/health'])
  })

  it('asks no other host, whatever the path', async () => {
    const fetch = () => Promise.reject(new Error('it was asked'))
    const vx11 = createClient({ url: 'http://gateway.test', token: tokens.link, fetch })
    for (const path of ['.example.com/', '@example.com/', ':80@example.com', '']) {
      await expect(vx11.fetch(path), path).rejects.toThrow(TypeError)
    }
  })

  it('knows when to come back: seconds, a date, or nobody said', async () => {
    const waitFor = async (value: string) => {
      const fetch = async () => new Response('<html>', { status: 503, headers: { 'retry-after': value } })
      const error: unknown = await createClient({ url: 'http://gateway.test', fetch })
        .getHealth()
        .catch((reason) => reason)
      return error instanceof GatewayProblem ? error.retryAfterMs : 'no problem'
    }
    expect(await waitFor('7')).toBe(7000)
    expect(await waitFor('Wed, 21 Oct 2015 07:28:00 GMT')).toBe(0)
    expect(await waitFor('soon')).toBeNull()
  })

  it('calls an answer that is not whole unreachable', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('cut')) })
    const fetch = async () => new Response(body, { headers: { 'content-type': 'application/json' } })
    await expect(createClient({ url: 'http://gateway.test', fetch }).getHealth()).rejects.toThrow(Unreachable)
  })
})

describe('the reader of event streams', () => {
  const text =
    ': comment\nid: 1\ndata: a\ndata:  b\r\n\r\nevent: done\rdata\r\rretry: 12\nid: 3\n\nid: 4\ndata: cut short'
  const expected = [
    { type: 'message', data: 'a\n b', id: '1', retryMs: null },
    { type: 'done', data: '', id: '1', retryMs: null },
    { type: 'message', data: null, id: '3', retryMs: 12 },
  ]

  it('reads blocks as the standard says, wherever the text is cut', () => {
    for (let size = 1; size <= text.length; size++) {
      const parser = new BlockParser()
      const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
      expect(
        pieces.flatMap((piece) => parser.push(piece)),
        `pieces of ${size}`,
      ).toEqual(expected)
    }
  })

  it('lets an id with a NUL and a retry that is no number change nothing', () => {
    const blocks = new BlockParser().push('id: 7\n\nid: 8\0\nretry: 1x\n\n')
    expect(blocks.map(({ id, retryMs }) => [id, retryMs])).toEqual([
      ['7', null],
      ['7', null],
    ])
  })
})
