/** How answers are read from the bytes of a connection: wherever the network cuts them, and whatever is wrong in them. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Controller, Handler } from '../../../src/adapters/node-http/http1/handler.ts'
import { ResponseReader } from '../../../src/adapters/node-http/http1/response-reader.ts'
import type { HeaderFields } from '../../../src/ports/index.ts'

interface Told {
  statuses: number[]
  headers: HeaderFields
  body: string
  ended: boolean
}

function readerOf(method = 'GET') {
  const told: Told = { statuses: [], headers: {}, body: '', ended: false }
  const controller: Controller = { paused: false, aborted: false, pause() {}, resume() {}, abort() {} }
  const handler: Handler = {
    onRequestStart() {},
    onResponseStart(_, status, headers) {
      told.statuses.push(status)
      told.headers = headers
    },
    onResponseData(_, chunk) {
      told.body += chunk.toString('latin1')
    },
    onResponseEnd() {
      told.ended = true
    },
    onResponseError() {},
  }
  return { told, reader: new ResponseReader(method, handler, controller) }
}

/** Reads the text in the pieces that `cuts` make of it. */
function readIn(text: string, cuts: readonly number[], method?: string) {
  const { told, reader } = readerOf(method)
  const places = [...new Set([0, ...cuts.map((cut) => cut % text.length), text.length])].toSorted((a, b) => a - b)
  for (let index = 1; index < places.length; index++)
    reader.read(Buffer.from(text.slice(places[index - 1], places[index]), 'latin1'))
  return { told, reader }
}

const chunks = (...parts: string[]) =>
  `${parts.map((part) => `${part.length.toString(16)};ext="a b"\r\n${part}\r\n`).join('')}0\r\nx-late: yes\r\n\r\n`
const ok = 'HTTP/1.1 200 OK\r\n'

const cutAnywhere = fc.array(fc.nat(2000), { maxLength: 40 })

describe('an answer', () => {
  it.each([
    ['of known length', `${ok}content-length: 11\r\n\r\nhello world`],
    ['in chunks', `${ok}transfer-encoding: CHUNKED\r\n\r\n${chunks('hello', ' wor', 'ld')}`],
    ['behind interim answers', `HTTP/1.1 103 Early\r\nlink: <a>\r\n\r\n${ok}content-length: 11\r\n\r\nhello world`],
  ])('%s is the same wherever it is cut', (_, text) => {
    fc.assert(
      fc.property(cutAnywhere, (cuts) => {
        const { told, reader } = readIn(text, cuts)
        expect(told).toMatchObject({ body: 'hello world', ended: true })
        expect([told.statuses.at(-1), reader.over, reader.reusable]).toEqual([200, true, true])
      }),
    )
  })

  it('has the body that any chunks make', () => {
    const part = fc.string({ unit: fc.constantFrom('\r', '\n', '0', 'a', '\xff'), minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), cutAnywhere, (parts, cuts) => {
        const { told } = readIn(`${ok}transfer-encoding: chunked\r\n\r\n${chunks(...parts)}`, cuts)
        expect(told).toMatchObject({ body: parts.join(''), ended: true })
      }),
    )
  })

  it('that ends with its connection is complete then, and not before', () => {
    const { told, reader } = readIn(`${ok}\r\nuntil the end`, [])
    expect(told.ended).toBe(false)
    reader.end()
    expect(told).toMatchObject({ body: 'until the end', ended: true })
    expect(reader.reusable).toBe(false)
  })

  it.each([`${ok}content-length: 5\r\n\r\nhell`, `${ok}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`, ok])(
    'that breaks off is no answer: %j',
    (text) => {
      const { reader } = readIn(text, [])
      expect(() => reader.end()).toThrow('reset')
    },
  )

  it.each([
    ['HEAD', `${ok}content-length: 5\r\n\r\n`],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n'],
    ['GET', `${ok}content-length: 0\r\n\r\n`],
  ])('has no body for %s %j', (method, text) => {
    const { told, reader } = readIn(text, [], method)
    expect(told).toMatchObject({ body: '', ended: true })
    expect(reader.reusable).toBe(true)
  })

  it.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'connection: x, Close\r\n', false],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'connection: Keep-Alive\r\n', true],
  ])('%s with %j leaves its connection open: %s', (version, field, open) => {
    expect(readIn(`${version} 200 OK\r\n${field}content-length: 2\r\n\r\nok`, []).reader.reusable).toBe(open)
  })

  it('with bytes behind it is the last on its connection', () => {
    const { told, reader } = readIn(`${ok}content-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n`, [])
    expect(told).toMatchObject({ statuses: [200], body: 'ok', ended: true })
    expect(reader.reusable).toBe(false)
  })

  it('keeps repeated fields apart, and blanks out of values', () => {
    const { told } = readIn(`${ok}Set-Cookie: a=1\r\nset-cookie:\t b=2 \t\r\nX-Empty:\r\ncontent-length: 0\r\n\r\n`, [])
    expect(told.headers).toEqual({ 'set-cookie': ['a=1', 'b=2'], 'x-empty': '', 'content-length': '0' })
  })

  it('keeps names that objects inherit, and nothing that would change an object', () => {
    const { told } = readIn(
      `${ok}Constructor: a\r\nconstructor: b\r\nToString: c\r\n__proto__: d\r\ncontent-length: 0\r\n\r\n`,
      [],
    )
    expect({ ...told.headers }).toEqual({ constructor: ['a', 'b'], tostring: 'c', 'content-length': '0' })
  })

  it('may have a head of 64 KiB', () => {
    const { told } = readIn(`${ok}x: ${'y'.repeat(65_000)}\r\ncontent-length: 0\r\n\r\n`, [])
    expect(told.ended).toBe(true)
  })

  it('says how long an idle connection stays', () => {
    expect(readIn(`${ok}keep-alive: timeout=5, max=3\r\ncontent-length: 0\r\n\r\n`, []).reader.idleHintS).toBe(5)
    expect(readIn(`${ok}content-length: 0\r\n\r\n`, []).reader.idleHintS).toBeNull()
  })
})

