/** Which upstreams speak WebSocket, and what a handshake with one of them carries. */
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { GatewayError, TransportError } from '../../src/errors.ts'
import type { WebSocketInit, WebSocketTransport } from '../../src/ports.ts'
import { connectWebSockets } from '../../src/upstream/websocket-target.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { fakeRandom } from '../support/fake-random.ts'
import { fakePeer } from '../support/websocket-peer.ts'

function connect(env: Record<string, string>, answer?: WebSocketTransport) {
  const calls: { url: string; init: WebSocketInit }[] = []
  const opened = { peer: fakePeer(), protocol: null, headers: {} }
  const url: WebSocketTransport = (target, init) => {
    calls.push({ url: target, init })
    return answer ? answer(target, init) : Promise.resolve(opened)
  }
  const config = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'link-token-for-tests', ...env })
  const setup = { config, clock: fakeClock(), random: fakeRandom(), transports: { url } }
  return { upstreams: connectWebSockets(setup), calls, opened }
}

const shub = { SHUB_URL: 'http://shub.test:8007/audio/' }
const handshake = { headers: { 'x-correlation-id': 'c-1' }, protocols: ['a'] }

it('leaves out what is dormant, embedded or a binding that the platform lacks', () => {
  const { upstreams } = connect({ ...shub, MADRE_URL: 'embedded', SWITCH_URL: 'binding:SWITCH' })
  expect(Object.keys(upstreams)).toEqual(['shub'])
})

it('keeps the raw path below the base URL, and refuses an unsafe one', async () => {
  const { upstreams, calls, opened } = connect(shub)
  expect(await upstreams.shub?.('/live?a=%7e', handshake)).toBe(opened)
  expect(calls).toEqual([
    {
      url: 'http://shub.test:8007/audio/live?a=%7e',
      init: { ...handshake, limits: { connectMs: 2000, firstByteMs: 30_000, idleMs: 30_000 } },
    },
  ])
  await expect(upstreams.shub?.('/../x', handshake)).rejects.toMatchObject({ code: 'bad_request_target' })
})

it('signs for shub’s entry guard where there is a secret', async () => {
  const { upstreams, calls } = connect({ ...shub, VX11_TENTACULO_LINK_SHARED_SECRET: 'shared-secret-for-tests' })
  await upstreams.shub?.('/live', handshake)
  expect(calls[0]?.init.headers).toMatchObject({
    'x-vx11-entry': 'tentaculo_link',
    'x-vx11-correlation-id': 'c-1',
    'x-vx11-signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

it('keeps the caller’s deadline', async () => {
  const { upstreams, calls } = connect(shub)
  await upstreams.shub?.('/live', { ...handshake, headers: { 'x-vx11-deadline-ms': '250' } })
  expect(calls[0]?.init.limits).toEqual({ connectMs: 250, firstByteMs: 250, idleMs: 250 })
})

describe('a failure', () => {
  it.each([
    ['unreachable', 'shub_unavailable'],
    ['timeout', 'shub_unavailable'],
    ['malformed', 'gateway_error'],
    ['aborted', 'client_closed_request'],
  ] as const)('by %s is told as %s', async (failure, code) => {
    const { upstreams } = connect(shub, () => Promise.reject(new TransportError(failure)))
    const error = await upstreams.shub?.('/live', handshake).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(GatewayError)
    expect(error).toMatchObject({ code })
  })

  it('of the upstream’s own making is its answer', async () => {
    const refusal = { status: 403, headers: {}, body: null }
    const { upstreams } = connect(shub, async () => refusal)
    expect(await upstreams.shub?.('/live', handshake)).toEqual(refusal)
  })
})
