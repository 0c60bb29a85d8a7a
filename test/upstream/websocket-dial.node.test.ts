/** Opening WebSockets over the ws package: time limits, and what a failure is called. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeDialer } from '../../src/adapters/websocket-node/dial.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import type { OpenedWebSocket, WebSocketInit } from '../../src/ports/index.ts'
import { Relay, relayRules } from '../../src/upstream/websocket/relay.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { freePort } from '../support/free-port.ts'
import { fakePeer } from '../support/websocket-peer.ts'
import { startWebSocketUpstream, type WebSocketUpstream } from '../support/websocket-upstream.ts'

const dial = nodeDialer(relayRules.maxMessageBytes)
const init: WebSocketInit = { headers: {}, protocols: [], limits: { connectMs: 1000, firstByteMs: 1000, idleMs: 1000 } }

let upstream: WebSocketUpstream
beforeAll(async () => {
  upstream = await startWebSocketUpstream()
})
afterAll(() => upstream.close())

async function open(path: string, more: Partial<WebSocketInit> = {}): Promise<OpenedWebSocket> {
  const answer = await dial(upstream.url + path, { ...init, ...more })
  if (!('peer' in answer)) throw new Error(`refused with ${answer.status}`)
  return answer
}

describe('a failure has the name of its cause', () => {
  const failureOf = async (url: string, more: Partial<WebSocketInit> = {}) => {
    const error = await dial(url, { ...init, ...more }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(TransportError)
    return (error as TransportError).failure
  }

  it('unreachable, when nobody listens', async () => {
    expect(await failureOf(`http://127.0.0.1:${await freePort()}/`)).toBe('unreachable')
  })

  it('timeout, when the upstream takes the connection and says nothing', async () => {
    const limits = { connectMs: 1000, firstByteMs: 50, idleMs: 1000 }
    expect(await failureOf(`${upstream.url}/silent`, { limits })).toBe('timeout')
  })

  it('timeout, when the connection itself takes too long', async () => {
    // TLS to a server that never answers the hello.
    const mute = createServer(() => {}).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const { port } = mute.address() as { port: number }
    const limits = { connectMs: 50, firstByteMs: 5000, idleMs: 1000 }
    expect(await failureOf(`https://127.0.0.1:${port}/`, { limits })).toBe('timeout')
    mute.close()
  })

  it.each([
    ['reset', '/hang-up'],
    ['malformed', '/garble'],
    ['malformed', '/lie'],
    ['malformed', '/echo?choose=other'],
  ])('%s, for an answer like that of %s', async (failure, path) => {
    expect(await failureOf(upstream.url + path, { protocols: ['a'] })).toBe(failure)
  })

  it('aborted, before, while it waits, and not once it is open', async () => {
    expect(await failureOf(`${upstream.url}/echo`, { signal: AbortSignal.abort() })).toBe('aborted')
    const leaving = new AbortController()
    const index = upstream.upgrades.length
    const failure = failureOf(`${upstream.url}/silent`, { signal: leaving.signal })
    const attempt = await upstream.upgrade(index)
    leaving.abort()
    expect(await failure).toBe('aborted')
    await once(attempt.socket, 'close')

    const later = new AbortController()
    const { peer } = await open('/echo', { signal: later.signal })
    later.abort()
    const answer = new Promise((resolve) => peer.listen({ message: resolve, closed: resolve, alive: () => {} }))
    peer.send('still here')
    expect(await answer).toBe('still here')
    peer.terminate()
  })
})

it('keeps the raw path, below a base path too', async () => {
  const { peer } = await open('/echo?id=raw&a=%7e|{}"<>')
  expect((await upstream.seen('raw')).request.url).toBe('/echo?id=raw&a=%7e|{}"<>')
  peer.terminate()
})

it('gives a refusal with its body, its repeated fields and without one that is too long', async () => {
  const refused = await dial(`${upstream.url}/refuse`, init)
  expect(refused).toMatchObject({ status: 403, headers: { 'x-why': 'policy' }, body: Buffer.from('{"error":"no"}') })
  const long = await dial(`${upstream.url}/refuse-at-length`, init)
  expect(long).toMatchObject({ status: 404, body: null })
  expect(long.headers).not.toHaveProperty('content-length')
})

describe('real pings', () => {
  async function startRelay(id: string) {
    const clock = fakeClock()
    const caller = fakePeer('workerd')
    const { peer } = await open(`/echo?id=${id}`)
    const { socket } = await upstream.seen(id)
    const relay = new Relay(caller, peer, { clock, rules: relayRules, ended: () => {}, finished: () => {} })
    return { clock, caller, socket, relay }
  }

  it('are answered by an upstream that reads', async () => {
    const { clock, caller, socket, relay } = await startRelay('reads')
    for (let i = 0; i < 3; i++) {
      const pinged = once(socket, 'ping')
      await clock.advance(relayRules.pingEveryMs)
      await pinged
      // What comes behind the pong tells that it came.
      const received = new Promise((resolve) => {
        caller.send = resolve
      })
      socket.send('behind the pong')
      await received
    }
    expect(socket.readyState).toBe(socket.OPEN)
    relay.terminate()
  })

  it('end an upstream that does not', async () => {
    const { clock, caller, socket } = await startRelay('reads-not')
    socket.pause()
    const told = new Promise((resolve) => {
      caller.close = resolve
    })
    await clock.advance(relayRules.pingEveryMs)
    await clock.advance(relayRules.pingEveryMs)
    expect(await told).toBe(1011)
    socket.terminate()
  })
})
