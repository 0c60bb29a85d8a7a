import { expect, it } from 'vitest'
import { responseHeaders } from '../../../src/upstream/headers/response-headers.ts'

const ours = { via: '1.1 gate' }

it('passes end-to-end headers on, repeated ones and several cookies included', () => {
  const fields = {
    'content-type': 'text/plain',
    'content-encoding': 'gzip',
    'content-length': '70',
    'set-cookie': ['a=1', 'b=2'],
    link: ['<a>', '<b>'],
    vary: 'accept-encoding',
  }
  expect(responseHeaders(200, fields, 'gate')).toEqual({ ...fields, via: '1.1 gate' })
})

it.each([
  'connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade',
  'alt-svc expect x-correlation-id access-control-allow-origin access-control-allow-credentials ratelimit ratelimit-policy',
  'x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset',
  'ratelimit-limit ratelimit-remaining ratelimit-reset x-vx11-decision x_vx11_decision x_correlation_id',
  'x-vx11-token x_vx11_token x-vx11-gw-token x-vx11-signature x-vx11-principal x-vx11-ignored-parameters x-vx11-woken',
])('drops %s', (names) => {
  const fields = Object.fromEntries(names.split(' ').map((name) => [name, 'x']))
  expect(responseHeaders(200, fields, 'gate')).toEqual(ours)
})

it('drops what Connection names, on one line or several', () => {
  expect(responseHeaders(200, { connection: 'close, X-Hop', 'x-hop': '1', 'x-stays': '1' }, 'gate')).toEqual({
    ...ours,
    'x-stays': '1',
  })
  expect(responseHeaders(200, { connection: ['x-a', 'x-b'], 'x-a': '1', 'x-b': '1' }, 'gate')).toEqual(ours)
})

it('leaves the upstream’s own fields as they were', () => {
  const fields = { connection: 'close', a: '1' }
  responseHeaders(200, fields, 'gate')
  expect(fields).toEqual({ connection: 'close', a: '1' })
})

it.each([
  [204, undefined],
  [205, '0'],
  [304, '5'],
  [200, '5'],
])('with status %i says that the content has the length %s', (status, length) => {
  expect(responseHeaders(status, { 'content-length': '5' }, 'gate')['content-length']).toBe(length)
})

it('adds itself to Via, on one line or several', () => {
  expect(responseHeaders(200, { via: ['1.1 a', '1.0 b'] }, 'gate').via).toBe('1.1 a, 1.0 b, 1.1 gate')
})

it('forwards names that objects inherit', () => {
  expect(responseHeaders(200, { constructor: 'x' }, 'gate')).toEqual({ ...ours, constructor: 'x' })
})
