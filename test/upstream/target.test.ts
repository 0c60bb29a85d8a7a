import { describe, expect, it } from 'vitest'
import type { UpstreamName } from '../../src/config/config.ts'
import { GatewayError, TransportError, type TransportFailure } from '../../src/errors/gateway-error.ts'
import type { Transport, TransportInit } from '../../src/ports/index.ts'
import { upstreamFor } from '../../src/upstream/target.ts'

const init = { method: 'GET', headers: {}, body: null }
const url = { kind: 'url', url: 'http://shub:8007/base' } as const

function recorder() {
  const calls: { url: string; init: TransportInit }[] = []
  const transport: Transport = async (calledUrl, given) => {
    calls.push({ url: calledUrl, init: given })
    return { status: 200, headers: {}, body: null }
  }
  return { calls, transport }
}

const failing = (failure: TransportFailure) => ({ url: () => Promise.reject(new TransportError(failure)) })

describe('upstreamFor', () => {
  it('joins the target to the configured URL, with the default time limits', async () => {
    const { calls, transport } = recorder()
    await upstreamFor('shub', url, { url: transport })?.('/a%20b?c', init)
    const limits = { connectMs: 2000, firstByteMs: 30_000, idleMs: 30_000 }
    expect(calls).toEqual([{ url: 'http://shub:8007/base/a%20b?c', init: { ...init, limits } }])
  })

  it('takes shorter limits one by one', async () => {
    const { calls, transport } = recorder()
    await upstreamFor('shub', url, { url: transport })?.('/', { ...init, limits: { firstByteMs: 2000 } })
    expect(calls[0]?.init.limits).toEqual({ connectMs: 2000, firstByteMs: 2000, idleMs: 30_000 })
  })

  it('calls embedded and bound upstreams by their own transport', async () => {
    const [embedded, bound, network] = [recorder(), recorder(), recorder()]
    const transports = {
      url: network.transport,
      embedded: embedded.transport,
      binding: (name: string) => (name === 'MADRE' ? bound.transport : undefined),
    }
    await upstreamFor('madre', { kind: 'embedded' }, transports)?.('/madre/chat', init)
    await upstreamFor('madre', { kind: 'binding', binding: 'MADRE' }, transports)?.('/madre/chat', init)
    expect([embedded.calls[0]?.url, bound.calls[0]?.url]).toEqual([
      'http://madre/madre/chat',
      'http://madre/madre/chat',
    ])
    expect(network.calls).toEqual([])
    expect(upstreamFor('madre', { kind: 'binding', binding: 'OTHER' }, transports)).toBeUndefined()
  })

  it('is undefined for a dormant upstream', () => {
    expect(upstreamFor('shub', { kind: 'dormant' }, { url: recorder().transport })).toBeUndefined()
  })

  it('refuses an unsafe target before anything is called', async () => {
    const { calls, transport } = recorder()
    const answer = upstreamFor('shub', url, { url: transport })?.('/../secret', init)
    await expect(answer).rejects.toEqual(new GatewayError('bad_request_target'))
    expect(calls).toEqual([])
  })

  it.each<[UpstreamName, TransportFailure, string]>([
    ['shub', 'unreachable', 'shub_unavailable'],
    ['shub', 'reset', 'shub_unavailable'],
    ['shub', 'timeout', 'shub_unavailable'],
    ['shub', 'malformed', 'gateway_error'],
    ['madre', 'unreachable', 'madre_unavailable'],
    ['madre', 'timeout', 'upstream_timeout'],
    ['switch', 'reset', 'switch_unavailable'],
    ['switch', 'malformed', 'upstream_malformed'],
    ['hermes', 'unreachable', 'upstream_unavailable'],
    ['hermes', 'aborted', 'client_closed_request'],
    ['shub', 'body_too_large', 'body_too_large'],
  ])('calls it, when %s fails with %s, %s', async (name, failure, code) => {
    const answer = upstreamFor(name, url, failing(failure))?.('/', init)
    await expect(answer).rejects.toMatchObject({ name: 'GatewayError', code, cause: { failure } })
  })
})
