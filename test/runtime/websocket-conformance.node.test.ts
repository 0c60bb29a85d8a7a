/** The families of the Autobahn suite against both runtimes: /ws, and through the proxy to an upstream that echoes. */
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Case, casesFor, type Endpoint } from '../support/conformance/cases.ts'
import { type Expected, expectedOn } from '../support/conformance/deviations.ts'
import { close } from '../support/conformance/frames.ts'
import { openRaw } from '../support/conformance/raw-websocket.ts'
import { type Gateway, runtimes } from '../support/gateways.ts'
import { stuckMs } from '../support/stuck.ts'
import { startWebSocketUpstream, type WebSocketUpstream } from '../support/websocket-upstream.ts'

/** /ws echoes JSON objects. */
const socket: Omit<Endpoint, 'answersInOrder'> = {
  before: '{"t":"',
  after: '"}',
  takesBinary: false,
  maxMessageBytes: 2 ** 20,
}

const proxied: Endpoint = {
  before: '',
  after: '',
  takesBinary: true,
  maxMessageBytes: 2 ** 20,
  answersInOrder: false,
}

describe.each(runtimes)('the WebSocket protocol on %s', (runtime, startGateway) => {
  let gateway: Gateway
  let upstream: WebSocketUpstream

  beforeAll(async () => {
    upstream = await startWebSocketUpstream()
    gateway = await startGateway({ SHUB_URL: upstream.url, VX11_RATE_LIMIT_PROTECTED: '1000000' })
  })
  afterAll(async () => {
    await Promise.all([gateway?.stop(), upstream?.close()])
  })

  describe.each(Object.entries(casesFor(proxied)))('through the proxy: %s', (_family, cases) => {
    it.each(cases.map((each) => [each.name, each] as const))('%s', (_name, each) => hold('/shub/echo', each))
  })

  const ours = casesFor({ ...socket, answersInOrder: runtime === 'Node' })
  describe.each(Object.entries(ours))('at /ws: %s', (_family, cases) => {
    it.each(cases.map((each) => [each.name, each] as const))('%s', (_name, each) => hold('/ws', each))
  })

  async function hold(path: string, each: Case): Promise<void> {
    const expected = expectedOn(runtime, each)
    if (expected) return expect(await run(path, each, expected)).toEqual(outcome(expected))
    // Nothing of this connection can be relied on, but the next one works.
    await run(path, each, { got: [], closes: null, faults: [] })
    expect(await run(path, ...plain)).toEqual(outcome(plain[1]))
  }

  async function run(path: string, { send, drip }: Pick<Case, 'send' | 'drip'>, expected: Expected) {
    const socket = await openRaw(gateway.url, path)
    try {
      if (path === '/ws') await socket.heard(({ got }) => got.length > 0)
      if (drip) await socket.drip(Buffer.concat(send), drip)
      else socket.send(...send)
      if (expected.closes === undefined) {
        await socket.heard(({ got }) => hasAll(messages(got), expected.got))
        socket.send(close(1000))
      }
      const patience = expected.closes === null || expected.closes === 'never' ? 2000 : stuckMs
      const { got, close: closed, faults } = await socket.heard((heard) => heard.close !== null, patience)
      return outcome({ got: messages(got), faults, closes: closed ? closed.code : 'never' })
    } finally {
      socket.destroy()
    }
  }
})

const plain: [Pick<Case, 'send'>, Expected] = [{ send: [close(1000)] }, { got: [], closes: 1000, faults: [] }]

/** Of several pings a server may answer the last alone (RFC 6455 §5.5.3); a connection that goes on is closed by us. */
const outcome = ({ got, closes = 1000, faults }: Expected) => ({
  got: got.filter((each, i) => !(isPong(each) && isPong(got[i + 1]))),
  closes,
  faults,
})

/** The last one came as often as it is expected; of several pings one answer is enough. */
function hasAll(got: Expected['got'], expected: Expected['got']): boolean {
  const last = expected.at(-1)
  const times = (list: Expected['got']) => list.filter((each) => isDeepStrictEqual(each, last)).length
  return times(got) >= (isPong(last) ? 1 : times(expected))
}

/** Without what /ws says of itself. */
const messages = (got: Expected['got']) =>
  got.filter((each) => typeof each !== 'string' || !each.startsWith('{"channel":"control"'))

const isPong = (heard: Expected['got'][number] | undefined) =>
  typeof heard === 'object' && !Buffer.isBuffer(heard) && 'pong' in heard
