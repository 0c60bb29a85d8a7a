/** WebSockets through the real Node server and the real Worker, in front of a real WebSocket server. */
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { expectProblem } from '../support/expect-problem.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, residentMiB, runtimes, startNodeGateway, token } from '../support/gateways.ts'
import { sendRaw } from '../support/raw-http.ts'
import { connect, refusalOf } from '../support/websocket-client.ts'
import { startWebSocketUpstream, type WebSocketUpstream } from '../support/websocket-upstream.ts'

const origin = 'https://console.vx11.test'

describe.each(runtimes)('WebSockets on %s', (runtime, startGateway) => {
  let gateway: Gateway
  let upstream: WebSocketUpstream
  let shub: string

  beforeAll(async () => {
    upstream = await startWebSocketUpstream()
    gateway = await startGateway({
      SHUB_URL: upstream.url,
      VX11_UPSTREAM_TOKEN: 'token-for-shub',
      ALLOWED_ORIGINS: origin,
      VX11_RATE_LIMIT_PROTECTED: '10000',
    })
    shub = `${gateway.url}/shub`
  })
  afterAll(async () => {
    await Promise.all([gateway?.stop(), upstream?.close()])
  })

  describe('messages', () => {
    it.each([
      ['text', 'héllo ✓'],
      ['empty text', ''],
      ['binary', Buffer.from([0, 255, 128])],
      ['empty binary', Buffer.alloc(0)],
      ['1 MiB of text', 'x'.repeat(2 ** 20)],
      ['1 MiB of bytes', Buffer.alloc(2 ** 20, 7)],
    ])('carries %s both ways', async (_what, message) => {
      const { socket, next } = await connect(`${shub}/echo`)
      socket.send(message)
      expect(await next()).toEqual(message)
      socket.close()
    })

    it('keeps the order of 1000 messages of both kinds', async () => {
      const { socket, next } = await connect(`${shub}/echo`)
      const sent = Array.from({ length: 1000 }, (_, i) => (i % 3 ? `message ${i}` : Buffer.from(String(i))))
      for (const message of sent) socket.send(message)
      const received: unknown[] = []
      for (const _ of sent) received.push(await next())
      expect(received).toEqual(sent)
      socket.close()
    })

    it('carries a fragmented message as one', async () => {
      const fromUpstream = await connect(`${shub}/fragments`)
      expect(await fromUpstream.next()).toBe('one two three four')
      expect(await fromUpstream.next()).toEqual(Buffer.from([1, 2, 3]))
      fromUpstream.socket.close()
      const { socket, next } = await connect(`${shub}/echo`)
      for (const part of ['a', 'b', '']) socket.send(part, { fin: false })
      socket.send('c')
      expect(await next()).toBe('abc')
      socket.close()
    })

    it('loses none that the upstream sends at once', async () => {
      const { socket, next } = await connect(`${shub}/greet`)
      for (let i = 0; i < 10; i++) expect(await next()).toBe(`hello ${i}`)
      socket.close()
    })

    it('closes with 1009 when a caller’s message is a byte too long', async () => {
      const { socket, closed } = await connect(`${shub}/echo?id=too-big-${runtime}`)
      const { closed: upstreamClosed } = await upstream.seen(`too-big-${runtime}`)
      socket.send(Buffer.alloc(2 ** 20 + 1))
      expect((await closed)[0]).toBe(1009)
      expect(await upstreamClosed).toEqual([1009, 'message too big'])
    })

    it('closes with 1009 when an upstream’s message is a byte too long', async () => {
      const { socket, closed } = await connect(`${shub}/big?id=big-${runtime}`)
      const { closed: upstreamClosed } = await upstream.seen(`big-${runtime}`)
      socket.send(String(2 ** 20 + 1))
      expect(await closed).toEqual([1009, 'message too big'])
      expect((await upstreamClosed)[0]).toBe(1009)
    })

    it('counts bytes and not characters', async () => {
      const { socket, closed } = await connect(`${shub}/echo`)
      socket.send('é'.repeat(2 ** 19 + 1))
      expect((await closed)[0]).toBe(1009)
    })
  })

  describe('closing', () => {
    it.each([1000, 1001, 1008, 3000, 4999])('passes an upstream’s %i on', async (code) => {
      const { socket, closed } = await connect(`${shub}/close?id=u${code}-${runtime}`)
      const { closed: upstreamClosed } = await upstream.seen(`u${code}-${runtime}`)
      socket.send(String(code))
      expect(await closed).toEqual([code, 'because'])
      expect((await upstreamClosed)[0]).toBe(code)
    })

    it.each([1000, 1001, 1008, 3000, 4999])('passes a caller’s %i on', async (code) => {
      const { socket, closed } = await connect(`${shub}/echo?id=c${code}-${runtime}`)
      const { closed: upstreamClosed } = await upstream.seen(`c${code}-${runtime}`)
      socket.close(code, 'enough')
      expect(await upstreamClosed).toEqual([code, 'enough'])
      expect((await closed)[0]).toBe(code)
    })

    it('passes a close without a code on, both ways', async () => {
      const first = await connect(`${shub}/close`)
      first.socket.send('none')
      expect(await first.closed).toEqual([1005, ''])
      const second = await connect(`${shub}/echo?id=none-${runtime}`)
      const { closed } = await upstream.seen(`none-${runtime}`)
      second.socket.close()
      expect(await closed).toEqual([1005, ''])
    })

    it('tells the caller with 1011 that the upstream died', async () => {
      const { socket, closed } = await connect(`${shub}/close`)
      socket.send('die')
      expect(await closed).toEqual([1011, 'the other end was lost'])
    })

    it('tells the upstream with 1011 that the caller died', async () => {
      const { socket } = await connect(`${shub}/echo?id=gone-${runtime}`)
      const { closed } = await upstream.seen(`gone-${runtime}`)
      socket.terminate()
      expect(await closed).toEqual([1011, 'the other end was lost'])
    })
  })

  describe('the handshake', () => {
    it('offers the caller’s sub-protocols and answers the upstream’s choice', async () => {
      const { socket } = await connect(`${shub}/echo?id=proto-${runtime}`, { protocols: ['audio.v1', 'audio.v2'] })
      expect(socket.protocol).toBe('audio.v2')
      const { request } = await upstream.seen(`proto-${runtime}`)
      expect(request.headers['sec-websocket-protocol']?.replaceAll(' ', '')).toBe('audio.v1,audio.v2')
      socket.close()
    })

    it('answers none when the upstream chose none', async () => {
      // What browsers do then, and ws as well.
      const connecting = connect(`${shub}/echo?choose=none`, { protocols: ['a', 'b'] })
      await expect(connecting).rejects.toThrow('Server sent no subprotocol')
    })

    it('takes an upstream that chooses what was not offered for broken', async () => {
      const response = await refusalOf(`${shub}/echo?choose=other`, { protocols: ['a', 'b'] })
      await expectProblem(response, 'gateway_error')
    })

    it('sends the raw target, ours of the headers, and none of the caller’s credentials', async () => {
      const { socket, headers } = await connect(`${shub}/echo?id=headers-${runtime}&q=%7e|x`, {
        headers: {
          'x-correlation-id': `ws-${runtime}`,
          cookie: 'session=1',
          'x-vx11-signature': 'forged',
          'x-own': 'kept',
        },
        origin,
      })
      expect(headers['x-correlation-id']).toBe(`ws-${runtime}`)
      expect(headers['access-control-allow-origin']).toBe(origin)
      expect(headers.ratelimit).toContain('"protected"')
      const { request } = await upstream.seen(`headers-${runtime}`)
      expect(request.url).toBe(`/echo?id=headers-${runtime}&q=%7e|x`)
      expect(request.headersDistinct).toMatchObject({
        'x-correlation-id': [`ws-${runtime}`],
        'x-vx11-token': ['token-for-shub'],
        'x-forwarded-by': ['tentaculo_link'],
        // `dev:worker` believes no CF-Connecting-IP, which anybody may send there.
        'x-forwarded-for': [runtime === 'Node' ? '127.0.0.1' : 'unknown'],
        'x-own': ['kept'],
        'sec-websocket-version': ['13'],
      })
      expect(request.headers).not.toHaveProperty('sec-websocket-extensions')
      for (const name of ['cookie', 'x-vx11-signature', 'x-vx11-gw-token'])
        expect(request.headers).not.toHaveProperty(name)
      expect(request.rawHeaders.join()).not.toContain(token)
      socket.close()
    })

    it('takes the token as a bearer or as the gateway’s own header, which stay here', async () => {
      for (const [index, headers] of [{ authorization: `Bearer ${token}` }, { 'x-vx11-gw-token': token }].entries()) {
        const id = `bearer-${index}-${runtime}`
        const { socket } = await connect(`${shub}/echo?id=${id}`, { headers: { 'x-vx11-token': '', ...headers } })
        const { request } = await upstream.seen(id)
        expect(request.rawHeaders.join()).not.toContain(token)
        socket.close()
      }
    })
  })

  describe('refusals', () => {
    it('lets nobody in without a token or from a foreign page, and asks no upstream', async () => {
      const before = upstream.upgrades.length
      const noToken = { headers: { 'x-vx11-token': '' } }
      await expectProblem(await refusalOf(`${shub}/echo`, noToken), 'forbidden')
      await expectProblem(await refusalOf(`${shub}/echo?token=${token}&x-vx11-token=${token}`, noToken), 'forbidden')
      await expectProblem(await refusalOf(`${shub}/echo`, { origin: 'https://evil.test' }), 'forbidden')
      await expectProblem(await refusalOf(`${shub}/echo`, { origin: 'null' }), 'forbidden')
      expect((await rawHandshake('/shub/../echo')).answers[0]?.status).not.toBe(101)
      expect((await rawHandshake('/shub/a%2fb')).answers[0]?.status).toBe(400)
      expect(upstream.upgrades.length).toBe(before)
    })

    it('gives the upstream’s own answer when it refuses', async () => {
      const response = await refusalOf(`${shub}/refuse`, { headers: { 'x-correlation-id': 'refused' } })
      expect(response.status).toBe(403)
      expect(response.headers.get('x-why')).toBe('policy')
      expect(response.headers.get('x-correlation-id')).toBe('refused')
      expect(await response.text()).toBe('{"error":"no"}')
    })

    it('follows no redirect', async () => {
      const response = await refusalOf(`${shub}/redirect`)
      expect([response.status, response.headers.get('location')]).toEqual([302, '/echo'])
    })

    it.each([
      ['hang-up', 'shub_unavailable'],
      // To workerd, what is no HTTP at all is a connection that broke.
      ['garble', runtime === 'Node' ? 'gateway_error' : 'shub_unavailable'],
    ] as const)('says what is wrong with an upstream that answers with /%s', async (path, code) => {
      await expectProblem(await refusalOf(`${shub}/${path}`), code)
    })

    it('takes an agreement with the wrong key for broken', async () => {
      const response = await refusalOf(`${shub}/lie`)
      // workerd makes an answer of its own of it, which cannot be told from an upstream's.
      if (runtime === 'Node') await expectProblem(response, 'gateway_error')
      else expect(response.status).toBe(502)
    })

    it('passes an answer on that is too long to be kept', async () => {
      const response = await refusalOf(`${shub}/refuse-at-length`)
      expect(response.status).toBe(404)
      // Node's side keeps 64 KiB; workerd streams.
      expect((await response.arrayBuffer()).byteLength).toBe(runtime === 'Node' ? 0 : 100_000)
    })

    it('refuses a sub-protocol list that is none', async () => {
      const { answers } = await handshake('/shub/echo', 'Sec-WebSocket-Protocol: a, a')
      expect(answers[0]?.status).toBe(422)
      expect(JSON.parse(String(answers[0]?.body))).toMatchObject({ error: 'validation_error' })
    })

    it.each([
      ['version', '8'],
      ['version', ''],
      ['key', ''],
      ['key', 'short'],
    ])('answers a handshake with the %s "%s"', async (part, value) => {
      const { answers } = await rawHandshake('/shub/echo', '', { [part]: value })
      expect(answers[0]?.status).toBe(422)
      if (part === 'version') expect(answers[0]?.headers).toContainEqual(['sec-websocket-version', '13'])
    })
  })

  describe('other upgrades', () => {
    it.each(['/health', '/shub/health', '/vx11/status', '/nowhere'])(
      'answers an upgrade of %s as a plain request',
      async (path) => {
        const plain = await fetch(gateway.url + path)
        const { answers, end } = await handshake(path)
        expect([answers[0]?.status, answers[0]?.complete]).toEqual([plain.status, true])
        expect(end).not.toBe('hung')
      },
    )

    const posted = runtime === 'Node' ? 200 : 400
    it.each([
      ['h2c', 200, 'GET', ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQAAP__']],
      ['two protocols', 200, 'GET', ['Upgrade: websocket, h2c', 'Connection: Upgrade']],
      ['POST', posted, 'POST', ['Upgrade: websocket', 'Connection: Upgrade', 'Content-Length: 0']],
      [
        'POST with a body',
        posted,
        'POST',
        ['Upgrade: websocket', 'Connection: Upgrade', 'Content-Length: 3', '', 'abc'],
      ],
      // workerd asks for no more than the Upgrade header.
      ...(runtime === 'Node' ? ([['no Connection', 200, 'GET', ['Upgrade: websocket']]] as const) : []),
    ] as const)('hands no upgrade on for %s', async (_what, status, method, lines) => {
      const before = upstream.plain.length
      const { answers, end } = await sendRaw(
        gateway.url,
        requestText(method, '/shub/plain', [...handshakeLines(), ...lines]),
        { method },
      )
      expect({ status: answers[0]?.status, hung: end === 'hung' }).toEqual({ status, hung: false })
      // The gateway looks after its health, too.
      const asked = upstream.plain.slice(before).filter(({ url }) => url?.endsWith('/plain'))
      expect(asked).toHaveLength(status === 200 ? 1 : 0)
      expect(asked[0]?.headers.upgrade).toBeUndefined()
    })
  })

  it('gives up on the upstream when the caller leaves before it is answered', async () => {
    const index = upstream.upgrades.length
    const socket = new WebSocket(`${shub.replace('http', 'ws')}/silent`, { headers: { 'x-vx11-token': token } })
    socket.on('error', () => {})
    const attempt = await upstream.upgrade(index)
    socket.terminate()
    // Local workerd does not hear of it (platform facts, trap 11): there, the time limit ends the attempt.
    if (runtime === 'Node') await once(attempt.socket, 'close')
  })

  const handshakeLines = (version = '13', key = 'dGhlIHNhbXBsZSBub25jZQ==') => [
    'Host: gateway',
    `X-VX11-Token: ${token}`,
    `Sec-WebSocket-Version: ${version}`,
    `Sec-WebSocket-Key: ${key}`,
  ]
  const requestText = (method: string, target: string, lines: readonly string[]) => {
    const [head, body = ''] = `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}`.split('\r\n\r\n')
    return `${head}\r\n\r\n${body}`
  }
  /** A handshake by hand: what came back, without a WebSocket library's opinion. */
  const rawHandshake = (target: string, extra = '', { version = '13', key = 'dGhlIHNhbXBsZSBub25jZQ==' } = {}) =>
    sendRaw(
      gateway.url,
      requestText('GET', target, [
        ...handshakeLines(version, key),
        'Connection: Upgrade',
        'Upgrade: websocket',
        ...(extra ? [extra] : []),
      ]),
    )
  const handshake = (target: string, extra = '') => rawHandshake(target, extra)
})

describe('WebSockets on Node alone', () => {
  let upstream: WebSocketUpstream
  beforeAll(async () => {
    upstream = await startWebSocketUpstream()
  })
  afterAll(() => upstream.close())

  it('closes every socket with 1001 at the start of the drain, and ends', async () => {
    const gateway = await startNodeGateway({ SHUB_URL: upstream.url })
    const clients = await Promise.all(['drain-0', 'drain-1'].map((id) => connect(`${gateway.url}/shub/echo?id=${id}`)))
    const exit = once(gateway.process, 'exit')
    gateway.process.kill('SIGTERM')
    for (const { closed } of clients) expect(await closed).toEqual([1001, 'going away'])
    for (const id of ['drain-0', 'drain-1'])
      expect(await (await upstream.seen(id)).closed).toEqual([1001, 'going away'])
    expect((await exit)[0]).toBe(0)
    expect(gateway.output()).toMatch(/"event":"draining".*"count":2/)
    expect(gateway.output()).toMatch(/"event":"websocket_closed".*"upstream":"shub".*"reason":"gateway 1001"/)
    await gateway.stop()
  })

  it('ends in time when nobody answers the close', async () => {
    const gateway = await startNodeGateway({ SHUB_URL: upstream.url })
    const { socket } = await connect(`${gateway.url}/shub/echo`)
    // It will not even read.
    socket.pause()
    const exit = once(gateway.process, 'exit')
    gateway.process.kill('SIGTERM')
    expect((await exit)[0]).toBe(0)
    socket.terminate()
    await gateway.stop()
  })

  it('says that the upstream is not there, or dormant', async () => {
    const gateway = await startNodeGateway({ SHUB_URL: `http://127.0.0.1:${await freePort()}` })
    await expectProblem(await refusalOf(`${gateway.url}/shub/echo`), 'shub_unavailable')
    await gateway.stop()
    const dormant = await startNodeGateway()
    const { detail } = await expectProblem(await refusalOf(`${dormant.url}/shub/echo`), 'shub_unavailable')
    expect(detail).toContain('dormant')
    await dormant.stop()
  })

  it('compresses nothing, whatever the caller offers', async () => {
    const gateway = await startNodeGateway({ SHUB_URL: upstream.url })
    const { socket } = await connect(`${gateway.url}/shub/echo`)
    expect(socket.extensions).toBe('')
    socket.terminate()
    await gateway.stop()
  })

  it('lets a fast upstream wait for a slow caller, and keeps its own memory', async () => {
    const gateway = await startNodeGateway({ SHUB_URL: upstream.url })
    const { socket, next } = await connect(`${gateway.url}/shub/flood?id=flood`)
    const flood = await upstream.seen('flood')
    await next()
    socket.pause()
    await untilStill(() => flood.flooded)
    const stalledAt = flood.flooded
    // What two pairs of socket buffers and the gateway's bound can hold.
    expect(stalledAt).toBeLessThan(32 * 2 ** 20)
    expect(await residentMiB(gateway.process.pid ?? 0)).toBeLessThan(200)
    socket.resume()
    while (flood.flooded < stalledAt + 2 ** 22) await next()
    socket.terminate()
    await flood.closed
    await gateway.stop()
  })
})

/** Resolves when the number has not changed for a while. */
async function untilStill(read: () => number): Promise<void> {
  for (let before = -1; before !== read(); await wait(150)) before = read()
}
