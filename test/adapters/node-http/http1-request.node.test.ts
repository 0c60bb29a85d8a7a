/** The head that leaves for an upstream is one request, whatever the caller's fields hold. */
import { describe, expect, it } from 'vitest'
import { type OutgoingRequest, requestHead } from '../../../src/adapters/node-http/http1/request-head.ts'

const head = (over: Partial<OutgoingRequest> = {}) =>
  requestHead({ method: 'GET', target: '/a?b', headers: {}, body: null, ...over }, 'shub:8007')

describe('a request head', () => {
  it('names the host, unless the headers do', () => {
    expect(head()).toBe('GET /a?b HTTP/1.1\r\nhost: shub:8007\r\nconnection: keep-alive\r\n\r\n')
    expect(head({ headers: { host: 'other' } })).toBe(
      'GET /a?b HTTP/1.1\r\nconnection: keep-alive\r\nhost: other\r\n\r\n',
    )
  })

  it('writes repeated fields one by one', () => {
    expect(head({ headers: { 'x-a': ['1', '2'], 'x-b': '\xff' } })).toContain('x-a: 1\r\nx-a: 2\r\nx-b: \xff\r\n')
  })

  it.each([
    [{ method: 'GET' }, null],
    [{ method: 'DELETE', headers: { 'content-length': '0' } }, 0],
    [{ method: 'GET', headers: { 'content-length': '7' } }, null],
    [{ method: 'POST' }, 0],
    [{ method: 'PUT', headers: { 'content-length': '7' }, body: new Uint8Array(3) }, 3],
  ])('says the length of %j: %s', (request, length) => {
    expect(/content-length: (\d+)/.exec(head(request))?.[1]).toBe(length === null ? undefined : String(length))
  })

  it.each([
    { headers: { 'x-a': 'b\r\nx-evil: 1' } },
    { headers: { 'x-a': ['ok', 'b\nc'] } },
    { headers: { 'x-a': '\u0100' } },
    { headers: { 'x-a': '\0' } },
    { headers: { 'x a': 'b' } },
    { headers: { 'x-a:': 'b' } },
    { headers: { '': 'b' } },
    { headers: { 'transfer-encoding': 'chunked' } },
    { headers: { connection: 'close' } },
    { target: '/a b' },
    { target: '/a\r\n' },
    { target: 'a' },
    { target: '/\u0100' },
    { method: 'GET /x' },
    { method: '' },
  ])('refuses %j', (request) => {
    expect(() => head(request)).toThrow('malformed')
  })
})