describe('what is malformed', () => {
  it.each([
    'HTTP/2 200\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 2000 OK\r\n\r\n',
    'HTTP/1.1  200 OK\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    '\x16\x03\x01 no HTTP',
    'HTTP/1.1 200 OK\ncontent-length: 0\n\n',
    `${ok}a: b\n\r\n\r\n`,
    `${ok}a: b\rc\r\n\r\n`,
    `${ok}a: b\0\r\n\r\n`,
    `${ok} folded: 1\r\n\r\n`,
    `${ok}a: 1\r\n folded\r\n\r\n`,
    `${ok}a : 1\r\n\r\n`,
    `${ok}: 1\r\n\r\n`,
    `${ok}no colon\r\n\r\n`,
    `${ok}content-length: +5\r\n\r\n`,
    `${ok}content-length: 5, 5\r\n\r\n`,
    `${ok}content-length: 5\r\ncontent-length: 5\r\n\r\n`,
    `${ok}content-length: 9999999999999999\r\n\r\n`,
    `${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`,
    `${ok}transfer-encoding: gzip, chunked\r\n\r\n`,
    'HTTP/1.1 204 No Content\r\ntransfer-encoding: xchunked\r\n\r\n',
    `${ok}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n`,
    `${ok}transfer-encoding: chunked\r\n\r\n-5\r\nhello`,
    `${ok}transfer-encoding: chunked\r\n\r\n0x5\r\nhello`,
    `${ok}transfer-encoding: chunked\r\n\r\n5\nhello\r\n`,
    `${ok}transfer-encoding: chunked\r\n\r\n5\r\nhello--`.padEnd(5000, '-'),
    `${ok}transfer-encoding: chunked\r\n\r\n5\r\nhelloXX\r\n`,
    `${ok}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n`,
    `${ok}transfer-encoding: chunked\r\n\r\n5;${'x'.repeat(5000)}`,
    `${ok}transfer-encoding: chunked\r\n\r\n0\r\nlate : 1\r\n\r\n`,
    `${ok}transfer-encoding: chunked\r\n\r\n0\r\nlate: \0\r\n\r\n`,
    `${ok}transfer-encoding: chunked\r\n\r\n0\r\n${'x: y\r\n'.repeat(9000)}`,
    `${ok}x: ${'y'.repeat(66_000)}`,
  ])('%j', (text) => {
    expect(() => readIn(text, [])).toThrow('malformed')
  })

  it('is nothing else than malformed, whatever comes', () => {
    const piece = fc.constantFrom(
      ok,
      '\r\n',
      '\r',
      '\n',
      ':',
      ' ',
      'a',
      '5',
      'content-length',
      'transfer-encoding',
      '\0',
    )
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 30 }), cutAnywhere, (pieces, cuts) => {
        try {
          readIn(pieces.join(''), cuts)
        } catch (error) {
          expect(error).toMatchObject({ failure: 'malformed' })
        }
      }),
    )
  })
})
