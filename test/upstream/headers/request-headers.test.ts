import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Forwarding, ownRequestHeaders, requestHeaders } from '../../../src/upstream/headers/request-headers.ts'

const forwarding: Forwarding = {
  correlationId: 'c-1',
  upstreamToken: 'upstream-token',
  clientAddress: '192.0.2.7',
  protocol: 'https',
  trustsProxy: false,
  ownsAuthorization: false,
  via: 'gate',
}
const sent = (caller: Record<string, string> | [string, string][], over: Partial<Forwarding> = {}) =>
  requestHeaders(Object.fromEntries(new Headers(caller)), { ...forwarding, ...over })

const ours = {
  'x-forwarded-by': 'tentaculo_link',
  'x-correlation-id': 'c-1',
  'x-vx11-token': 'upstream-token',
  'x-forwarded-for': '192.0.2.7',
  'x-forwarded-proto': 'https',
  via: '1.1 gate',
}

describe('requestHeaders', () => {
  it('passes end-to-end headers on and says who forwards, for whom', () => {
    expect(sent({ accept: 'audio/wav', 'content-length': '5', 'accept-encoding': 'br', 'x-own': '1' })).toEqual({
      ...ours,
      accept: 'audio/wav',
      'content-length': '5',
      'accept-encoding': 'br',
      'x-own': '1',
    })
  })

  it.each([
    'connection keep-alive proxy-connection te trailer transfer-encoding upgrade host expect alt-svc',
    'proxy-authorization proxy-authenticate x-vx11-gw-token cookie forwarded x-real-ip x-forwarded-port',
    'x-forwarded-prefix x-forwarded-server x-forwarded cf-connecting-ip true-client-ip x-original-url x-vx11-principal',
    'x-forwarded-ssl x_forwarded_ssl x-forwarded-user x-original-host x-original-forwarded-for fastly-client-ip x-host',
    'x_vx11_signature X_VX11-Token x_forwarded_for transfer_encoding content_length x_real_ip http2-settings',
    'x-vx11-entry x-vx11-request-id x-vx11-correlation-id x-vx11-timestamp x-vx11-nonce x-vx11-signature',
  ])('drops %s', (names) => {
    const { 'x-forwarded-host': _, ...fields } = sent(names.split(' ').map((name): [string, string] => [name, 'x']))
    expect(fields).toEqual(ours)
  })

  it('drops what Connection names, in any case, but nothing that it sets itself', () => {
    const connection = 'close, X-Hop , x-vx11-token,X-Correlation-ID, x-forwarded-by, x-forwarded-for'
    expect(sent({ connection, 'x-hop': '1', 'x-stays': '1' })).toEqual({ ...ours, 'x-stays': '1' })
  })

  it('replaces a token and a correlation id that the caller sent', () => {
    expect(sent({ 'X-VX11-Token': 'gateway', 'X-Correlation-ID': 'theirs' })).toEqual(ours)
    expect(sent({ 'X-VX11-Token': 'gateway' }, { upstreamToken: null })).not.toHaveProperty('x-vx11-token')
  })

  it('passes a bearer on unless it was the credential of the gateway', () => {
    const caller = { authorization: 'Bearer window' }
    expect(sent(caller)).toMatchObject(caller)
    expect(sent(caller, { ownsAuthorization: true })).toEqual(ours)
  })

  it('believes X-Forwarded-* of a trusted proxy only', () => {
    const caller = {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'a.example',
      host: 'b',
    }
    expect(sent(caller)).toEqual({ ...ours, 'x-forwarded-host': 'b' })
    expect(sent(caller, { trustsProxy: true })).toEqual({
      ...ours,
      'x-forwarded-for': '203.0.113.9, 192.0.2.7',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'a.example',
    })
  })

  it('adds itself to Via', () => {
    expect(sent({ via: '1.0 fred, 1.1 p.example' }).via).toBe('1.0 fred, 1.1 p.example, 1.1 gate')
  })

  it('forwards names that objects inherit', () => {
    const caller = { constructor: 'a', tostring: 'b', valueof: 'c' }
    expect(requestHeaders(caller, forwarding)).toMatchObject(caller)
  })

  it('passes trace context once', () => {
    const caller = { traceparent: '00-a-b-01, 00-c-d-01', tracestate: 'x=1,y=2' }
    expect(requestHeaders(caller, forwarding)).toMatchObject({ traceparent: '00-a-b-01', tracestate: 'x=1,y=2' })
  })

  it('lets the configured headers win', () => {
    const extraHeaders = { 'cf-access-client-id': 'id', accept: 'text/plain' }
    expect(sent({ accept: '*/*', 'cf-access-client-id': 'theirs' }, { extraHeaders })).toMatchObject(extraHeaders)
  })

  it('never forwards a gateway secret, whatever Connection says', () => {
    const names = fc.constantFrom(
      'x-vx11-token',
      'x-vx11-gw-token',
      'cookie',
      'authorization',
      'x-vx11-signature',
      'x-a',
    )
    fc.assert(
      fc.property(fc.array(names), fc.array(names), (carried, named) => {
        const secrets = carried.map((name): [string, string] => [name, 'gateway-secret'])
        const caller = Object.fromEntries([...secrets, ['connection', named.join(', ')]])
        const fields = requestHeaders(caller, { ...forwarding, ownsAuthorization: true })
        const { 'x-a': _, ...rest } = fields
        expect(Object.values(rest)).not.toContain('gateway-secret')
        expect(fields).toMatchObject(ours)
      }),
    )
  })
})

describe('ownRequestHeaders', () => {
  it('asks for an answer that the gateway can read without decoding', () => {
    expect(
      ownRequestHeaders({ correlationId: 'c-1', upstreamToken: 't', via: 'gate', extraHeaders: { a: 'b' } }),
    ).toEqual({
      'accept-encoding': 'identity',
      'x-forwarded-by': 'tentaculo_link',
      'x-correlation-id': 'c-1',
      'x-vx11-token': 't',
      via: '1.1 gate',
      a: 'b',
    })
  })
})
