import { expect, it } from 'vitest'
import { responseHeaders } from '../../../src/upstream/headers/response-headers.ts'

it('passes end-to-end headers on, repeated ones and several cookies included', () => {
  const fields = {
    'content-type': 'text/plain',
    'content-encoding': 'gzip',
    'content-length': '70',
    'set-cookie': ['a=1', 'b=2'],
    link: ['<a>', '<b>'],
    vary: 'accept-encoding',
  }
  expect(responseHeaders(fields)).toEqual(fields)
})

it.each([
  'connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade',
  'alt-svc x-correlation-id access-control-allow-origin access-control-allow-credentials access-control-expose-headers',
])('drops %s', (names) => {
  expect(responseHeaders(Object.fromEntries(names.split(' ').map((name) => [name, 'x'])))).toEqual({})
})

it('drops what Connection names, on one line or several', () => {
  expect(responseHeaders({ connection: 'close, X-Hop', 'x-hop': '1', 'x-stays': '1' })).toEqual({ 'x-stays': '1' })
  expect(responseHeaders({ connection: ['x-a', 'x-b'], 'x-a': '1', 'x-b': '1' })).toEqual({})
})

it('leaves the upstream’s own fields as they were', () => {
  const fields = { connection: 'close', a: '1' }
  responseHeaders(fields)
  expect(fields).toEqual({ connection: 'close', a: '1' })
})
